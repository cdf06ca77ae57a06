import { expect, test } from 'vitest';
import type { Source } from '../../../src/contract/models.ts';
import { newBroadcast } from '../../../src/daemon/rooms/room-state.ts';
import { standsBy } from '../../../src/daemon/rooms/standby.ts';
import { newCandidate, newWishes } from '../../../src/daemon/rooms/wishes.ts';
import { idOf, items } from '../../contract/playlist/items.ts';
import { plannedBroadcast } from '../../helpers/planned-broadcast.ts';
import { seenBy, seenCandidate } from '../../helpers/seen.ts';

const cam1: Source = { kind: 'publisher', key: 'cam1' };
const talk: Source = { kind: 'file', path: '/talk.mp4', loop: false, audioTrack: null };
const id = 'c-mmmmmmmmmm';
const [first, second] = items('ab');
const list = {
  kind: 'playlist',
  items: [
    { ...first, source: talk },
    { ...second, source: cam1, title: 'On stage' },
  ],
};

test.each([
  { name: 'is wanted', main: cam1, item: null, standby: false },
  { name: 'is not', main: talk, item: null, standby: true },
  { name: 'is an item to come', main: list, item: idOf('a'), standby: true },
  { name: 'is the item that plays, whatever that is called', main: list, item: idOf('b'), standby: false },
])('A publisher who $name: waits to be taken: $standby', ({ main, item, standby }) => {
  const source = { loop: false, shuffle: false, ...main } as Source;
  const wishes = newWishes([newCandidate('main', source, id, 0)]);
  const candidates = [seenCandidate(id, { state: 'onAir' }, { item })];
  const seen = seenBy({ generation: 0, revision: 0, atMs: 0, onAir: id, live: true, candidates });
  const state = { ...newBroadcast(plannedBroadcast({}).broadcast, 'person', wishes, 0), seen };
  expect(standsBy(state, 'cam1')).toBe(standby);
  expect(standsBy(null, 'cam1')).toBe(true);
});
