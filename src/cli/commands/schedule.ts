import { hostname } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import type { CallResult } from '../../contract/api.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { ListedOccurrence, NewScheduleSpec } from '../../contract/schedule.ts';
import { type Context, connect } from '../program/context.ts';
import { duration, wholeNumber } from '../program/options.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import type { TimeFlags } from '../sources/schedule-times.ts';
import { count, printable } from '../words/format.ts';
import { iCalendar } from '../words/icalendar.ts';
import { type ComingRun, scheduleCalendar } from '../words/schedule-calendar.ts';
import { nextWords, scheduleLines, scheduleTable, stoppedWords } from '../words/schedule-table.ts';

interface AddOptions extends TimeFlags {
  readonly priority?: number;
  readonly onMissed?: NewScheduleSpec['onMissed'];
  readonly preflight?: number;
}

interface NextOptions extends RoomOption {
  readonly days?: number;
  readonly gaps?: boolean;
  readonly ics?: boolean;
}

/** `mirolive schedule …` */
export function add(program: Verb): void {
  const schedule = program.verb(
    'schedule',
    'Have something happen in a room at an hour, once or again and again.',
    [
      'mirolive schedule add talk --at "2026-12-01 09:00" -- take cam1 --room lobby',
      'mirolive schedule next --days 7',
    ],
  );
  schedule
    .verb(
      'add',
      'Make a schedule. What stands behind -- is a command as it is typed: stream, take, playlist next, previous or add, slate. A stream goes above what is on air in its room, and at its end the room is back where it would be.',
      [
        'mirolive schedule add a --at "2026-12-01 09:00" -- take cam1 --room lobby',
        'mirolive schedule add b --cron "0 9 * * 1-5" --for 1h -- take cam1 --room b',
        'mirolive schedule add c --every 1h -- playlist add jingle.mp4 --room c',
        'mirolive schedule add d --cron "0 22 * * *" --until 06:00 -- slate on --room d',
      ],
    )
    .argument('<name>', 'what it is called: a-z, 0-9 and -')
    .argument('<command...>', 'behind --: what it does')
    .usage('<name> --at <time>|--cron <pattern>|--every <time> [options] -- <command...>')
    .option(
      '--at <time>',
      'once: a day and a time, such as "2026-12-01 09:00" or "2026-12-01 09:00 Europe/Berlin"',
    )
    .option(
      '--cron <pattern>',
      'again and again: minute, hour, day, month and weekday, such as "0 9 * * 1-5"',
    )
    .option('--every <time>', 'each so long, such as 1h, from now or from --at on', duration)
    .option('--zone <zone>', "time zone of --at, --cron and --until; this machine's by default")
    .option('--for <time>', 'how long each run lasts at most, such as 1h', duration)
    .option('--until <time>', 'the time of the day at which each run ends, such as 17:30')
    .option(
      '--priority <number>',
      '0 to 100: of two in a room the higher one is on air; 50 by default',
      priority,
    )
    .addOption(
      new Option(
        '--on-missed <what>',
        'a run that could not begin in time: join where it would be, or skip',
      ).choices(['join', 'skip']),
    )
    .option('--preflight <time>', 'so long before each run its source is looked at; 10m by default', duration)
    .does(addSchedule);
  schedule
    .verb('list', 'Schedules, each with its next run and its last one.', [
      'mirolive schedule list',
      'mirolive schedule list --room lobby --json',
    ])
    .option('--room <room>', 'only of this room')
    .does(async (context, { room }: RoomOption) => {
      const all = await (await connect(context)).call('listSchedules', { room });
      context.output.show(all, () => scheduleTable(all, Date.now(), context.output.paint));
      return undefined;
    });
  for (const [verb, words, call] of oneCalls)
    schedule
      .verb(verb, words, [`mirolive schedule ${verb} morning`])
      .argument('<schedule>', 'its name')
      .does(async (context, name: string) => {
        const client = await connect(context);
        const one =
          call === 'pauseSchedule'
            ? await client.call(call, { name, paused: verb === 'pause' })
            : await client.call(call, { name });
        const { paint } = context.output;
        context.output.show(one, () =>
          call === 'removeSchedule' ? [`Removed: schedule ${name}`] : scheduleLines(one, Date.now(), paint),
        );
        return undefined;
      });
  schedule
    .verb(
      'stop',
      'End what goes on of a schedule, on air or not yet. Its next run comes: mirolive schedule pause prevents that.',
      ['mirolive schedule stop morning', 'mirolive schedule stop daypart-0600 --room channel'],
    )
    .argument('<schedule>', 'its name')
    .option('--room <room>', 'where several rooms have a run of that name, as parts of the day have')
    .does(async (context, name: string, { room }: RoomOption) => {
      const stopped = await (await connect(context)).call('stopSchedule', { name, room });
      context.output.show(stopped, () => [stoppedWords(stopped)]);
      return undefined;
    });
  schedule
    .verb('next', 'What comes, as a calendar by the clock of this machine.', [
      'mirolive schedule next',
      'mirolive schedule next --days 30 --room lobby',
      'mirolive schedule next --gaps',
      'mirolive schedule next --days 90 --ics > mirolive.ics',
    ])
    .option('--days <number>', 'so many days; 7 by default', days)
    .option('--room <room>', 'only of this room')
    .option('--gaps', 'also when nothing is scheduled in rooms that have something')
    .option('--ics', 'as iCalendar, for calendar programs')
    .does(next);
}

const oneCalls = [
  ['show', 'All of one schedule.', 'getSchedule'],
  ['remove', 'Forget a schedule. A run that goes on ends at its time.', 'removeSchedule'],
  ['pause', 'Let a schedule rest: what would begin meanwhile does not.', 'pauseSchedule'],
  ['resume', 'Let a schedule go on that was paused.', 'pauseSchedule'],
  ['run', 'Run a schedule now, once.', 'runSchedule'],
] as const;

async function addSchedule(
  context: Context,
  name: string,
  line: readonly string[],
  options: AddOptions,
): Promise<undefined> {
  const { output } = context;
  // Loaded here: patterns and zones take their time.
  const [{ scheduleTimes }, { scheduledCommand }] = await Promise.all([
    import('../sources/schedule-times.ts'),
    import('../sources/scheduled-command.ts'),
  ]);
  const now = Date.now();
  const times = scheduleTimes(options, ownZone(), now);
  const { priority: number, onMissed, preflight: preflightMs } = options;
  const what = await scheduledCommand(context, line);
  const spec = { ...times, ...what, priority: number, onMissed, preflightMs };
  const { warning, ...made } = await (await connect(context)).call('addSchedule', { name, spec });
  const near = warning && (await withNearName(warning));
  output.show({ ...made, warning: near }, () => [
    `Schedule ${made.name}: ${printable(made.words)} in ${made.spec.room}, next ${nextWords(made, now)}`,
  ]);
  if (near) output.warn(`it would not be on air now: ${near.reason}; next: ${near.hint}`);
}

async function next(
  context: Context,
  { days: number = 7, room, ics, gaps }: NextOptions,
): Promise<undefined> {
  const { output } = context;
  const nowMs = Date.now();
  const coming = await (await connect(context)).call('nextOccurrences', { room, days: number });
  const runs = coming.map(comingRun);
  const within = { fromMs: nowMs, toMs: nowMs + number * 86_400_000 };
  if (ics === true) output.stdout.write(iCalendar(runs, { host: hostname(), nowMs }));
  else
    output.show(coming, () =>
      runs.length === 0
        ? [`Nothing is scheduled in the next ${count(number, 'day')}.`]
        : [
            ...scheduleCalendar(
              runs,
              { zone: ownZone(), columns: output.columns, gapsWithin: gaps === true ? within : null },
              output.paint,
            ),
            ...['', output.paint('dim', `By the clock of ${ownZone()}.`)],
          ],
    );
}

function comingRun({ at, endsAt, ...run }: ListedOccurrence): ComingRun {
  return { ...run, atMs: Date.parse(at), endsAtMs: endsAt === null ? null : Date.parse(endsAt) };
}

function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function priority(text: string): number {
  const number = wholeNumber(text);
  if (number > 100) throw new InvalidArgumentError('Expected a whole number from 0 to 100.');
  return number;
}

function days(text: string): number {
  const number = wholeNumber(text);
  if (number < 1 || number > 366) throw new InvalidArgumentError('Expected a whole number from 1 to 366.');
  return number;
}

type Warning = NonNullable<CallResult<'addSchedule'>['warning']>;

/** As for a file that is missing now: one whose name is nearly that is named. */
async function withNearName({ reason, hint }: Warning): Promise<Warning> {
  const { withNearName: near } = await import('../sources/local-file.ts');
  const error = await near(new MiroliveError('SOURCE_NOT_FOUND', reason, { hint }));
  return { reason: error.message, hint: error.hint };
}
