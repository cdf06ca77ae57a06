import { expect, test } from 'vitest';
import { HeldRecords } from '../../../src/daemon/state/held-records.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

interface Record {
  readonly id: string;
  readonly lastUsedAt: number | null;
}

/** Records of a state that can be read, or cannot. */
function held() {
  const clock = new VirtualClock();
  const state = { isReadable: true, reads: 0 };
  const written: Record[] = [];
  const kept: string[] = [];
  const use = (act: (database: never) => unknown) => {
    if (!state.isReadable) throw new Error('the disk does not answer');
    return act(undefined as never);
  };
  const records = new HeldRecords<Record>({
    store: {
      read: (act) => {
        state.reads++;
        return use(act as never) as never;
      },
      note: (act) => void use(act as never),
    },
    ...{ clock, noteUseAfterMs: 30_000 },
    read: () => [
      { id: 'one', lastUsedAt: null },
      { id: 'two', lastUsedAt: null },
    ],
    write: (_, record) => written.push(record),
    onKept: ({ id }) => kept.push(id),
  });
  return { clock, state, written, kept, records };
}

test('HeldRecords reads once, and where that fails again no sooner than two seconds later', async () => {
  const { clock, state, kept, records } = held();
  state.isReadable = false;
  records.loadIfDue();
  records.loadIfDue();
  expect([state.reads, records.isLoaded]).toEqual([1, false]);
  expect(() => records.load()).toThrow('the disk does not answer');
  state.isReadable = true;
  records.loadIfDue();
  expect(records.isLoaded).toBe(false);
  await clock.pass(2000);
  records.loadIfDue();
  records.load();
  expect([state.reads, records.all.length, kept]).toEqual([3, 2, ['one', 'two']]);
});

test('HeldRecords writes once when those were used last that were, and loses no more than that', async () => {
  const { clock, state, written, records } = held();
  records.load();
  for (const id of ['one', 'one', 'nobody']) records.use(id);
  await clock.pass(29_000);
  expect(written).toEqual([]);
  await clock.pass(1000);
  expect(written).toEqual([{ id: 'one', lastUsedAt: clock.wallMs() - 30_000 }]);
  state.isReadable = false;
  records.use('two');
  records.writeUses();
  state.isReadable = true;
  expect(records.get('two')?.lastUsedAt).toBe(clock.wallMs());
  await clock.pass(60_000);
  expect([written.length, clock.timers]).toEqual([1, 0]);
  records.use('two');
  records.writeUses();
  expect(written.slice(1)).toEqual([{ id: 'two', lastUsedAt: clock.wallMs() }]);
});
