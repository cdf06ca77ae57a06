import { styleText } from 'node:util';
import { expect, test } from 'vitest';
import type { Paint } from '../../../src/cli/words/format.ts';
import {
  type CalendarView,
  type ComingRun,
  scheduleCalendar,
} from '../../../src/cli/words/schedule-calendar.ts';

const plain: Paint = (_, text) => text;
const berlin: CalendarView = { zone: 'Europe/Berlin', columns: 80, gapsWithin: null };

/** A run from and until these moments. */
function run(at: string, end: string | null, more: Partial<ComingRun> = {}): ComingRun {
  const endsAtMs = end === null ? null : Date.parse(end);
  const what = { schedule: 'webinar', room: 'lobby', words: 'talk.mp4', priority: 50 };
  return { atMs: Date.parse(at), endsAtMs, ...what, ...more };
}

const news = { schedule: 'news', words: 'news.mp4' };

test.each<{ name: string; runs: ComingRun[]; view?: Partial<CalendarView>; expected: string[] }>([
  { name: 'is empty without runs', runs: [], expected: [] },
  {
    name: 'has a heading for each day, in the order of time',
    runs: [
      run('2026-12-02T08:00Z', null, { room: 'stage', schedule: 'camera', words: 'rtsp://camera.example/1' }),
      run('2026-12-01T08:00Z', '2026-12-01T09:00Z'),
      run('2026-12-01T12:00Z', '2026-12-01T12:30Z', news),
    ],
    expected: [
      'Tue 1 Dec 2026',
      '  09:00–10:00  lobby  webinar  talk.mp4',
      '  13:00–13:30  lobby  news     news.mp4',
      '',
      'Wed 2 Dec 2026',
      '  09:00–       stage  camera   rtsp://camera.example/1',
    ],
  },
  {
    name: 'is in the zone that is asked for, and counts the days that a run goes on',
    runs: [run('2026-12-01T22:00Z', '2026-12-03T01:00Z')],
    view: { zone: 'America/New_York' },
    expected: ['Tue 1 Dec 2026', '  17:00–20:00 +1  lobby  webinar  talk.mp4'],
  },
  {
    name: 'says which one is seen, by priority and then by the later start',
    runs: [
      run('2026-12-01T08:00Z', '2026-12-01T10:00Z'),
      run('2026-12-01T09:00Z', '2026-12-01T11:00Z', news),
      run('2026-12-01T10:30Z', '2026-12-01T10:45Z', { schedule: 'minor', priority: 10 }),
      run('2026-12-01T09:00Z', '2026-12-01T11:00Z', { room: 'stage' }),
    ],
    expected: [
      'Tue 1 Dec 2026',
      '  09:00–11:00  lobby  webinar  talk.mp4',
      '                               news is above it: 10:00–11:00',
      '  10:00–12:00  lobby  news     news.mp4',
      '  10:00–12:00  stage  webinar  talk.mp4',
      '  11:30–11:45  lobby  minor    talk.mp4',
      '                               news is above it: all the time',
    ],
  },
  {
    name: 'does not take what has no end for what lasts for ever',
    runs: [run('2026-12-01T08:00Z', null), run('2026-12-01T09:00Z', '2026-12-01T10:00Z', news)],
    expected: [
      'Tue 1 Dec 2026',
      '  09:00–       lobby  webinar  talk.mp4',
      '  10:00–11:00  lobby  news     news.mp4',
    ],
  },
  {
    name: 'shows what touches as no overlap',
    runs: [
      run('2026-12-01T08:00Z', '2026-12-01T09:00Z'),
      run('2026-12-01T09:00Z', '2026-12-01T10:00Z', news),
    ],
    expected: [
      'Tue 1 Dec 2026',
      '  09:00–10:00  lobby  webinar  talk.mp4',
      '  10:00–11:00  lobby  news     news.mp4',
    ],
  },
  {
    name: 'names the hours in which nothing is scheduled, by room',
    runs: [
      run('2026-12-01T08:00Z', '2026-12-01T09:00Z'),
      run('2026-12-01T12:00Z', null, news),
      run('2026-12-01T08:30Z', '2026-12-02T23:00Z', { room: 'stage' }),
    ],
    view: { gapsWithin: { fromMs: Date.parse('2026-12-01T06:00Z'), toMs: Date.parse('2026-12-02T23:00Z') } },
    expected: [
      'Tue 1 Dec 2026',
      '  07:00–09:00     lobby           nothing is scheduled',
      '  07:00–09:30     stage           nothing is scheduled',
      '  09:00–10:00     lobby  webinar  talk.mp4',
      '  09:30–00:00 +2  stage  webinar  talk.mp4',
      '  10:00–13:00     lobby           nothing is scheduled',
      '  13:00–          lobby  news     news.mp4',
    ],
  },
  {
    name: 'tells of an hour that is left out',
    runs: [run('2027-03-28T00:30Z', '2027-03-28T01:30Z')],
    expected: [
      'Sun 28 Mar 2027  the clock goes from 02:00 to 03:00',
      '  01:30–03:30  lobby  webinar  talk.mp4',
    ],
  },
  {
    name: 'tells apart the two times that look alike',
    runs: [
      run('2026-10-25T00:30Z', '2026-10-25T01:30Z'),
      run('2026-10-25T08:00Z', '2026-10-25T09:00Z'),
      run('2026-10-26T08:00Z', '2026-10-26T09:00Z'),
    ],
    expected: [
      'Sun 25 Oct 2026  the clock goes from 03:00 to 02:00',
      '  02:30 GMT+2–02:30 GMT+1  lobby  webinar  talk.mp4',
      '  09:00–10:00              lobby  webinar  talk.mp4',
      '',
      'Mon 26 Oct 2026',
      '  09:00–10:00              lobby  webinar  talk.mp4',
    ],
  },
  {
    name: 'tells of half an hour that comes twice',
    runs: [run('2026-04-04T14:45Z', null)],
    view: { zone: 'Australia/Lord_Howe' },
    expected: [
      'Sun 5 Apr 2026  the clock goes from 02:00 to 01:30',
      '  01:45 GMT+11–  lobby  webinar  talk.mp4',
    ],
  },
  {
    name: 'tells of midnight that is left out',
    runs: [run('2026-03-28T22:00Z', null)],
    view: { zone: 'Asia/Beirut' },
    expected: ['Sun 29 Mar 2026  the clock goes from 00:00 to 01:00', '  01:00–  lobby  webinar  talk.mp4'],
  },
  {
    name: 'cuts what is played where the line is too long, by columns and not by characters',
    runs: [
      run('2026-12-01T08:00Z', null, { words: '舞台の上で話す人'.repeat(6) }),
      run('2026-12-01T09:00Z', null, { words: 'talk\u001b[31m.mp4' }),
    ],
    view: { columns: 50 },
    expected: [
      'Tue 1 Dec 2026',
      '  09:00–  lobby  webinar  舞台の上で話す人舞台の…',
      '  10:00–  lobby  webinar  talk\\e[31m.mp4',
    ],
  },
])('The calendar $name', ({ runs, view, expected }) => {
  const lines = scheduleCalendar(runs, { ...berlin, ...view }, plain).map((line) => line.trimEnd());
  expect(lines).toEqual(expected);
});

test('The calendar has colours where there are colours, which take no columns', () => {
  const paint: Paint = (style, text) => styleText(style, text, { validateStream: false });
  const runs = [
    run('2026-12-01T08:00Z', '2026-12-01T10:00Z'),
    run('2026-12-01T09:00Z', '2026-12-01T10:00Z', news),
  ];
  expect(scheduleCalendar(runs, berlin, paint)).toEqual([
    '\u001b[1mTue 1 Dec 2026\u001b[22m',
    '  09:00–11:00  lobby  webinar  talk.mp4',
    '                               \u001b[33mnews is above it: 10:00–11:00\u001b[39m',
    '  10:00–11:00  lobby  news     news.mp4',
  ]);
});
