import { expect, test } from 'vitest';
import { scheduleLines, scheduleTable } from '../../../src/cli/words/schedule-table.ts';
import { type Schedule, type ScheduleRun, scheduleSpec } from '../../../src/contract/schedule.ts';

const now = Date.parse('2026-12-01T12:00:00Z');
const plain = (_: unknown, text: string) => text;
const next = { at: '2026-12-02T09:00:00.000Z', endsAt: null };
const run = (outcome: ScheduleRun['outcome'], reason: string | null) =>
  ({ at: '2026-12-01T09:00:00.000Z', endsAt: null, outcome, reason }) as const;

function schedule(given: Partial<Schedule>): Schedule {
  const what = { call: 'startBroadcast', params: { source: { kind: 'test' } } } as const;
  return {
    ...{
      id: 's-aaaaaaaaaa',
      name: 'talk',
      words: 'stream test',
      paused: false,
      maker: 'anna',
      appliedBy: null,
    },
    spec: scheduleSpec.parse({ room: 'lobby', when: { cron: '0 9 * * *', zone: 'UTC' }, what }),
    ...{ createdAt: '2026-11-01T09:00:00.000Z', next, last: null },
    ...given,
  };
}

test.each<{ name: string; given: Partial<Schedule>; expected: string }>([
  { name: 'it is paused', given: { paused: true, next: null }, expected: 'paused' },
  { name: 'nothing comes any more', given: { next: null }, expected: 'none, its last hour is past' },
  {
    name: 'a person has the room',
    given: { last: run('waiting', 'cam1 is taken there') },
    expected: ': cam1 is taken there',
  },
  {
    name: 'it cannot be played',
    given: { last: run('failed', 'there is no file /srv/talk.mp4') },
    expected: ': there is no file /srv/talk.mp4',
  },
])('A schedule in the list, and alone, says why where $name', ({ given, expected }) => {
  const [, line = ''] = scheduleTable([schedule(given)], now, plain);
  expect(line).toContain(expected);
  expect(scheduleLines(schedule(given), now, plain).join('\n')).toContain(expected.replace(/^: /, ''));
});
