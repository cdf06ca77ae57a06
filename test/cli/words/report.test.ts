import { describe, expect, test } from 'vitest';
import { asciiOf } from '../../../src/cli/tui/dashboard/ascii.ts';
import { sparkline } from '../../../src/cli/words/chart.ts';
import { reportCsv } from '../../../src/cli/words/report-csv.ts';
import { reportHtml } from '../../../src/cli/words/report-html.ts';
import { reportWords } from '../../../src/cli/words/report-words.ts';
import { least, most, resampled } from '../../../src/cli/words/resampled.ts';
import { textWidth } from '../../../src/cli/words/text-width.ts';
import { type Report, type ReportFigures, report as reportSchema } from '../../../src/contract/report.ts';

const nobody: ReportFigures = {
  ...{ there: 0, joined: 0, left: 0, peak: 0, average: 0, minutesWatched: 0 },
  ...{ freezesPerHour: null, bestShare: null, firstPicture: null },
};
const fromMs = Date.UTC(2026, 0, 1, 12);
const at = (minutes: number) => new Date(fromMs + minutes * 60_000).toISOString();
const hostile = `<script>alert("x")</script>'&\u001b[31m\u202e`;

function watched(change: Partial<Report> = {}): Report {
  return reportSchema.parse({
    ...{ room: 'lobby', broadcast: 'b-aaaaaaaaaa', title: 'The talk', from: at(0), until: at(100) },
    ...{ completeSince: at(-1000), stepMs: 60_000 },
    total: {
      ...{ there: 3, joined: 9, left: 8, peak: 7, average: 5.21, minutesWatched: 252.4 },
      ...{ freezesPerHour: 0.8, bestShare: 0.82, firstPicture: { count: 11, p50Ms: 612, p95Ms: 1900 } },
    },
    browsers: [
      { name: 'Chrome on Linux', minutesWatched: 154.2 },
      { name: 'other', minutesWatched: 98.2 },
    ],
    kinds: [{ name: 'page', minutesWatched: 252.4 }],
    intervals: Array.from({ length: 100 }, (_, minute) => ({
      ...{ at: at(minute), ...nobody, peak: minute % 8, average: (minute % 8) / 2 },
      ...(minute % 10 === 3 && { freezesPerHour: minute, bestShare: 1 - minute / 100 }),
    })),
    ...change,
  });
}

const words = (report: Report, columns = 80) =>
  reportWords(report, { now: fromMs + 6_000_000, columns, paint: (_, text) => text });

describe('reportWords', () => {
  test('has figures, lines over time and what it was watched with, in 80 columns', () => {
    const lines = words(watched());
    expect(lines[0]).toBe('The talk (b-aaaaaaaaaa) in room lobby');
    expect(lines).toContain('viewers       12: 3 there before, 9 joined; 8 left');
    expect(lines).toContain('at once       7 at most, 5.21 on average');
    expect(lines).toContain('watched       4 h 12 min');
    expect(lines).toContain('best quality  82 % of the time');
    expect(lines).toContain('first picture 0.6 s half of them, 1.9 s 95 of 100 (of 11 pages)');
    expect(lines.some((line) => /^freezes {7}.*93 per hour at worst$/.test(line))).toBe(true);
    expect(lines.some((line) => /^best quality {2}.*7 % at worst$/.test(line))).toBe(true);
    expect(lines.some((line) => /^Chrome on Linux {2}█{15}░{9} {3}61 % {2}2 h 34 min$/.test(line))).toBe(
      true,
    );
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(80);
  });

  test('is as wide in ASCII, and has nothing else', () => {
    const lines = words(watched()).map(asciiOf);
    expect(lines.join('')).toMatch(/^[ -~]*$/);
    expect(lines.map(textWidth)).toEqual(words(watched()).map(textWidth));
  });

  test('lets no name do anything to the terminal, or break the table', () => {
    const name = '漢'.repeat(50);
    const browsers = [
      { name: hostile.slice(0, 40), minutesWatched: 1 },
      { name, minutesWatched: 1 },
    ];
    const lines = words(watched({ title: hostile, browsers }));
    expect(lines.join('')).not.toContain('\u001b');
    expect(lines.join('')).not.toContain('\u202e');
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(80);
  });

  test('says what is not known, what is missing, and how to go on where nobody was', () => {
    const unknown = { ...watched().total, freezesPerHour: null, bestShare: null, firstPicture: null };
    expect(words(watched({ total: unknown }))).toContain('freezes       –');
    expect(words(watched({ completeSince: at(5) }))[2]).toMatch(/^Before .* some, or all, is missing\.$/);
    const empty = watched({ broadcast: null, title: null, total: nobody, browsers: [], kinds: [] });
    expect(words(empty).slice(-2)).toEqual([
      'Nobody was there.',
      'Further back: mirolive report --room lobby --since 30d',
    ]);
  });
});

test.each([
  { values: [0, 1, 4, 8], end: 8, expected: '▁▁▄█' },
  { values: [null, 16], end: 8, expected: ' █' },
])('sparkline of $values is $expected', ({ values, end, expected }) => {
  expect(sparkline(values, end)).toBe(expected);
});

test('resampled loses no value, and makes none up', () => {
  expect(resampled([1, 5, 2, null, 3], 2, most)).toEqual([5, 3]);
  expect(resampled([1, null], 10, least)).toEqual([1, null]);
  expect(resampled([], 10, most)).toEqual([]);
});

describe('reportCsv', () => {
  test('has a row for each interval, as RFC 4180 has it', () => {
    const text = reportCsv(watched());
    const rows = text.split('\r\n');
    expect(rows).toHaveLength(102);
    expect(rows[0]).toMatch(/^from,until,there,joined,left,peak,average,minutes_watched,/);
    expect(rows[4]).toBe('2026-01-01T12:03:00.000Z,2026-01-01T12:04:00.000Z,0,0,0,3,1.5,0,3,0.97,0,,');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});

describe('reportHtml', () => {
  const page = (change: Partial<Report> = {}) => reportHtml(watched(change), at(200), (moment) => moment);

  test('is one page without scripts and addresses', () => {
    const html = page();
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/<script|<link|<img|url\(|https?:|@import| on\w+=/i);
    expect(html).toContain("default-src 'none'");
    expect(html.match(/<svg /g)).toHaveLength(3);
  });

  test('takes names for text', () => {
    const html = page({ title: hostile, browsers: [{ name: hostile, minutesWatched: 1 }] });
    expect(html).not.toMatch(/<script|alert\("x"\)/);
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;\ufffd[31m\ufffd');
    expect(html).not.toContain('\u202e');
  });
});
