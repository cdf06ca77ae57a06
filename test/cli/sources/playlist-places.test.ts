import { describe, expect, test } from 'vitest';
import { findItem, findPlace } from '../../../src/cli/sources/playlist-places.ts';
import type { PlaylistState } from '../../../src/contract/programme-state.ts';
import { playlist } from '../samples.ts';

const waiting: PlaylistState = {
  ...playlist,
  index: null,
  items: playlist.items.map((item, place) => ({ ...item, state: place === 0 ? 'next' : 'waiting' })),
};
const over: PlaylistState = {
  ...playlist,
  index: null,
  items: playlist.items.map((item) => ({ ...item, state: 'played' })),
};

describe('findItem', () => {
  test.each([
    { words: '1', expected: 'i-aaaaaaaaaa' },
    { words: '4', expected: 'i-dddddddddd' },
    { words: 'i-xxxxxxxxxx', expected: 'i-xxxxxxxxxx' },
  ])('$words', ({ words, expected }) => {
    expect(findItem(playlist, words)).toBe(expected);
  });

  test.each(['0', '5'])('refuses number %s of four', (words) => {
    const message = `expected the number of an item, from 1 to 4, got ${words}`;
    expect(() => findItem(playlist, words)).toThrow(
      expect.objectContaining({ code: 'PLAYLIST_ITEM_NOT_FOUND', message }),
    );
  });
});

describe('findPlace', () => {
  const cases: { name: string; state: PlaylistState; words: string; moved?: string; expected: number }[] = [
    { name: 'a number', state: playlist, words: '3', expected: 2 },
    { name: 'next is behind what plays', state: playlist, words: 'next', expected: 2 },
    {
      name: 'next for an item from behind',
      state: playlist,
      words: 'next',
      moved: 'i-dddddddddd',
      expected: 2,
    },
    {
      name: 'next for an item from before',
      state: playlist,
      words: 'next',
      moved: 'i-aaaaaaaaaa',
      expected: 1,
    },
    { name: 'last for a new item', state: playlist, words: 'last', expected: 4 },
    {
      name: 'last for one that is there',
      state: playlist,
      words: 'last',
      moved: 'i-aaaaaaaaaa',
      expected: 3,
    },
    { name: 'behind all others', state: playlist, words: '5', expected: 4 },
    { name: 'next before the beginning', state: waiting, words: 'next', expected: 0 },
    { name: 'next after the end', state: over, words: 'next', expected: 4 },
  ];
  test.each(cases)('$name', ({ state, words, moved, expected }) => {
    expect(findPlace(state, words, moved)).toBe(expected);
  });

  test.each([
    ...['0', '-1', '1.5', '', 'end', '6'].map((words) => [words, undefined, 5] as const),
    ['5', 'i-aaaaaaaaaa', 4] as const,
  ])('refuses %j', (words, moved, places) => {
    const message = `expected next, last, or a number from 1 to ${places}, got '${words}'`;
    expect(() => findPlace(playlist, words, moved)).toThrow(
      expect.objectContaining({ code: 'USAGE', message }),
    );
  });
});
