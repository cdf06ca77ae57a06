import { describe, expect, test } from 'vitest';
import { readArguments } from '../../bench/arguments.ts';
import { benchmarksPage } from '../../bench/benchmarks-page.ts';
import { busyBetween } from '../../bench/processes.ts';
import { type Report, reportJson } from '../../bench/report.ts';
import { isKept, type MeasuredRow, quantile, ratioOfMedians, row, table } from '../../bench/row.ts';

const load = { before: 3.2, during: 41.7 };
const measured = (facts: Parameters<typeof row>[0]): MeasuredRow => ({ ...row(facts), of: 'ready', load });
const report: Report = {
  measuredAt: '2026-03-01T12:00:00.000Z',
  machine: {
    ...{ system: 'Debian 12, kernel 6', cores: 2, processor: 'Some CPU', memoryGb: 8, node: '24.1.0' },
    ...{ ffmpeg: '5.1', browser: '150', worker: 'built here' },
  },
  beside: 'Peer 2.0',
  rows: [
    measured({ name: 'ready', unit: 'ms', values: [400, 500, 470.123456], atMost: 500, note: 'a note' }),
    measured({
      ...{ name: 'age', unit: 'ms', values: [70, 80], atMost: 60 },
      beside: { values: [50], note: 'fed by hand' },
    }),
    measured({ name: 'load', unit: '%', values: [], atMost: 1 }),
  ],
};

describe('quantile', () => {
  test.each([
    { name: 'the one in the middle', values: [3, 1, 2], share: 0.5, expected: 2 },
    { name: 'between two', values: [1, 2], share: 0.5, expected: 1.5 },
    {
      name: 'near the end',
      values: Array.from({ length: 21 }, (_, index) => index),
      share: 0.95,
      expected: 19,
    },
  ])('$name', ({ values, share, expected }) => {
    expect(quantile(values, share)).toBe(expected);
  });

  test('of nothing there is none', () => {
    expect(() => quantile([], 0.5)).toThrow('expected at least one value');
    expect(row({ name: 'x', unit: 'ms', values: [] }).value).toBeNull();
  });
});

test('a ratio is of the runs in which both were measured', () => {
  const facts = { name: 'ratio', atMost: 1 };
  expect(ratioOfMedians({ ...facts, ours: [2, 9, 4], other: [4, undefined, 4] })).toEqual({
    ...{ ...facts, unit: '×', statistic: 'ratio of medians' },
    ...{ values: [0.5, 1], value: 0.75 },
  });
  expect(ratioOfMedians({ ...facts, ours: [2], other: [undefined] }).value).toBeNull();
});

test('a row says whether it is as expected, where there is something to say', () => {
  expect(report.rows.map(isKept)).toEqual([true, false, null]);
});

test('the table has a column for the server beside only where there is one', () => {
  const text = table(report.rows).split('\n');
  expect(text[0]).toMatch(/^what +figure +beside +statistic +runs +spread +machine busy +project’s target$/);
  expect(text[2]).toMatch(/^age +75.0 ms +50.0 ms +median +2 +70.0–80.0 ms +3 \/ 42 % +✗ at most 60 ms$/);
  expect(table(report.rows.slice(0, 1))).not.toContain('beside');
});

test('a report survives its JSON, which is a row a line', () => {
  const json = reportJson(report);
  expect(json.split('\n')).toHaveLength(report.rows.length + 2);
  const read = JSON.parse(json) as Report;
  expect(read.rows[0]?.values).toEqual([400, 500, 470.12]);
  expect(benchmarksPage(read)).toBe(benchmarksPage(report));
  expect(JSON.parse(reportJson({ ...report, rows: [] })).rows).toEqual([]);
});

test('the page has each row with what was expected, and the server beside', () => {
  const lines = benchmarksPage(report).split('\n');
  expect(lines).toContain('| row | mirolive | Peer 2.0 | project’s target | runs | machine busy |  |');
  expect(lines).toContain('| ready | 470 ms |  | at most 500 ms: kept | 3 | 3 / 42 % | a note |');
  expect(lines).toContain(
    '| age | 75.0 ms | 50.0 ms | at most 60 ms: missed | 2 | 3 / 42 % | beside: fed by hand |',
  );
  expect(lines).toContain('| load | – |  | at most 1 % | 0 | 3 / 42 % |  |');
  expect(benchmarksPage({ ...report, beside: null })).not.toContain('Peer 2.0');
  expect(benchmarksPage({ ...report, rows: [] })).toContain('None have been taken');
});

describe('the command line', () => {
  test('names another server with all that is said of it', () => {
    const words =
      '--beside http://127.0.0.1:1985/whep --beside-publish rtmp://127.0.0.1/live/x --beside-pid 42';
    expect(readArguments(words.split(' '), {}).beside).toEqual({
      name: 'http://127.0.0.1:1985/whep',
      whepUrl: 'http://127.0.0.1:1985/whep',
      publishUrl: 'rtmp://127.0.0.1/live/x',
      pid: 42,
    });
  });

  test.each([
    { line: '--only nothing', problem: /^--only: expected one of ready, .*, got nothing; next: / },
    { line: '--runs 0', problem: /^--runs: expected 1 to 999, got 0; next: / },
    { line: '--beside-pid 42', problem: /^--beside-pid: expected --beside URL too, .*; next: / },
    {
      line: '--beside here',
      problem: /^--beside: expected a URL that begins with http:\/\/, got here; next: /,
    },
    {
      line: '--beside http://127.0.0.1 --beside-publish http://127.0.0.1',
      problem: /^--beside-publish: expected a URL that begins with rtmp:\/\/, got http:/,
    },
    {
      line: '--beside http://127.0.0.1 --beside-pid x',
      problem: /^--beside-pid: expected the number of a process, got x; next: /,
    },
    { line: '--rnus 3', problem: /^Unknown option '--rnus'; next: npm run bench -- --help$/ },
    { line: '--runs', problem: /^Option '--runs <value>' argument missing; next: npm run bench -- --help$/ },
  ])('$line is refused', ({ line, problem }) => {
    expect(() => readArguments(line.split(' '), {})).toThrow(problem);
  });

  test('a set-up from nothing is made only for who asks for it', () => {
    expect(readArguments([], {}).names).not.toContain('setup');
    expect(readArguments(['--only', 'setup'], {}).names).toEqual(['setup']);
  });
});

test('how busy a machine was', () => {
  expect(busyBetween({ all: 100, idle: 50 }, { all: 300, idle: 200 })).toBe(25);
  expect(busyBetween({ all: 100, idle: 50 }, { all: 100, idle: 50 })).toBe(0);
});
