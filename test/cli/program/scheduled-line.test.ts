import { expect, test } from 'vitest';
import { withForgottenDashes } from '../../../src/cli/program/scheduled-line.ts';

const when = ['--at', '2026-12-01 09:00'];

test.each<{ name: string; argv: readonly string[]; expected: string | null }>([
  {
    name: 'a stream',
    argv: ['schedule', 'add', 'talk', ...when, 'stream', '--file', 'my talk.mp4', '--room', 'lobby'],
    expected:
      "mirolive schedule add talk --at '2026-12-01 09:00' -- stream --file 'my talk.mp4' --room lobby",
  },
  {
    name: 'a command with its program, behind flags for all',
    argv: ['--json', 'schedule', 'add', 'off', '--every', '1h', 'mirolive', 'slate', 'off', '--room', 'b'],
    expected: 'mirolive --json schedule add off --every 1h -- slate off --room b',
  },
  {
    name: 'a schedule that is called like a command',
    argv: ['schedule', 'add', 'slate', ...when, 'take', 'cam1', '--room', 'b'],
    expected: "mirolive schedule add slate --at '2026-12-01 09:00' -- take cam1 --room b",
  },
  { name: 'a value of that name', argv: ['schedule', 'add', 'a', '--zone', 'stream', '--x'], expected: null },
  { name: 'a line that has them', argv: ['schedule', 'add', 'a', '--', 'take', 'x', '--y'], expected: null },
  { name: 'another command', argv: ['stream', '--fil', 'a.mp4'], expected: null },
])('The -- that was forgotten stands where it belongs: $name', ({ argv, expected }) => {
  expect(withForgottenDashes(argv)).toBe(expected);
});
