import { describe, expect, test } from 'vitest';
import { type Source, source } from '../../../src/contract/models.ts';
import { type SeenCandidate, seen, type WantedCandidate } from '../../../src/contract/snapshot.ts';
import { adopted, placed, withoutRun, withRun } from '../../../src/daemon/rooms/runs-in-chain.ts';
import { ask, commit, follow, newCandidate, newWishes } from '../../../src/daemon/rooms/wishes.ts';
import { seenBy, seenCandidate } from '../../helpers/seen.ts';

const talk: Source = source.parse({ kind: 'file', path: '/talk.mp4' });
const idFor = (letter: string) => `c-${letter.repeat(10)}`;
const one = (name: string, letter: string) => newCandidate(name, talk, idFor(letter), 0);
const run = (letter: string, priority = 50, atMs = 0, schedule = letter): WantedCandidate => ({
  ...one('run', letter),
  run: { schedule, priority, atMs },
});
const seenWith = (letter: string, candidates: SeenCandidate[]) =>
  seenBy({ ...{ generation: 0, revision: 0, atMs: 0, live: true }, onAir: idFor(letter), candidates });
const letters = (chain: readonly WantedCandidate[]) => chain.map(({ id }) => id[2]).join('');

describe('placed', () => {
  const [main, fallback, taken, machine] = [
    one('main', 'm'),
    one('fallback-1', 'f'),
    one('take', 't'),
    one('take', 'p'),
  ];
  test.each<{ name: string; chain: WantedCandidate[]; added: WantedCandidate; expected: string }>([
    { name: 'a run above the programme', chain: [main, fallback], added: run('a'), expected: 'amf' },
    { name: 'below what a person took', chain: [taken, main], added: run('a'), expected: 'tam' },
    { name: 'above what a machine took', chain: [machine, main], added: run('a'), expected: 'apm' },
    {
      name: 'between persons and machines',
      chain: [taken, machine, main],
      added: run('a'),
      expected: 'tapm',
    },
    { name: 'a higher one above', chain: [run('a'), main], added: run('b', 60), expected: 'bam' },
    { name: 'a lower one below', chain: [run('a'), main], added: run('b', 40), expected: 'abm' },
    {
      name: 'of equals the later one above',
      chain: [run('b', 50, 1), main],
      added: run('a', 50, 2),
      expected: 'abm',
    },
    {
      name: 'of one moment the later name above',
      chain: [run('a'), main],
      added: run('b'),
      expected: 'bam',
    },
    {
      name: 'the same the other way round',
      chain: [run('b'), main],
      added: run('a'),
      expected: 'bam',
    },
    {
      name: 'a person’s above all',
      chain: [run('a'), main],
      added: one('take', 'x'),
      expected: 'xam',
    },
    { name: 'a machine’s below runs', chain: [run('a'), main], added: machine, expected: 'apm' },
    { name: 'where there is nothing else', chain: [], added: run('a'), expected: 'a' },
  ])('puts $name', ({ chain, added, expected }) => {
    expect(letters(placed(chain, added, { machine: idFor('p') }))).toBe(expected);
  });
});

test('Neither to put nor to remove a run is a command of a person', () => {
  const { wishes } = ask(newWishes([one('main', 'm')]));
  const put = withRun(wishes, run('a'));
  const removed = withoutRun(put, idFor('a'));
  for (const after of [put, removed])
    expect([after.asked, after.written]).toEqual([wishes.asked, wishes.written]);
  expect([letters(put.wanted.chain), letters(removed.wanted.chain)]).toEqual(['am', 'm']);
  expect([put.wanted.revision, removed.wanted.revision]).toEqual([1, 2]);
});

test('So many runs are in a room, and what a director can tell of is never full', () => {
  const [x, y, z] = ['x', 'y', 'z'].map((letter) => one('take', letter));
  const chain = [
    x,
    y,
    z,
    one('main', 'm'),
    ...'abcdefghij'.split('').map((letter) => one('fallback-1', letter)),
  ];
  let wishes = newWishes(chain.filter((entry) => entry !== undefined));
  for (let count = 0; count < 50; count++) wishes = withRun(wishes, run('a', 50, count));
  expect(() => withRun(wishes, run('b'))).toThrow('50 runs of schedules are in the room already');
  const candidates = wishes.wanted.chain.map(({ id }) => seenCandidate(id, { state: 'idle' }));
  expect(() => seen.parse(seenWith('m', candidates))).not.toThrow();
});

test('What an older daemon put there as a take is the run’s whose it is, in the place of that', () => {
  const wishes = newWishes([one('take', 'r'), one('take', 't'), run('b', 60), one('main', 'm')]);
  const entry = { id: idFor('r'), schedule: 'r', priority: 50, atMs: 0 };
  const { chain } = adopted(wishes, entry).wanted;
  expect([letters(chain), chain[2]]).toEqual(['tbrm', run('r')]);
  for (const none of ['m', 'x', 'b']) expect(adopted(wishes, { ...entry, id: idFor(none) })).toBe(wishes);
});

test('What an older daemon put there as a take is removed by its id; the programme is not', () => {
  const wishes = newWishes([one('take', 't'), one('take', 'u'), one('main', 'm')]);
  expect(letters(withoutRun(wishes, idFor('t')).wanted.chain)).toBe('um');
  expect(withoutRun(wishes, idFor('m'))).toBe(wishes);
  expect(withoutRun(wishes, idFor('x'))).toBe(wishes);
});

test('A take leaves runs where they are, also while they are on air', () => {
  const wishes = withRun(newWishes([one('take', 't'), one('main', 'm')]), run('a'));
  const seen = seenWith('a', []);
  const wish = { type: 'take', source: talk, id: idFor('x'), seed: 0 } as const;
  expect(letters(commit(wishes, wish, 1, seen, 0).wanted.chain)).toBe('xam');
});

test.each([
  { name: 'a lower run stays', onAir: 'b', over: '', expected: 'bam' },
  { name: 'a run below a take stays', onAir: 't', over: '', expected: 'tbam' },
  { name: 'a run that is over goes', onAir: 'b', over: 'b', expected: 'tam' },
])('What the director sees: $name', ({ onAir, over, expected }) => {
  const chain = [...(expected.startsWith('b') ? [] : [one('take', 't')]), run('b', 60), run('a')];
  const wishes = newWishes([...chain, one('main', 'm')]);
  const candidates = wishes.wanted.chain.map(({ id }) =>
    seenCandidate(
      id,
      id[2] === over ? { state: 'blocked', reason: null, againMs: null } : { state: 'ready' },
    ),
  );
  const seen = seenWith(onAir, candidates);
  expect(letters(follow(wishes, seen).wanted.chain)).toBe(expected);
});
