import { expect, test } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import type { Deed } from '../../../src/daemon/state/audit-log.ts';
import { DeedBook } from '../../../src/daemon/state/deed-book.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const deed: Deed = { who: { kind: 'daemon' }, what: 'publisher.joined', subject: 'cam1', room: 'lobby' };

function opened(fault?: Error) {
  const clock = new VirtualClock();
  const writes: (readonly Deed[])[] = [];
  const logged: unknown[] = [];
  const noteDeeds = (deeds: readonly Deed[]) => {
    if (fault) throw fault;
    writes.push(deeds);
  };
  const log = { error: (told: object) => void logged.push(told) };
  const book = new DeedBook({ store: { noteDeeds }, clock, log: log as never });
  return { book, clock, writes, logged };
}

test('DeedBook writes the deeds of a while together, with the times when they were done', async () => {
  const { book, clock, writes } = opened();
  const begin = clock.wallMs();
  book.note(deed);
  await clock.pass(100);
  book.note(deed);
  expect(writes).toEqual([]);
  await clock.pass(500);
  expect(writes.map((deeds) => deeds.map(({ atMs }) => (atMs ?? 0) - begin))).toEqual([[0, 100]]);
  expect(clock.timers).toBe(0);
});

test('DeedBook holds no more than a thousand, and the rest is written at its end', () => {
  const { book, writes } = opened();
  for (let count = 0; count < 1500; count++) book.note(deed);
  expect(writes.map(({ length }) => length)).toEqual([1000]);
  book.close();
  book.close();
  expect(writes.map(({ length }) => length)).toEqual([1000, 500]);
});

test('DeedBook puts into the log what the state does not take, and whoever did it goes on', () => {
  const fault = new MiroliveError('STATE_UNAVAILABLE', 'there is no room for the state');
  const { book, logged } = opened(fault);
  book.note(deed);
  book.close();
  expect(logged).toEqual([{ err: fault, deeds: [expect.objectContaining(deed)] }]);
});
