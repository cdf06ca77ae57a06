import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../src/contract/audit.ts';
import { openDesk } from '../desk.ts';
import { inProcess } from '../mirolive.ts';

const at = new Date().toISOString();
const entry = (id: number): AuditEntry => ({
  ...{ id, at, who: { kind: 'socket', user: 'anna' } },
  ...{
    what: 'control.take',
    subject: 'lobby',
    room: 'lobby',
    result: 'ok',
    details: { source: 'a\u001b[31m' },
  },
});

test('mirolive audit shows who did what where, and what came of it, without control characters', async () => {
  const refused: AuditEntry = {
    ...{ id: 2, at, who: { kind: 'schedule', name: 'morning', maker: { kind: 'daemon' } } },
    ...{ what: 'stopBroadcast', subject: 'b-aaaaaaaaaa', room: 'hall', result: 'ROOM_IDLE', details: {} },
  };
  await using desk = await openDesk({ listAudit: () => [entry(1), refused] });
  const { stdout } = await inProcess(['audit', '--since', '1h', '--room', 'lobby', '--socket', desk.socket]);
  const time = new Date(at).toTimeString().split(' ')[0];
  expect(stdout.split('\n')).toEqual([
    'TIME      WHO               WHAT           WHERE               RESULT     DETAILS',
    `${time}  anna              control.take   lobby               ok         source a\\e[31m`,
    `${time}  schedule:morning  stopBroadcast  hall: b-aaaaaaaaaa  ROOM_IDLE`,
  ]);
  expect(desk.asked.at(-1)).toEqual({
    name: 'listAudit',
    input: { room: 'lobby', sinceMs: 3_600_000, after: 0, limit: 500 },
  });
});

test('mirolive audit asks for a long log page by page', async () => {
  await using desk = await openDesk({
    listAudit: ({ after, limit }) =>
      Array.from({ length: Math.min(limit, 1100 - after) }, (_, index) => entry(after + index + 1)),
  });
  const { stdout } = await inProcess(['audit', '--json', '--socket', desk.socket]);
  const ids = stdout.split('\n').map((line) => (JSON.parse(line) as AuditEntry).id);
  expect(ids).toEqual(Array.from({ length: 1100 }, (_, index) => index + 1));
  const asked = desk.asked.filter(({ name }) => name === 'listAudit');
  expect(asked.map(({ input }) => (input as { after: number }).after)).toEqual([0, 500, 1000]);
});

test('mirolive audit says that nothing was done, and how to look further back', async () => {
  await using desk = await openDesk({ listAudit: () => [] });
  const { stdout } = await inProcess(['audit', '--socket', desk.socket]);
  expect(stdout).toBe(
    `Nothing was done in that time. Further back: mirolive audit --since 30d --socket ${desk.socket}`,
  );
});
