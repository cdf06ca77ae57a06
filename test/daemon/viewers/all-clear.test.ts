import { expect, test } from 'vitest';
import type { Viewer } from '../../../src/contract/models.ts';
import { goneWords, stillCounted } from '../../../src/daemon/viewers/all-clear.ts';

type Person = Pick<Viewer, 'id' | 'browser' | 'state' | 'suffers'>;

/** Viewers of these names; a page's is its browser's. */
const people = (names: readonly string[], one: Partial<Person> = {}): Person[] =>
  names.map((name, place) => ({
    ...{ id: name.startsWith('u') ? `v-${place}` : name, browser: name.startsWith('u') ? name : null },
    ...{ state: 'playing', suffers: null, ...one },
  }));

test.each<{ name: string; bad: string[]; there: Person[]; expected: string | null }>([
  { name: 'all fare well', bad: ['u1', 'u2', 'v3'], there: people(['u1', 'u2', 'v3']), expected: null },
  {
    name: 'nobody is left',
    bad: ['v1', 'v2', 'v3'],
    there: [],
    expected: 'nobody is left: those who had it bad have gone',
  },
  {
    name: 'others are left',
    bad: ['v1', 'v2', 'v3'],
    there: people(['v4', 'v5']),
    expected: 'those who had it bad have gone; who is there fares well',
  },
  {
    name: 'most have given up',
    bad: ['v1', 'v2', 'v3'],
    there: people(['v1', 'v4']),
    expected: '2 of the 3 who had it bad have gone; who is there fares well',
  },
  {
    name: 'one has gone, as viewers do',
    bad: ['v1', 'v2', 'v3'],
    there: people(['v1', 'v2']),
    expected: null,
  },
  {
    name: 'what was on air is over',
    bad: ['v1', 'v2'],
    there: people(['v1', 'v2'], { state: 'waiting' }),
    expected: 'nothing is sent to those who are there: they wait',
  },
])('goneWords where $name', ({ bad, there, expected }) => {
  expect(goneWords(new Set(bad), there)).toBe(expected);
});

test('stillCounted knows a page that comes back, and no more than ten thousand', () => {
  const first = stillCounted(new Set(), people(['u1', 'v2'], { suffers: 'connecting' }));
  expect([...first]).toEqual(['u1', 'v2']);
  expect(stillCounted(first, people(['u1', 'u3']))).toBe(first);
  const crowd = Array.from({ length: 20_000 }, (_, place) => `v-${place}`);
  expect(stillCounted(first, people(crowd, { suffers: 'loss' })).size).toBe(10_000);
});
