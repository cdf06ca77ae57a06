import { expect, test } from 'vitest';
import { placeArguments } from '../../../src/cli/program/environment.ts';

test.each([
  { flags: {}, words: [] },
  { flags: { socket: '/run/a.sock' }, words: ['--socket', '/run/a.sock'] },
  {
    flags: { host: 'a.example:9443', tokenFile: '/t', fingerprint: 'aa', config: '/c' },
    words: ['--config', '/c', '--host', 'a.example:9443', '--token-file', '/t', '--fingerprint', 'aa'],
  },
  { flags: { context: 'hall', socket: undefined }, words: ['--context', 'hall'] },
])('placeArguments of $flags are $words', ({ flags, words }) => expect(placeArguments(flags)).toEqual(words));
