import { expect, test } from 'vitest';
import type { Source } from '../../../src/contract/models.ts';
import { withRun } from '../../../src/daemon/rooms/runs-in-chain.ts';
import { titleOf } from '../../../src/daemon/rooms/title.ts';
import { newCandidate, newWishes } from '../../../src/daemon/rooms/wishes.ts';
import { seenBy } from '../../helpers/seen.ts';

const file: Source = { kind: 'file', path: '/srv/talk.mp4', loop: false, audioTrack: null };
const camera: Source = { kind: 'url', url: 'rtsp://camera/1', live: true, loop: false, audioTrack: null };
const [main, run] = ['c-mmmmmmmmmm', 'c-rrrrrrrrrr'];

test.each<{
  name: string;
  source?: Source;
  title?: string;
  onAir: string | null;
  slate?: boolean;
  expected: string;
}>([
  { name: 'a broadcast by its name', onAir: main, expected: 'Channel' },
  { name: 'a run by the name that it has', title: 'Morning', onAir: run, expected: 'Morning' },
  { name: 'below the slate too', title: 'Morning', onAir: null, slate: true, expected: 'Morning' },
  { name: 'one without a name by its file', onAir: run, expected: 'talk.mp4' },
  {
    name: 'one whose source is no business of viewers by its room',
    source: camera,
    onAir: run,
    expected: 'lobby',
  },
])('Viewers are told $name', ({ source = file, title, onAir, slate = false, expected }) => {
  const owner = { schedule: 'morning', priority: 50, atMs: 0, ...(title && { title }) };
  const wishes = withRun(newWishes([newCandidate('main', file, main, 0)]), {
    ...newCandidate('run', source, run, 0),
    run: owner,
  });
  const seen = seenBy({ generation: 1, revision: 1, atMs: 0, onAir, live: true, candidates: [] });
  const programme = { is: 'open', ticket: 1, sinceMs: 0, failures: 0 } as const;
  const wanted = { ...wishes.wanted, slate };
  expect(titleOf({ name: 'Channel', wishes: { ...wishes, wanted }, seen, programme }, 'lobby')).toBe(
    expected,
  );
});
