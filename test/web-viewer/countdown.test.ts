import { expect, test } from 'vitest';
import { leftWords, startWords } from '../../src/web-viewer/countdown.ts';

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;

test.each([
  { zone: 'Europe/Berlin', language: 'en-GB', beforeMs: hour, words: 'Starts at 09:00' },
  { zone: 'America/New_York', language: 'en-GB', beforeMs: hour, words: 'Starts at 03:00' },
  { zone: 'Europe/Berlin', language: 'en-GB', beforeMs: 9 * hour, words: 'Starts at 09:00' },
  {
    zone: 'Europe/Berlin',
    language: 'en-GB',
    beforeMs: 9 * hour + 1,
    words: 'Starts on Tuesday 1 December at 09:00',
  },
  { zone: 'America/New_York', language: 'en-GB', beforeMs: 3 * hour, words: 'Starts at 03:00' },
  { zone: 'Europe/Berlin', language: 'en-GB', beforeMs: day, words: 'Starts on Tuesday 1 December at 09:00' },
  {
    zone: 'Pacific/Auckland',
    language: 'en-GB',
    beforeMs: day,
    words: 'Starts on Tuesday 1 December at 21:00',
  },
  {
    zone: 'Pacific/Honolulu',
    language: 'en-GB',
    beforeMs: day,
    words: 'Starts on Monday 30 November at 22:00',
  },
])('in $zone, $beforeMs ms before: $words', ({ zone, language, beforeMs, words }) => {
  const atMs = Date.parse('2026-12-01T08:00Z');
  expect(startWords({ atMs, nowMs: atMs - beforeMs, name: null }, zone, language)).toBe(words);
});

test('it starts by twelve hours where people count so', () => {
  const atMs = Date.parse('2026-12-01T20:00Z');
  const words = startWords({ atMs, nowMs: atMs, name: null }, 'Europe/Berlin', 'en-US');
  expect(words).toMatch(/^Starts at 09:00\sPM$/);
});

test.each([
  [-day, 'any moment now'],
  [0, 'any moment now'],
  [1, 'in 0:01'],
  [245 * second, 'in 4:05'],
  [244 * second + 1, 'in 4:05'],
  [hour, 'in 1:00:00'],
  [day - second, 'in 23:59:59'],
  [day, 'in 1 day'],
  [day + hour, 'in 1 day 1 h'],
  [2 * day + 3 * hour + 59 * 60 * second, 'in 2 days 3 h'],
])('%i ms before it starts: %s', (leftMs, words) => expect(leftWords(leftMs)).toBe(words));
