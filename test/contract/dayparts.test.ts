import { expect, test } from 'vitest';
import { daypartProblems } from '../../src/contract/daypart-problems.ts';
import { daypartName, daypartSpec } from '../../src/contract/daypart-schedule.ts';
import { type Daypart, daypartsSection } from '../../src/contract/dayparts.ts';
import { occurrences } from '../../src/contract/schedule/occurrences.ts';
import { weekdays } from '../../src/contract/weekdays.ts';

const file = '/srv/morning.mp4';
const parse = (...parts: unknown[]) => daypartsSection.safeParse({ parts });

test('A part of the day is every day where no days are named, and has one source', () => {
  const { data } = daypartsSection.safeParse({
    zone: 'Europe/Berlin',
    parts: [
      { from: '06:00', to: '10:00', days: ['fri', 'mon'], name: 'Morning', folder: '/srv/morning' },
      { from: '22:00', to: '02:00', url: 'https://example.org/night', headers: { Cookie: 'a=b' } },
    ],
  });
  expect(data).toEqual({
    zone: 'Europe/Berlin',
    parts: [
      {
        ...{ from: '06:00', to: '10:00', days: ['mon', 'fri'], name: 'Morning' },
        source: { kind: 'folder', path: '/srv/morning' },
      },
      {
        ...{ from: '22:00', to: '02:00', days: weekdays, name: undefined },
        source: { kind: 'url', url: 'https://example.org/night', headers: { Cookie: 'a=b' } },
      },
    ],
  });
});

const oneOf = 'expected one of publisher, file, url, playlist and folder with its value';
test.each([
  { name: 'without a source', part: { from: '06:00', to: '10:00' }, message: oneOf },
  { name: 'of two sources', part: { from: '06:00', to: '10:00', file, folder: '/srv' }, message: oneOf },
  {
    name: 'at no time of the day',
    part: { from: '6:00', to: '10:00', file },
    message: 'expected a time of the day such as 06:00',
  },
  {
    name: 'on no day of the week',
    part: { from: '06:00', to: '10:00', days: ['monday'], file },
    message: 'Invalid option: expected one of "mon"|"tue"|"wed"|"thu"|"fri"|"sat"|"sun"',
  },
])('A part of the day $name is refused', ({ part, message }) => {
  expect(parse(part).error?.issues).toMatchObject([{ message }]);
});

test('A zone that nobody knows is refused', () => {
  const { error } = daypartsSection.safeParse({ zone: 'Europe/Atlantis' });
  expect(error?.issues).toMatchObject([{ message: 'expected a time zone such as Europe/Berlin' }]);
});

type Times = Pick<Daypart, 'from' | 'to'> & { days?: Daypart['days'] };

test.each<{ name: string; parts: Times[]; expected: string[] }>([
  { name: 'nothing where there is none', parts: [], expected: [] },
  { name: 'nothing where one plays all day', parts: [{ from: '06:00', to: '06:00' }], expected: [] },
  {
    name: 'nothing where they follow each other, across midnight too',
    parts: [
      { from: '06:00', to: '22:00' },
      { from: '22:00', to: '06:00' },
    ],
    expected: [],
  },
  {
    name: 'the same gap of each day once',
    parts: [
      { from: '06:00', to: '10:00' },
      { from: '10:30', to: '02:00' },
    ],
    expected: [
      'nothing plays from 10:00 to 10:30, every day',
      'nothing plays from 02:00 to 06:00, every day',
    ],
  },
  {
    name: 'days without anything',
    parts: [{ from: '06:00', to: '18:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] }],
    expected: [
      'nothing plays from 18:00 to 06:00, mon, tue, wed, thu',
      'nothing plays from fri 18:00 to mon 06:00',
    ],
  },
  {
    name: 'a gap before what plays once a week',
    parts: [{ from: '06:00', to: '10:00', days: ['sun'] }],
    expected: ['nothing plays from sun 10:00 to sun 06:00'],
  },
  {
    name: 'no gap that a part of the week before covers',
    parts: [
      { from: '12:00', to: '12:00', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
      { from: '12:00', to: '13:00', days: ['sun'] },
    ],
    expected: ['12:00–12:00 and 12:00–13:00 overlap from 12:00 to 13:00, sun: only one of them is on air'],
  },
  {
    name: 'overlaps, and who wins',
    parts: [
      { from: '00:00', to: '00:00' },
      { from: '09:00', to: '10:00', days: ['mon'] },
    ],
    expected: [
      '00:00–00:00 and 09:00–10:00 overlap from 09:00 to 10:00, mon: the one that begins later is on air',
    ],
  },
  {
    name: 'an overlap across midnight, and over the end of the week',
    parts: [
      { from: '22:00', to: '02:00', days: ['sun'] },
      { from: '01:00', to: '22:00', days: ['mon'] },
      { from: '02:00', to: '22:00', days: ['sun'] },
    ],
    expected: [
      'nothing plays from mon 22:00 to sun 02:00',
      '22:00–02:00 and 01:00–22:00 overlap from 01:00 to 02:00, mon: the one that begins later is on air',
    ],
  },
])('Of the parts of a day is named $name', ({ parts, expected }) => {
  expect(daypartProblems(parts.map((part) => ({ days: [...weekdays], ...part })))).toEqual(expected);
});

/** The runs of a part in Berlin within a time, as `from/to` in UTC. */
function runs(from: string, to: string, days: Daypart['days'], after: string, before: string): string[] {
  const source = { kind: 'file', path: file, loop: true, audioTrack: null } as const;
  const part: Daypart = { from, to, days, name: undefined, source: { kind: 'file', path: file } };
  const spec = daypartSpec('lobby', part, 'Europe/Berlin', source);
  const utc = (ms: number) => new Date(ms).toISOString().slice(5, 16);
  const found = occurrences(spec, Date.parse(after), Date.parse(before), 100);
  return found.map(({ atMs, endsAtMs }) => `${utc(atMs)}/${utc(endsAtMs ?? Number.NaN)}`);
}

test.each<{
  name: string;
  from: string;
  to: string;
  days?: Daypart['days'];
  week: [string, string];
  expected: string[];
}>([
  {
    name: 'on its days of a week',
    ...{ from: '06:00', to: '10:00', days: ['mon', 'wed', 'sun'] },
    week: ['2026-11-30T00:00Z', '2026-12-07T00:00Z'],
    expected: ['11-30T05:00/11-30T09:00', '12-02T05:00/12-02T09:00', '12-06T05:00/12-06T09:00'],
  },
  {
    name: 'across midnight into the next week',
    ...{ from: '22:00', to: '02:00', days: ['sun'] },
    week: ['2026-11-30T00:00Z', '2026-12-07T00:00Z'],
    expected: ['12-06T21:00/12-07T01:00'],
  },
  {
    name: 'an hour shorter in the night in which an hour is left out',
    ...{ from: '22:00', to: '06:00', days: ['sat'] },
    week: ['2027-03-22T00:00Z', '2027-03-29T00:00Z'],
    expected: ['03-27T21:00/03-28T04:00'],
  },
  {
    name: 'from behind the jump where its hour is left out',
    ...{ from: '02:30', to: '06:00', days: ['sun'] },
    week: ['2027-03-22T00:00Z', '2027-03-29T00:00Z'],
    expected: ['03-28T01:00/03-28T04:00'],
  },
  {
    name: 'an hour longer in the night in which an hour comes twice',
    ...{ from: '22:00', to: '06:00', days: ['sat'] },
    week: ['2026-10-19T00:00Z', '2026-10-26T00:00Z'],
    expected: ['10-24T20:00/10-25T05:00'],
  },
  {
    name: 'once where its hour comes twice, from the first on',
    ...{ from: '02:30', to: '06:00', days: ['sun'] },
    week: ['2026-10-19T00:00Z', '2026-10-26T00:00Z'],
    expected: ['10-25T00:30/10-25T05:00'],
  },
  {
    name: 'all day, whatever its length',
    ...{ from: '00:00', to: '00:00' },
    week: ['2026-10-23T22:00Z', '2026-10-26T00:00Z'],
    expected: ['10-24T22:00/10-25T23:00', '10-25T23:00/10-26T23:00'],
  },
])('A part of the day plays $name', ({ from, to, days = [...weekdays], week: [after, before], expected }) => {
  expect(runs(from, to, days, after, before)).toEqual(expected);
});

test('A part of the day is called after its beginning', () => {
  expect(daypartName({ from: '06:00' })).toBe('daypart-0600');
});
