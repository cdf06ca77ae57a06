import { describe, expect, test } from 'vitest';
import { since } from '../../../src/cli/program/options.ts';

const now = new Date(2026, 0, 31, 21, 30).getTime();

describe('since', () => {
  test.each([
    { text: '8h', at: now - 8 * 3_600_000 },
    { text: '20:00', at: new Date(2026, 0, 31, 20, 0).getTime() },
    { text: '21:30:00', at: now },
    { text: '22:00', at: new Date(2026, 0, 30, 22, 0).getTime() },
    { text: '7:05:09', at: new Date(2026, 0, 31, 7, 5, 9).getTime() },
    { text: '2026-01-30', at: new Date(2026, 0, 30).getTime() },
    { text: '2026-01-30T20:00', at: new Date(2026, 0, 30, 20, 0).getTime() },
    { text: '2026-01-30 20:00:01', at: new Date(2026, 0, 30, 20, 0, 1).getTime() },
    { text: '2026-01-29T20:00:00.5Z', at: Date.UTC(2026, 0, 29, 20, 0, 0, 500) },
    { text: '2026-01-29T20:00+02:00', at: Date.UTC(2026, 0, 29, 18) },
  ])('$text', ({ text, at }) => {
    expect(now - since(text, now)).toBe(at);
  });

  test.each(['yesterday', '24:00', '8', '2026-02-31x', '2026-13-01', '2026-02-01'])('refuses %s', (text) => {
    expect(() => since(text, now)).toThrow('Expected a time that is past, such as 8h, 20:00 or');
  });
});
