import { expect, test } from 'vitest';
import { programmeLine, runWords } from '../../../src/cli/words/programme-words.ts';
import type { ProgrammeState } from '../../../src/contract/programme-state.ts';

const since = '2026-01-01T00:00:00.000Z';
const entry = { words: 'cam', kind: 'url', lost: null, lacks: [], plan: null, place: null } as const;
const state = (is: 'away' | 'starting' | 'onAir', reason: string | null): ProgrammeState => ({
  onAir: { entry: 'main', words: 'cam', since },
  wanted: { slate: false, take: null },
  entries: [
    { ...entry, entry: 'main', state: is, reason },
    { ...entry, entry: 'slate', words: 'slate', kind: 'slate', state: 'ready', reason: null },
  ],
  ...{ paused: false, volumePercent: 100, muted: false, switches: 0, slates: 0, slateMs: 0, playlist: null },
  content: { wrong: [], times: 0 },
});

const nothing = (words: string): ProgrammeState => ({
  ...state('starting', null),
  onAir: { entry: 'nothing', words, since },
});

test.each([
  { name: 'on air', is: state('onAir', null), line: 'lobby: on air: cam, for 5 s' },
  {
    name: 'on air at a place, and held',
    is: {
      ...state('onAir', null),
      paused: true,
      entries: [
        { ...entry, entry: 'main', state: 'onAir', reason: null, place: { item: null, positionMs: 300_000 } },
      ],
    } satisfies ProgrammeState,
    line: 'lobby: on air: cam at 5:00, for 5 s, paused',
  },
  {
    name: 'on air, and not wanted any more',
    is: { ...state('starting', null), onAir: { entry: 'take', words: 'news.mp4', since } },
    line: 'lobby: on air: news.mp4 (take), for 5 s',
  },
  {
    name: 'covered by nothing, as what was taken waits',
    is: {
      ...state('onAir', null),
      entries: [
        { ...entry, entry: 'take', state: 'away', reason: 'waits for a caller on port 9000 by SRT' },
        { ...entry, entry: 'main', state: 'onAir', reason: null },
      ],
    } satisfies ProgrammeState,
    line: 'lobby: on air: cam, for 5 s; take is away: waits for a caller on port 9000 by SRT',
  },
  {
    name: 'away before it gave anything',
    is: nothing('cam: nobody answers'),
    line: 'lobby: nothing on air: cam: nobody answers',
  },
  {
    name: 'opened again',
    is: nothing('the programme is being opened again'),
    line: 'lobby: nothing on air: the programme is being opened again',
  },
  {
    name: 'opened again, and held and silent by then',
    is: { ...nothing('webinar.mp4: starting'), paused: true, muted: true },
    line: 'lobby: nothing on air: webinar.mp4: starting, paused, muted',
  },
])('A source that is $name is told so', ({ is, line }) => {
  expect(programmeLine('lobby', is, Date.parse(since) + 5000, (_, text) => text)).toBe(line);
});

test.each([
  {
    name: 'a list',
    place: { item: 'two.mp4', positionMs: 319_000 },
    is: 'ready',
    end: '; main goes on at 5:19 of two.mp4',
  },
  { name: 'a file', place: { item: null, positionMs: 319_000 }, is: 'idle', end: '; main goes on at 5:19' },
  { name: 'what comes at its own pace', place: null, is: 'ready', end: '' },
  { name: 'what has failed', place: { item: null, positionMs: 319_000 }, is: 'failed', end: '' },
] as const)('Under the slate it is told where $name goes on', ({ place, is, end }) => {
  const { entries, ...rest } = state('starting', null);
  const main = { ...entry, entry: 'main', state: is, reason: null, place };
  const slate = {
    ...entry,
    entry: 'slate',
    words: 'slate',
    kind: 'slate',
    state: 'onAir',
    reason: null,
  } as const;
  const shown = { ...rest, onAir: { entry: 'slate', words: 'slate', since }, entries: [main, slate] };
  const line = programmeLine('lobby', shown, Date.parse(since) + 5000, (_, text) => text);
  expect(line).toBe(`lobby: on air: slate, for 5 s${end}`);
});

test('What a schedule has on air is told with how to end it; what it has below something else is not', () => {
  const run = {
    ...entry,
    entry: 'run',
    words: 'cam (schedule talk)',
    schedule: 'talk',
    reason: null,
  } as const;
  const words = (is: 'onAir' | 'ready') =>
    runWords({ ...state('starting', null), entries: [{ ...run, state: is }] });
  expect([words('onAir'), words('ready')]).toEqual([
    ["That is a schedule's; to end it: mirolive schedule stop talk"],
    [],
  ]);
});
