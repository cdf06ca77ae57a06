import { expect, test } from 'vitest';
import { buildProgram, namedCommand } from '../../../src/cli/program/program.ts';
import { inTypedWords } from '../../../src/cli/program/typed-words.ts';

const program = await buildProgram({ write: () => {} }, { write: () => {} }, async () => {});

test.each([
  [
    'viewers announce',
    'forMs: expected at most 86400000, got 777600000',
    '--for: expected at most 1d, got 9d',
  ],
  ['viewers message', 'forMs: expected at least 1000, got 0', '--for: expected at least 1s, got 0s'],
  [
    'report',
    'stepMs: expected at least 60000, got "10000"; stepMs: expected a multiple of 60000, got "10000"',
    '--every: expected at least 1m, got 10s; --every: expected a multiple of 1m, got 10s',
  ],
  [
    'report',
    'broadcast: expected an id such as b-k3v7qm2xay, got "x"',
    'id: expected an id such as b-k3v7qm2xay, got "x"',
  ],
  [
    'viewers kick',
    'ids.0: expected an id such as v-k3v7qm2xay, got "x"',
    'viewer: expected an id such as v-k3v7qm2xay, got "x"',
  ],
  ['viewers announce', 'text: expected one line, got "a"', 'words: expected one line, got "a"'],
  ['probe', 'source.audioTrack: expected at most 99, got 999', '--audio-track: expected at most 99, got 999'],
  ['stream', 'source.title: expected words, got empty text', '--card: expected words, got empty text'],
  ['viewers', 'room: expected 1 to 63, got "X"', '--room: expected 1 to 63, got "X"'],
  ['rooms show', 'room: expected 1 to 63, got "X"', 'room: expected 1 to 63, got "X"'],
  [
    'events',
    'type: expected a type of event, got "brodcast"; did you mean broadcast.started?',
    '--type: expected a type of event, got "brodcast"; did you mean broadcast.started?',
  ],
  ['rooms set', 'limits.viewers: expected at least 1, got -1', 'limits.viewers: expected at least 1, got -1'],
  ['ban', 'expected a network, got x', 'expected a network, got x'],
])('Of mirolive %s, %j is told as %j', (line, message, expected) => {
  expect(inTypedWords(message, namedCommand(program, line.split(' ')).command)).toBe(expected);
});
