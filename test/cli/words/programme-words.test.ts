import { expect, test } from 'vitest';
import { programmeLine } from '../../../src/cli/words/programme-words.ts';
import type { ProgrammeState } from '../../../src/contract/programme-state.ts';

const since = '2026-01-01T00:00:00.000Z';
const entry = { words: 'cam', kind: 'url', lost: null, plan: null } as const;
const state = (is: 'away' | 'starting' | 'onAir', reason: string | null): ProgrammeState => ({
  onAir: { entry: 'main', words: 'cam', since },
  entries: [
    { ...entry, entry: 'main', state: is, reason },
    { ...entry, entry: 'slate', words: 'slate', kind: 'slate', state: 'ready', reason: null },
  ],
  ...{ paused: false, volumePercent: 100, muted: false, switches: 0, slates: 0, slateMs: 0, playlist: null },
});

test.each([
  { name: 'on air', is: state('onAir', null), line: 'lobby: on air: cam, for 5 s' },
  { name: 'awaited', is: state('starting', null), line: 'lobby: nothing on air yet, waiting for cam' },
  {
    name: 'away before it gave anything',
    is: state('away', 'nobody answers'),
    line: 'lobby: nothing on air yet, waiting for cam: nobody answers',
  },
])('A source that is $name is told so', ({ is, line }) => {
  expect(programmeLine('lobby', is, Date.parse(since) + 5000, (_, text) => text)).toBe(line);
});
