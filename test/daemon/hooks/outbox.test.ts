import { afterEach, beforeEach, expect, test } from 'vitest';
import { Outbox, type Posting } from '../../../src/daemon/hooks/outbox.ts';

const day = 86_400_000;
let outbox: Outbox;
let next = 0;

const posting = (room: string | null, more: Partial<Posting> = {}): Posting => ({
  ...{ event: `e-${next++}`, type: 'source.away', room, at: '2026-01-01T00:00:00.000Z' },
  ...{ data: '{"n":1}', passing: false, webhooks: ['one'], ...more },
});
const log = (webhook = 'one') =>
  outbox
    .log(webhook, 500)
    .reverse()
    .map(({ room, sequence, state }) => [room, sequence, state]);

beforeEach(() => {
  outbox = Outbox.open(':memory:');
  next = 0;
});
afterEach(() => outbox.close());

test('what is put there comes in the order that it happened, counted for each room and each webhook', () => {
  outbox.put([posting('a'), posting('b', { webhooks: ['one', 'two'] }), posting('a'), posting(null)], 1);
  expect(log()).toEqual([
    ['a', 1, 'waiting'],
    ['b', 1, 'waiting'],
    ['a', 2, 'waiting'],
    [null, 1, 'waiting'],
  ]);
  expect(log('two')).toEqual([['b', 1, 'waiting']]);
  const due = outbox.due('one', ['a'], 1);
  expect([due?.event, due?.room, due?.tries]).toEqual(['e-1', 'b', 0]);
  expect(JSON.parse(due?.body ?? '')).toEqual({
    ...{ type: 'source.away', timestamp: '2026-01-01T00:00:00.000Z', sequence: 1 },
    data: { n: 1 },
  });
});

test('what is put there twice is there once, and counted once', () => {
  const one = posting('a');
  outbox.put([one], 1);
  outbox.put([one, posting('a')], 1);
  expect(log()).toEqual([
    ['a', 1, 'waiting'],
    ['a', 2, 'waiting'],
  ]);
});

test('what was not taken is not due before its time, and given up after a day', () => {
  outbox.put([posting('a')], 1000);
  const row = outbox.due('one', [], 1000)?.row ?? 0;
  outbox.notTaken(row, 500, 'it answered 500', 9000);
  expect([outbox.due('one', [], 8999), outbox.nextTryAt('one')]).toEqual([null, 9000]);
  expect(outbox.due('one', [], 9000)?.tries).toBe(1);
  expect([outbox.giveUp('one', 1000 + day), outbox.giveUp('one', 1001 + day)]).toEqual([0, 1]);
  expect(outbox.log('one', 1)[0]).toMatchObject({ state: 'failed', status: 500, problem: 'it answered 500' });
  expect(outbox.nextTryAt('one')).toBeNull();
});

test('a clock that was put back by days keeps nothing waiting for days', () => {
  outbox.put([posting('a')], 10 * day);
  outbox.notTaken(outbox.due('one', [], 10 * day)?.row ?? 0, null, 'x', 10 * day + 1000);
  outbox.giveUp('one', 5 * day);
  expect(outbox.due('one', [], 5 * day)?.tries).toBe(1);
});

test('what was taken, or given up, is sent again with the same id and number where somebody wants that', () => {
  outbox.put([posting('a'), posting('a'), posting('a')], 1000);
  const [first, second] = [outbox.due('one', [], 1000), null];
  outbox.taken(first?.row ?? 0, 204, 2000);
  expect(second).toBeNull();
  expect(outbox.again('one', ['e-0', 'e-9'], 3000)).toBe(1);
  expect(outbox.due('one', [], 3000)).toMatchObject({ event: 'e-0', tries: 0 });
  outbox.giveUp('one', 1001 + day);
  expect(log().map(([, , state]) => state)).toEqual(['waiting', 'failed', 'failed']);
  expect(outbox.again('one', null, 2 * day)).toBe(2);
  expect(log()).toEqual([
    ['a', 1, 'waiting'],
    ['a', 2, 'waiting'],
    ['a', 3, 'waiting'],
  ]);
});

test('no more waits than may: what strangers make goes first, then the oldest, and how many is said', () => {
  outbox = Outbox.open(':memory:', { waiting: 50, bytes: 1e9 });
  const many = Array.from({ length: 49 }, () => posting('a'));
  expect(outbox.put([posting('x', { passing: true }), ...many], 1)).toEqual(new Map());
  expect(outbox.put([posting('a')], 1)).toEqual(new Map([['one', 1]]));
  expect(outbox.due('one', ['a'], 1)).toBeNull();
  expect(outbox.put([posting('b'), posting('b')], 1)).toEqual(new Map([['one', 2]]));
  expect(outbox.due('one', [], 1)?.event).toBe('e-2');
  expect(outbox.figures('one').waiting).toBe(50);
});

test('nor more bytes', () => {
  outbox = Outbox.open(':memory:', { waiting: 50, bytes: 10_000 });
  const data = JSON.stringify('x'.repeat(900));
  const lost = outbox.put(
    Array.from({ length: 15 }, () => posting('a', { data })),
    1,
  );
  expect(lost.get('one')).toBe(5);
});

test('of what is over the newest two hundred are kept, and no longer than a day', () => {
  outbox.put(
    Array.from({ length: 250 }, () => posting('a')),
    1000,
  );
  for (let due = outbox.due('one', [], 1000); due; due = outbox.due('one', [], 1000))
    outbox.taken(due.row, 200, 2000);
  outbox.put([posting('a')], 3000);
  expect(log()).toHaveLength(201);
  expect(outbox.figures('one')).toEqual({ waiting: 1, takenAt: new Date(2000).toISOString() });
  outbox.put([posting('a')], 2001 + day);
  expect(log().map(([, sequence]) => sequence)).toEqual([251, 252]);
});

test('of a webhook that is no more all is forgotten', () => {
  outbox.put([posting('a', { webhooks: ['one', 'two'] })], 1);
  outbox.keepOnly(['two']);
  expect([log().length, log('two').length]).toEqual([0, 1]);
});
