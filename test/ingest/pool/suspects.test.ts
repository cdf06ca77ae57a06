import { expect, test } from 'vitest';
import type { Mark } from '../../../src/ingest/child/mark.ts';
import {
  type Death,
  isSuspect,
  judge,
  noSuspicions,
  pardon,
  type Suspicions,
  suspicionMs,
} from '../../../src/ingest/pool/suspects.ts';

const mark = (name: string): Mark => ({ room: `room-${name}`, source: name, words: `${name}.mkv` });
/** Of a process that ends at once. */
const life = { begunMs: 0, atMs: 0 };
const all = ['a', 'b', 'c'].map((name) => `room-${name}`);

/** Each process is begun when the one before is gone. */
type Step = Omit<Death, 'begunMs' | 'atMs'> & { readonly atMs?: number; readonly begunMs?: number };
const cases: {
  name: string;
  deaths: Step[];
  suspects: string[];
  setAside: string[];
}[] = [
  {
    name: 'nothing was worked on: nobody',
    deaths: [{ cause: 'crashed', mark: null, rooms: all }],
    suspects: [],
    setAside: [],
  },
  {
    name: 'marked once among others: a suspect',
    deaths: [{ cause: 'grew', mark: mark('a'), rooms: all }],
    suspects: ['a'],
    setAside: [],
  },
  {
    name: 'marked twice: set aside',
    deaths: [
      { cause: 'grew', mark: mark('a'), rooms: all },
      { cause: 'grew', mark: mark('a'), rooms: all },
    ],
    suspects: [],
    setAside: ['a'],
  },
  {
    name: 'played in two processes that end together: a suspect',
    deaths: [
      { cause: 'killed', mark: mark('a'), rooms: all },
      { cause: 'killed', mark: { ...mark('a'), room: 'room-d' }, rooms: ['room-d'], begunMs: 0 },
    ],
    suspects: ['a'],
    setAside: [],
  },
  {
    name: 'two of them once each: two suspects',
    deaths: [
      { cause: 'spun', mark: mark('a'), rooms: all },
      { cause: 'spun', mark: mark('b'), rooms: all },
    ],
    suspects: ['a', 'b'],
    setAside: [],
  },
  {
    name: 'alone, and it spins: set aside at once',
    deaths: [{ cause: 'spun', mark: mark('a'), rooms: ['room-a'] }],
    suspects: [],
    setAside: ['a'],
  },
  {
    name: 'alone, and it grew, of whatever is played in that room: a suspect at first',
    deaths: [{ cause: 'grew', mark: mark('a'), rooms: ['room-a'] }],
    suspects: ['a'],
    setAside: [],
  },
  {
    name: 'two suspects of one room, and neither was worked on: nobody knows which',
    deaths: [
      { cause: 'grew', mark: mark('a'), rooms: ['room-a'] },
      { cause: 'grew', mark: { ...mark('b'), room: 'room-a' }, rooms: ['room-a'] },
      { cause: 'grew', mark: null, rooms: ['room-a'] },
    ],
    suspects: ['a', 'b'],
    setAside: [],
  },
  {
    name: 'alone, and somebody ended the process: a suspect at most',
    deaths: [{ cause: 'killed', mark: mark('a'), rooms: ['room-a'] }],
    suspects: ['a'],
    setAside: [],
  },
  {
    name: 'a suspect alone, between two pieces of work: set aside',
    deaths: [
      { cause: 'spun', mark: mark('a'), rooms: all },
      { cause: 'grew', mark: null, rooms: ['room-a'] },
    ],
    suspects: [],
    setAside: ['a'],
  },
  {
    name: 'a suspect alone, and somebody ended an idle process: no more than before',
    deaths: [
      { cause: 'spun', mark: mark('a'), rooms: all },
      { cause: 'killed', mark: null, rooms: ['room-a'] },
    ],
    suspects: ['a'],
    setAside: [],
  },
  {
    name: 'marked once more after a long while: a suspect again',
    deaths: [
      { cause: 'spun', mark: mark('a'), rooms: all },
      { cause: 'spun', mark: mark('a'), rooms: all, atMs: suspicionMs + 1 },
    ],
    suspects: ['a'],
    setAside: [],
  },
];

test.each(cases)('judge: $name', ({ deaths, suspects, setAside }) => {
  let now: Suspicions = noSuspicions;
  let lastMs = 0;
  for (const { atMs = lastMs + 1, begunMs = lastMs, ...death } of deaths) {
    now = judge(now, { ...death, begunMs, atMs }, atMs).after;
    lastMs = atMs;
  }
  expect([...now.suspects.keys()]).toEqual(suspects);
  expect([...now.setAside.keys()]).toEqual(setAside);
});

test('isSuspect holds for a room for as long as its source is suspected', () => {
  const { after } = judge(noSuspicions, { cause: 'spun', mark: mark('a'), rooms: all, ...life }, 0);
  expect(isSuspect(after, 'room-a', suspicionMs - 1)).toBe(true);
  expect(isSuspect(after, 'room-a', suspicionMs)).toBe(false);
  expect(isSuspect(after, 'room-b', 0)).toBe(false);
});

test('pardon gives what was set aside one more try, apart from the others', () => {
  const { after } = judge(noSuspicions, { cause: 'spun', mark: mark('a'), rooms: ['room-a'], ...life }, 0);
  const pardoned = pardon(after, 'a', 1000);
  expect([...pardoned.setAside.keys()]).toEqual([]);
  expect(isSuspect(pardoned, 'room-a', 1000)).toBe(true);
  const again = judge(pardoned, { cause: 'killed', mark: mark('a'), rooms: ['room-a'], ...life }, 2000);
  expect(again.setAside).toEqual(mark('a'));
  expect(pardon(pardoned, 'nobody', 1000)).toBe(pardoned);
});
