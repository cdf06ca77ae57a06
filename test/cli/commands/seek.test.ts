import { describe, expect, test } from 'vitest';
import { readSeek } from '../../../src/cli/commands/seek.ts';

describe('readSeek', () => {
  test.each([
    { text: '12:30', expected: { type: 'seek', positionMs: 750_000 } },
    { text: '90s', expected: { type: 'seek', positionMs: 90_000 } },
    { text: '0:00', expected: { type: 'seek', positionMs: 0 } },
    { text: '+30s', expected: { type: 'seekBy', offsetMs: 30_000 } },
    { text: '-30s', expected: { type: 'seekBy', offsetMs: -30_000 } },
    { text: '-1:00', expected: { type: 'seekBy', offsetMs: -60_000 } },
    { text: '+1:02:03', expected: { type: 'seekBy', offsetMs: 3_723_000 } },
  ])('$text', ({ text, expected }) => {
    expect(readSeek(text)).toEqual(expected);
  });

  test.each(['', '30', '+', '--30s', '+-30s', 'soon', '1:99'])('refuses %j', (text) => {
    const message = `expected a place such as 12:30 or 90s, or a step such as +30s or -30s, got '${text}'`;
    expect(() => readSeek(text)).toThrow(expect.objectContaining({ code: 'USAGE', message }));
  });
});
