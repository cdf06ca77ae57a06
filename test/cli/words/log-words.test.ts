import { expect, test } from 'vitest';
import { logLevelWords, logWords } from '../../../src/cli/words/log-words.ts';

const at = new Date(2026, 0, 2, 20, 15).toISOString();
const now = Date.parse(at) + 1000;
const plain = (_: unknown, text: string) => text;

test('logWords says a line as people read it, and obeys nothing that is in it', () => {
  const fields = { type: 'source.away', words: 'cam\u001b[2J', failures: 2 };
  const line = { type: 'line', at, level: 'warn', room: 'lobby', message: 'source.away', fields } as const;
  expect(logWords(line, now, plain)).toEqual([
    '20:15:00  warn   lobby: source.away words=cam\\e[2J failures=2',
  ]);
});

test('logLevelWords says until when', () => {
  expect(logLevelWords({ level: 'debug', configured: 'info', until: at }, now)).toBe(
    'debug until 20:15:00, then info',
  );
  expect(logLevelWords({ level: 'info', configured: 'info', until: null }, now)).toBe('info, as configured');
});
