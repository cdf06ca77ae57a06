import { expect, test } from 'vitest';
import { type PlaylistItem, playlistItem } from '../../../src/contract/models.ts';
import { snapshotVersion, type Wanted } from '../../../src/contract/snapshot.ts';
import { KnownItems } from '../../../src/ingest/pool/known-items.ts';
import { pseudoRandom } from '../../helpers/pseudo-random.ts';

const item = (letter: string): PlaylistItem =>
  playlistItem.parse({ id: `i-aaaaaaaaa${letter}`, source: { kind: 'file', path: `${letter}.mp4` } });
const [a, b, c, d] = [item('a'), item('b'), item('c'), item('d')];
const main = 'c-aaaaaaaaab';

function wanted(...items: PlaylistItem[]): Wanted {
  const list = { kind: 'playlist' as const, items, loop: true, shuffle: false, seed: 1, round: 0 };
  const place = { place: null, paused: false };
  return {
    ...{ version: snapshotVersion, revision: 1, released: 0, slate: false, volumePercent: 100, muted: false },
    chain: [
      { id: 'c-aaaaaaaaaa', name: 'take', source: { kind: 'publisher', key: 'main' }, ...place },
      { id: main, name: 'main', source: { ...list, leaving: null }, ...place },
    ],
  };
}

const changed = { ...b, fromMs: 1000 };

test.each([
  { name: 'one that is new', items: [a, b, c, d], crosses: { out: [], put: [{ at: 3, items: [d] }] } },
  { name: 'one that is gone', items: [b, c], crosses: { out: [a.id], put: [] } },
  { name: 'one that moves on', items: [b, c, a], crosses: { out: [a.id], put: [{ at: 2, items: [a.id] }] } },
  {
    name: 'one that moves back',
    items: [c, a, b],
    crosses: { out: [c.id], put: [{ at: 0, items: [c.id] }] },
  },
  {
    name: 'another one by that name',
    items: [a, changed, c],
    crosses: { out: [b.id], put: [{ at: 1, items: [changed] }] },
  },
  { name: 'nothing that changes', items: [a, b, c], crosses: undefined },
])('KnownItems lets no more than it takes cross of a list with $name', ({ items, crosses }) => {
  const begun = wanted(a, b, c);
  const near = new KnownItems(begun);
  const far = new KnownItems(structuredClone(begun));
  const sent = near.shorten(wanted(...items));
  expect(sent.items[main]).toEqual(crosses);
  expect(far.complete(structuredClone(sent))).toEqual(wanted(...items));
  // What has crossed is known from then on, and only that.
  const last = item('z');
  const again = near.shorten(wanted(...items, last));
  expect(again.items[main]).toEqual({ out: [], put: [{ at: items.length, items: [last] }] });
  expect(far.complete(structuredClone(again))).toEqual(wanted(...items, last));
});

test('KnownItems gives the same list, as an object, where nothing of it changed', () => {
  const begun = wanted(a, b);
  const near = new KnownItems(begun);
  const far = new KnownItems(structuredClone(begun));
  const lists = [1, 2].map(() => {
    const louder = { ...begun, volumePercent: 50 };
    return far.complete(structuredClone(near.shorten(louder))).chain[1]?.source;
  });
  expect(lists[0]).toBe(lists[1]);
});

test('KnownItems comes to the same list on both sides, whatever is done to it', () => {
  const random = pseudoRandom(5);
  let made = 0;
  const fresh = () =>
    playlistItem.parse({
      id: `i-${String(made++)
        .padStart(10, 'z')
        .replace(/[0189]/g, (digit) => 'abcd'['0189'.indexOf(digit)] ?? 'e')}`,
      source: { kind: 'slate' },
    });
  let list = Array.from({ length: 8 }, fresh);
  const near = new KnownItems(wanted(...list));
  const far = new KnownItems(structuredClone(wanted(...list)));
  for (let step = 0; step < 3000; step++) {
    list = [...list];
    for (let edits = random(4); edits >= 0; edits--) {
      const [moved] = random(2) === 0 ? list.splice(random(list.length), 1) : [fresh()];
      if (moved && random(3) > 0 && list.length < 30) list.splice(random(list.length + 1), 0, moved);
    }
    if (random(20) === 0) list.reverse();
    const sent = structuredClone(near.shorten(wanted(...list)));
    expect(far.complete(sent)).toEqual(wanted(...list));
  }
});
