import { expect, test } from 'vitest';
import { type PlaylistItem, playlistItem } from '../../../src/contract/models.ts';
import { snapshotVersion, type Wanted } from '../../../src/contract/snapshot.ts';
import { KnownItems } from '../../../src/ingest/pool/known-items.ts';

const item = (letter: string): PlaylistItem =>
  playlistItem.parse({ id: `i-aaaaaaaaa${letter}`, source: { kind: 'file', path: `${letter}.mp4` } });
const [a, b, c] = [item('a'), item('b'), item('c')];

function wanted(...items: PlaylistItem[]): Wanted {
  const list = { kind: 'playlist' as const, items, loop: true, shuffle: false, seed: 1, round: 0 };
  const place = { place: null, paused: false };
  return {
    ...{ version: snapshotVersion, revision: 1, released: 0, slate: false, volumePercent: 100, muted: false },
    chain: [
      { id: 'c-aaaaaaaaaa', name: 'take', source: { kind: 'publisher', key: 'main' }, ...place },
      { id: 'c-aaaaaaaaab', name: 'main', source: { ...list, leaving: null }, ...place },
    ],
  };
}

test.each([
  { name: 'one that is new', items: [a, b, c], crosses: [a.id, b.id, c] },
  { name: 'one that is gone', items: [b], crosses: [b.id] },
  { name: 'another order', items: [b, a], crosses: [b.id, a.id] },
  {
    name: 'another one by that name',
    items: [a, { ...b, fromMs: 1000 }],
    crosses: [a.id, { ...b, fromMs: 1000 }],
  },
])('KnownItems lets no more than it takes cross of a list with $name', ({ items, crosses }) => {
  const begun = wanted(a, b);
  const near = new KnownItems(begun);
  const far = new KnownItems(structuredClone(begun));
  const sent = near.shorten(wanted(...items));
  expect(sent.items['c-aaaaaaaaab']).toEqual(crosses);
  expect(far.complete(structuredClone(sent))).toEqual(wanted(...items));
  // What has crossed is known from then on, and only that.
  const again = near.shorten(wanted(...items, b));
  expect(again.items['c-aaaaaaaaab']?.slice(0, items.length)).toEqual(items.map(({ id }) => id));
  expect(far.complete(structuredClone(again))).toEqual(wanted(...items, b));
});
