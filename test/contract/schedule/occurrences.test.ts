import { expect, test } from 'vitest';
import { occurrences } from '../../../src/contract/schedule/occurrences.ts';
import { type NewScheduleSpec, scheduleSpec } from '../../../src/contract/schedule.ts';

const berlin = 'Europe/Berlin';
const newYork = 'America/New_York';
const what = { call: 'startBroadcast', params: { source: { kind: 'test' } } } as const;
const iso = (ms: number | null) => ms && new Date(ms).toISOString().replace(':00.000Z', 'Z');

interface Case {
  readonly name: string;
  readonly when: NewScheduleSpec['when'];
  readonly end?: NewScheduleSpec['end'];
  readonly after: string;
  readonly to?: string;
  readonly expected: readonly (string | null)[];
}

test.each<Case>([
  {
    name: 'once',
    when: { at: '2026-12-01 09:00', zone: berlin },
    after: '2026-11-29T00:00Z',
    expected: ['2026-12-01T08:00Z'],
  },
  {
    name: 'not again',
    when: { at: '2026-12-01 09:00', zone: berlin },
    after: '2026-12-01T08:00Z',
    expected: [],
  },
  {
    name: 'once in an hour that Berlin skips: at the first moment behind it',
    when: { at: '2026-03-29 02:30', zone: berlin },
    after: '2026-03-01T00:00Z',
    expected: ['2026-03-29T01:00Z'],
  },
  {
    name: 'once in an hour that Berlin has twice: the first',
    when: { at: '2026-10-25 02:30', zone: berlin },
    after: '2026-10-01T00:00Z',
    expected: ['2026-10-25T00:30Z'],
  },
  {
    name: 'once in an hour that New York skips',
    when: { at: '2026-03-08 02:30', zone: newYork },
    after: '2026-03-01T00:00Z',
    expected: ['2026-03-08T07:00Z'],
  },
  {
    name: 'once in an hour that New York has twice',
    when: { at: '2026-11-01 01:30', zone: newYork },
    after: '2026-10-31T00:00Z',
    expected: ['2026-11-01T05:30Z'],
  },
  {
    name: 'once in half an hour that an island skips',
    when: { at: '2026-10-04 02:15', zone: 'Australia/Lord_Howe' },
    after: '2026-10-01T00:00Z',
    expected: ['2026-10-03T15:30Z'],
  },
  {
    name: 'each night, over the hour that Berlin skips',
    when: { cron: '30 2 * * *', zone: berlin },
    after: '2026-03-28T00:00Z',
    to: '2026-03-30T12:00Z',
    expected: ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
  },
  {
    name: 'each night, over the hour that Berlin has twice',
    when: { cron: '30 2 * * *', zone: berlin },
    after: '2026-10-24T00:00Z',
    to: '2026-10-26T12:00Z',
    expected: ['2026-10-24T00:30Z', '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  },
  {
    name: 'twice a day, of which New York skips one',
    when: { cron: '30 2,14 * * *', zone: newYork },
    after: '2026-03-07T12:00Z',
    to: '2026-03-09T12:00Z',
    expected: ['2026-03-07T19:30Z', '2026-03-08T07:00Z', '2026-03-08T18:30Z', '2026-03-09T06:30Z'],
  },
  {
    name: 'each night, over the hour that New York has twice',
    when: { cron: '30 1 * * *', zone: newYork },
    after: '2026-10-31T12:00Z',
    to: '2026-11-02T12:00Z',
    expected: ['2026-11-01T05:30Z', '2026-11-02T06:30Z'],
  },
  {
    name: 'each hour, by the time that passes',
    when: { cron: '30 * * * *', zone: berlin },
    after: '2026-10-25T00:00Z',
    to: '2026-10-25T03:00Z',
    expected: ['2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:30Z'],
  },
  {
    name: 'on weekdays at nine',
    when: { cron: '0 9 * * 1-5', zone: berlin },
    after: '2026-12-03T12:00Z',
    to: '2026-12-08T00:00Z',
    expected: ['2026-12-04T08:00Z', '2026-12-07T08:00Z'],
  },
  {
    name: 'each hour and a half from a moment on',
    when: { everyMs: 5_400_000, fromAt: '2026-12-01T08:00:00Z' },
    after: '2026-11-01T00:00Z',
    to: '2026-12-01T11:00Z',
    expected: ['2026-12-01T08:00Z', '2026-12-01T09:30Z', '2026-12-01T11:00Z'],
  },
  {
    name: 'each day of passing time, behind one of them',
    when: { everyMs: 86_400_000, fromAt: '2026-10-24T08:00:00Z' },
    after: '2026-10-25T08:00Z',
    to: '2026-10-27T00:00Z',
    expected: ['2026-10-26T08:00Z'],
  },
])('A schedule runs $name', ({ when, after, to = '2027-12-31T00:00Z', expected }) => {
  const spec = scheduleSpec.parse({ room: 'lobby', when, what });
  const found = occurrences(spec, Date.parse(after), Date.parse(to), 10);
  expect(found.map(({ atMs }) => iso(atMs))).toEqual(expected);
});

test.each<Case>([
  {
    name: 'after an hour',
    when: { at: '2026-12-01 09:00', zone: berlin },
    end: { forMs: 3_600_000 },
    after: '2026-11-29T00:00Z',
    expected: ['2026-12-01T09:00Z'],
  },
  {
    name: 'at noon',
    when: { at: '2026-12-01 09:00', zone: berlin },
    end: { until: '12:00' },
    after: '2026-11-29T00:00Z',
    expected: ['2026-12-01T11:00Z'],
  },
  {
    name: 'at an hour of the next day, an hour sooner as Berlin skips one',
    when: { cron: '0 22 28 3 *', zone: berlin },
    end: { until: '06:00' },
    after: '2026-03-01T00:00Z',
    expected: ['2026-03-29T04:00Z'],
  },
  {
    name: 'at a time that Berlin skips that night: behind the jump',
    when: { cron: '0 22 28 3 *', zone: berlin },
    end: { until: '02:30' },
    after: '2026-03-01T00:00Z',
    expected: ['2026-03-29T01:00Z'],
  },
  {
    name: 'on the next day, where of two same hours the first is over when it begins',
    when: { at: '2026-10-25 02:30', zone: berlin },
    end: { until: '02:15' },
    after: '2026-10-01T00:00Z',
    expected: ['2026-10-26T01:15Z'],
  },
  {
    name: 'with its source',
    when: { at: '2026-12-01 09:00', zone: berlin },
    after: '2026-11-29T00:00Z',
    expected: [null],
  },
])('A run ends $name', ({ when, end = null, after, expected }) => {
  const spec = scheduleSpec.parse({ room: 'lobby', when, end, what });
  const found = occurrences(spec, Date.parse(after), Number.POSITIVE_INFINITY, 1);
  expect(found.map(({ endsAtMs }) => iso(endsAtMs))).toEqual(expected);
});

const take = (type: string) => ({ call: 'control', params: { command: { type } } });
const at = { at: '2026-12-01 09:00', zone: berlin };
test.each([
  [{ when: { at: '2026-13-01 09:00', zone: berlin } }, 'a day and a time such as 2026-12-01 09:00'],
  [{ when: { at: '2026-12-01 09:00', zone: 'Berlin' } }, 'a time zone such as Europe/Berlin'],
  [{ when: { cron: '0 25 * * *', zone: berlin } }, 'expected a pattern such as 0 9 * * 1-5'],
  [{ when: { cron: '0 0 30 2 *', zone: berlin } }, 'it never comes'],
  [{ when: { cron: '2026-12-01T09:00:00', zone: berlin } }, 'it has not five fields'],
  [{ when: { everyMs: 1000, fromAt: '2026-12-01T09:00:00Z' } }, 'expected number to be >=60000'],
  [{ when: at, end: { until: '25:00' } }, 'expected a time of the day such as 17:30'],
  [{ when: at, what: take('next'), end: { forMs: 5000 } }, 'expected no end'],
  [{ when: at, what: take('pause') }, 'expected one of take, release'],
  [
    {
      when: at,
      what: { call: 'startBroadcast', params: { source: { kind: 'stdin', token: 'a'.repeat(20) } } },
    },
    'got a pipe',
  ],
])('A schedule is refused that cannot be kept: %j', (given, expected) => {
  const { error } = scheduleSpec.safeParse({ room: 'lobby', what, ...given });
  expect(JSON.stringify(error?.issues)).toContain(expected);
});
