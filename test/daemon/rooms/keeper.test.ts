import { expect, test } from 'vitest';
import { Keeper, wantedEveryMs } from '../../../src/daemon/rooms/keeper.ts';
import { type BroadcastState, newBroadcast, type Start } from '../../../src/daemon/rooms/room-state.ts';
import { ask, newWishes } from '../../../src/daemon/rooms/wishes.ts';
import type { SnapshotChanges } from '../../../src/daemon/state/snapshot-batch.ts';
import { plannedBroadcast } from '../../helpers/planned-broadcast.ts';
import { seenBy } from '../../helpers/seen.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

function newKeeper(mayWrite?: ConstructorParameters<typeof Keeper>[2]) {
  const clock = new VirtualClock();
  const written: ['put' | 'remove', string, SnapshotChanges?][] = [];
  const keeper = new Keeper(
    {
      put: (room, changes) => written.push(['put', room, changes]),
      remove: (room) => written.push(['remove', room]),
    },
    clock,
    mayWrite,
  );
  const follow = (broadcast: BroadcastState | null, closed = false) =>
    keeper.follow('lobby', { broadcast, closed });
  /** What was written since it was asked last. */
  const news = () => written.splice(0).map(([what, , changes]) => (changes ? Object.keys(changes) : what));
  return { clock, written, follow, news };
}

function begun(by: BroadcastState['begunBy'], start: Pick<Start, 'keep' | 'applied'> = {}): BroadcastState {
  const { broadcast } = plannedBroadcast({});
  const options = { stepsDown: false } as never;
  return newBroadcast({ ...broadcast, options }, by, newWishes([]), 0, start);
}

const all = ['id', 'begunBy', 'appliedBy', 'declared', 'spec', 'wanted', 'seen'];
const place = (atMs: number) =>
  seenBy({ generation: 1, revision: 0, atMs, onAir: null, live: true, candidates: [] });
const wished = (one: BroadcastState): BroadcastState => ({ ...one, wishes: ask(one.wishes).wishes });

test.each([
  ['a person', begun('person'), false],
  ['a person who wants it kept', begun('person', { keep: true }), true],
  ['a publisher', begun('publisher'), true],
  ['a room that is always on', begun('alwaysOn'), true],
])('what is begun by %s is written down or not', (_, broadcast, isKept) => {
  const { follow, news } = newKeeper();
  follow(broadcast);
  expect(news()).toEqual(isKept ? [all] : []);
  follow(null);
  expect(news()).toEqual(isKept ? ['remove'] : []);
});

test('a place is written alone, and nothing where nothing is new', () => {
  const { follow, news } = newKeeper();
  const first = begun('publisher');
  follow(first);
  news();
  const seen = { ...first, seen: place(1000) };
  follow(seen);
  follow({ ...seen, joined: 3 });
  follow({ ...seen, seen: place(2000) });
  expect(news()).toEqual([['seen'], ['seen']]);
});

test('what is wanted is written at once, and then together', async () => {
  const { follow, news, written, clock } = newKeeper();
  let one = begun('publisher');
  follow(one);
  await clock.pass(wantedEveryMs);
  news();
  for (let count = 0; count < 100; count++) {
    one = wished(one);
    follow(one);
  }
  expect(news()).toEqual([['wanted']]);
  await clock.pass(wantedEveryMs);
  expect(JSON.parse(written[0]?.[2]?.wanted ?? '')).toMatchObject({ asked: 100 });
  expect(written).toHaveLength(1);
  expect(clock.timers).toBe(0);
});

test('another broadcast takes the place of one before it, and what waited of that is not written over it', async () => {
  const { follow, news, clock } = newKeeper();
  const first = begun('alwaysOn');
  follow(first);
  follow(wished(first));
  follow(begun('publisher'));
  await clock.pass(2 * wantedEveryMs);
  expect(news()).toEqual([all, all]);
});

test('a daemon that ends leaves what it had on air written, with the last that was wanted', async () => {
  const { follow, news, clock } = newKeeper();
  const first = begun('publisher');
  follow(first);
  follow(wished(first));
  follow(null, true);
  expect(news()).toEqual([all, ['wanted']]);
  expect(clock.timers).toBe(0);
});

test('what is not to be kept any more is not', () => {
  const { follow, news } = newKeeper();
  const first = begun('person', { keep: true });
  follow(first);
  follow({ ...first, kept: false });
  follow({ ...first, kept: false, seen: place(1000) });
  follow({ ...first, kept: true, seen: place(1000) });
  expect(news()).toEqual([all, 'remove', all]);
});

test('what may not be written yet is as soon as it may be, and then to its end', () => {
  let may = false;
  const { follow, news } = newKeeper(() => may);
  const first = begun('alwaysOn');
  follow(first);
  follow(null);
  follow(first);
  expect(news()).toEqual([]);
  may = true;
  follow({ ...first, seen: place(1000) });
  may = false;
  follow({ ...first, seen: place(2000) });
  follow(null);
  expect(news()).toEqual([all, ['seen'], 'remove']);
});
