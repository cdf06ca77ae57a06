import { expect, test } from 'vitest';
import type { ContentFault } from '../../../src/contract/content.ts';
import type { ProgrammeEntry } from '../../../src/contract/programme-state.ts';
import { RecentTroubles, troubleNow } from '../../../src/daemon/viewers/source-trouble.ts';
import { programmeState, stats } from '../../cli/samples.ts';

const at = '2026-01-02T03:04:05.000Z';

/** A programme of a camera, a film and the slate. */
function programme(
  onAir: 'main' | 'fallback-1' | 'slate',
  changes: Partial<ProgrammeEntry> = {},
  slate = false,
) {
  const [main, fallback, last] = programmeState.entries;
  if (!main || !fallback || !last) throw new Error('three');
  const entries = [
    { ...main, words: 'cam', state: 'ready' as const, ...changes },
    { ...fallback, words: 'film', state: 'ready' as const, reason: null },
    last,
  ].map((one) => (one.entry === onAir ? { ...one, state: 'onAir' as const } : one));
  const words = entries.find(({ entry }) => entry === onAir)?.words ?? '';
  return {
    ...programmeState,
    onAir: { entry: onAir, words, since: at },
    wanted: { slate, take: null },
    entries,
  };
}

const away = { state: 'away', reason: 'its line is full' } as const;

test.each([
  { name: 'what is on air fares well', of: programme('main'), expected: null },
  {
    name: 'the slate stands in for what is away',
    of: programme('slate', away),
    expected: 'the slate is on air: cam is away: its line is full',
  },
  { name: 'the slate is wanted', of: programme('slate', away, true), expected: null },
  { name: 'a fallback is on air, and fares well', of: programme('fallback-1', away), expected: null },
  {
    name: 'what is on air lacks a track',
    of: programme('main', { lacks: ['video'] }),
    expected: 'no picture from cam',
  },
  { name: 'another one lacks it', of: programme('fallback-1', { lacks: ['video'] }), expected: null },
  {
    name: 'its picture does not move',
    of: { ...programme('main'), content: wrong('frozen') },
    expected: 'frozen picture from cam',
  },
  { name: 'it is loud', of: { ...programme('main'), content: wrong('clipping') }, expected: null },
])('troubleNow: $name', ({ of, expected }) => {
  expect(troubleNow(of)).toBe(expected);
});

function wrong(fault: ContentFault) {
  return { wrong: [{ fault, since: at, hadSound: true }], times: 1 };
}

const base = { at, room: 'lobby', broadcast: 'b-aaaaaaaaaa' };
const cam = { entry: 'main', words: 'cam' };
const film = { entry: 'fallback-1', words: 'film' };
const slate = { entry: 'slate', words: 'slate' };
const gap = { ...base, type: 'source.gap', missingMs: 1, reason: 'refused' } as const;
const slow = { ...base, type: 'pipeline.overloaded', speed: 0.5, renditions: null, hint: '' } as const;
const switched = { ...base, type: 'programme.switched', from: cam, to: slate, insteadOf: null } as const;

test.each([
  {
    name: 'a gap of what is on air',
    event: { ...gap, ...cam },
    was: cam,
    is: cam,
    expected: 'cam has gaps: refused',
  },
  { name: 'a gap of what stands by', event: { ...gap, ...cam }, was: film, is: film, expected: null },
  {
    name: 'a gap of what stood by, and is on air now',
    event: { ...gap, ...cam },
    was: film,
    is: cam,
    expected: null,
  },
  { name: 'a gap of what was on air', event: { ...gap, ...cam }, was: cam, is: film, expected: null },
  {
    name: 'a gap of another source that was taken',
    event: { ...gap, ...cam },
    was: cam,
    is: { ...cam, words: 'old' },
    expected: null,
  },
  {
    name: 'too slow',
    event: slow,
    was: cam,
    is: cam,
    expected: 'this machine makes its picture slower than it plays',
  },
  { name: 'what was too slow is off air', event: slow, was: cam, is: film, expected: null },
  {
    name: 'what was lost is back',
    event: { ...switched, reason: 'away' },
    was: cam,
    is: cam,
    expected: 'cam was away a moment ago',
  },
  {
    name: 'what was lost is not back',
    event: { ...switched, reason: 'away' },
    was: cam,
    is: film,
    expected: null,
  },
  {
    name: 'an operator left it',
    event: { ...switched, reason: 'command' },
    was: cam,
    is: cam,
    expected: null,
  },
  { name: 'nothing is on air', event: slow, was: null, is: null, expected: null },
] as const)('RecentTroubles: $name', ({ event, was, is, expected }) => {
  const troubles = new RecentTroubles();
  troubles.note(event, () => was, 1000);
  expect(troubles.of('lobby', is, 61_000)).toBe(expected);
  expect(troubles.of('hall', is, 61_000)).toBeNull();
  // Over for a minute.
  expect(troubles.of('lobby', is, 61_001)).toBeNull();
});

test('RecentTroubles forgets a broadcast that is over, and what is too old', () => {
  const troubles = new RecentTroubles();
  troubles.note(slow, () => cam, 1000);
  troubles.note({ ...slow, room: 'hall' }, () => cam, 2000);
  troubles.note({ ...slow, room: 'attic' }, () => cam, 63_000);
  expect(troubles.size).toBe(1);
  const ended = {
    ...base,
    type: 'broadcast.ended',
    startedAt: at,
    reason: 'stopped',
    message: null,
  } as const;
  troubles.note({ ...ended, room: 'attic', stats }, () => null, 63_000);
  expect(troubles.size).toBe(0);
});
