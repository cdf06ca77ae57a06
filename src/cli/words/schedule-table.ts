import type { RunOutcome, Schedule, StoppedRun } from '../../contract/schedule.ts';
import { moment, type Paint, printable, span, table, zoneAt } from './format.ts';

/** Schedules as a table; a sentence with the way on if there are none. */
export function scheduleTable(schedules: readonly Schedule[], now: number, paint: Paint): string[] {
  if (schedules.length === 0) return ['No schedules. How one is made: mirolive schedule add --help'];
  return table(
    ['NAME', 'ROOM', 'WHAT', 'NEXT', 'LAST'],
    schedules.map((one) => [
      one.name,
      one.spec.room,
      printable(one.words),
      one.paused ? paint('yellow', 'paused') : nextWords(one, now),
      `${lastWords(one, now, paint)}${one.last?.reason ? `: ${printable(one.last.reason)}` : ''}`,
    ]),
    paint,
  );
}

/** All that is to be known of one. */
export function scheduleLines(one: Schedule, now: number, paint: Paint): string[] {
  const { spec, last } = one;
  return [
    `${one.name}: ${printable(one.words)} in ${spec.room}`,
    `when       ${whenWords(spec)}`,
    `next       ${one.paused ? `paused; go on: mirolive schedule resume ${one.name}` : nextWords(one, now)}`,
    ...(one.next?.endsAt
      ? [`           until ${moment(one.next.endsAt, now)} ${zoneAt(one.next.endsAt)}`]
      : []),
    `last       ${lastWords(one, now, paint)}`,
    ...(last?.outcome === 'running' && last.endsAt
      ? [`           until ${moment(last.endsAt, now)} ${zoneAt(last.endsAt)}`]
      : []),
    ...(last?.reason ? [`           ${printable(last.reason)}`] : []),
    `looked at  ${spec.preflightMs === 0 ? 'not before it begins' : `from ${span(spec.preflightMs)} before it begins on`}`,
    `priority   ${spec.priority}`,
    `missed     ${spec.onMissed === 'join' ? 'begins where it would be by then' : 'does not begin later'}`,
    `made by    ${printable(one.maker)}${one.appliedBy === null ? '' : `, in ${one.appliedBy}`}`,
  ];
}

/** What became of a run that somebody has ended. */
export function stoppedWords({ schedule, room, words, gone }: StoppedRun): string {
  const what = `schedule ${schedule}, ${printable(words)} in ${room}`;
  return gone
    ? `Stopped: ${what}`
    : `Stops once what is above it is over: ${what}; see that: mirolive programme --room ${room}`;
}

/** `Tue 1 Dec 09:00:00 CET, in 1 d 2 h`, by the clock of who reads it. */
export function nextWords(
  { next }: { readonly next: Pick<NonNullable<Schedule['next']>, 'at'> | null },
  now: number,
): string {
  if (next === null) return 'none, its last hour is past';
  return `${moment(next.at, now)} ${zoneAt(next.at)}, in ${span(Date.parse(next.at) - now)}`;
}

function whenWords({ when, end }: Schedule['spec']): string {
  const until = end === null ? '' : 'forMs' in end ? `, for ${span(end.forMs)}` : `, until ${end.until}`;
  if ('at' in when) return `${when.at} ${when.zone}${until}`;
  if ('cron' in when) return `${printable(when.cron)} ${when.zone}${until}`;
  return `each ${span(when.everyMs)} from ${when.fromAt} on${until}`;
}

function lastWords({ last }: Schedule, now: number, paint: Paint): string {
  if (last === null) return 'none yet';
  const bad: readonly RunOutcome[] = ['failed', 'missed', 'waiting'];
  const word = bad.includes(last.outcome) ? paint('yellow', last.outcome) : last.outcome;
  return `${word}, ${moment(last.at, now)}`;
}
