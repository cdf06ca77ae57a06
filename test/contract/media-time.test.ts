import { describe, expect, test } from 'vitest';
import { parseMediaTime } from '../../src/contract/media-time.ts';

describe('parseMediaTime', () => {
  const cases: [text: string, ms: number | null][] = [
    ['0:07', 7000],
    ['12:30', 750_000],
    ['90:00', 5_400_000],
    ['1:02:03', 3_723_000],
    ['1:02:03.5', 3_723_500],
    ['0:00.040', 40],
    ['90s', 90_000],
    ['1.5m', 90_000],
    ['250ms', 250],
    ['8h', 28_800_000],
    ['0s', 0],
    ['90', null],
    ['1:60', null],
    ['1:2:03', null],
    ['12:3', null],
    ['-1:00', null],
    ['1:00:00:00', null],
    ['12:30 ', null],
    ['', null],
    ['soon', null],
  ];
  test.each(cases)('%j is %s', (text, ms) => {
    expect(parseMediaTime(text)).toBe(ms);
  });
});
