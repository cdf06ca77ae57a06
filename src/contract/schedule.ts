import * as z from 'zod';
import { control } from './control.ts';
import { time } from './models.ts';
import { roomName } from './names.ts';
import { cronProblem } from './schedule/cron.ts';
import { isZone, parseLocal } from './schedule/zone-times.ts';
import { publicSource, sourceWords } from './source-words.ts';
import { startParams } from './start-params.ts';

/** The name of a schedule. */
export const scheduleName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'expected 1 to 63 of a-z, 0-9 and -, not starting with - (such as morning)',
  );

/** A schedule's id: `s-` and ten of a-z and 2-7. */
export const scheduleId = z.string().regex(/^s-[a-z2-7]{10}$/, 'expected an id such as s-k3v7qm2xay');

const zone = z.string().refine(isZone, 'expected a time zone such as Europe/Berlin');
const localTime = z
  .string()
  .refine((text) => parseLocal(text) !== null, 'expected a day and a time such as 2026-12-01 09:00');
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of the day such as 17:30');
/** A year. */
const longestMs = 366 * 86_400_000;

const when = z.union([
  /** Once. */
  z.strictObject({ at: localTime, zone }),
  /** Again and again, by a pattern of five fields: minute, hour, day, month, weekday. */
  z.strictObject({ cron: z.string().max(200), zone }).superRefine(({ cron, zone: place }, context) => {
    const problem = isZone(place) ? cronProblem(cron, place) : null;
    if (problem === null) return;
    context.addIssue({
      code: 'custom',
      path: ['cron'],
      message: `expected a pattern such as 0 9 * * 1-5: ${problem}`,
    });
  }),
  /** Each so many ms of passing time, counted from a moment. */
  z.strictObject({ everyMs: z.int().min(60_000).max(longestMs), fromAt: time }),
]);

/** What may be done at an hour: a command of the contract, without its room. */
const scheduledCommands = ['take', 'release', 'slate', 'next', 'previous', 'add'] as const;
export type ScheduledCommand = (typeof scheduledCommands)[number];

export const scheduledCall = z.discriminatedUnion('call', [
  z.strictObject({
    call: z.literal('startBroadcast'),
    params: startParams
      .omit({ room: true, id: true, place: true, replaces: true, keep: true, wait: true })
      .refine(({ source }) => source.kind !== 'stdin', {
        path: ['source'],
        message: 'expected a source that can be opened at its hour, got a pipe',
      }),
  }),
  z.strictObject({
    call: z.literal('control'),
    params: z.strictObject({
      command: control.refine(
        ({ type }) => (scheduledCommands as readonly string[]).includes(type),
        `expected one of ${scheduledCommands.join(', ')}`,
      ),
    }),
  }),
]);
export type ScheduledCall = z.infer<typeof scheduledCall>;

/** What is to happen in a room, and when. */
export const scheduleSpec = z
  .strictObject({
    room: roomName,
    when,
    /** When each run is over: after so long, or at a time of the day in the zone of `when`; null: when its source is. */
    end: z
      .union([
        z.strictObject({ forMs: z.int().min(1000).max(longestMs) }),
        z.strictObject({ until: timeOfDay }),
      ])
      .nullable()
      .default(null),
    what: scheduledCall,
    /** Of runs that want a room at one moment the one with the higher number has it; of equals the one that began later. */
    priority: z.int().min(0).max(100).default(50),
    /** A run that could not begin in time, and whose end lies ahead, begins where it would be by then, or not at all. */
    onMissed: z.enum(['join', 'skip']).default('join'),
    /** So long before each run its source is looked at. */
    preflightMs: z.int().min(0).max(86_400_000).default(600_000),
  })
  .superRefine(({ what, end, when: times }, context) => {
    const wrong = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (end && !lasts(what)) wrong(['end'], 'expected no end: only a source, or the slate, lasts');
    if (end && 'until' in end && 'everyMs' in times)
      wrong(['end'], 'expected a length: what comes by passing time has no time of the day');
  });
export type ScheduleSpec = z.infer<typeof scheduleSpec>;
/** The same with its defaults left out. */
export type NewScheduleSpec = z.input<typeof scheduleSpec>;

/** When a run is. */
export interface Occurrence {
  readonly atMs: number;
  /** null: when its source is over, or at once. */
  readonly endsAtMs: number | null;
}

/** How a run went, or goes. `waiting`: it is to be on air, and something holds it off. */
export const runOutcome = z.enum(['waiting', 'running', 'ended', 'stopped', 'failed', 'missed']);
export type RunOutcome = z.infer<typeof runOutcome>;

export const scheduleRun = z.strictObject({
  /** When it was to begin. */
  at: time,
  endsAt: time.nullable(),
  outcome: runOutcome,
  /** Why it waits, failed, was missed or stopped; null: nothing to say. */
  reason: z.string().nullable(),
});
export type ScheduleRun = z.infer<typeof scheduleRun>;

/** What somebody has ended. */
export const stoppedRun = z.strictObject({
  schedule: scheduleName,
  room: roomName,
  words: z.string(),
  /** false: what is above it keeps it there until that is over. */
  gone: z.boolean(),
});
export type StoppedRun = z.infer<typeof stoppedRun>;

export const occurrence = z.strictObject({
  schedule: scheduleName,
  room: roomName,
  words: z.string(),
  at: time,
  endsAt: time.nullable(),
  priority: z.int(),
});
export type ListedOccurrence = z.infer<typeof occurrence>;

/** A schedule as the daemon has it. */
export const schedule = z.strictObject({
  id: scheduleId,
  name: scheduleName,
  spec: scheduleSpec,
  /** What it does, such as `stream talk.mp4`. */
  words: z.string(),
  paused: z.boolean(),
  /** Who made it. */
  maker: z.string(),
  /** The name of the event file that declared it; null: none did. */
  appliedBy: z.string().nullable(),
  createdAt: time,
  /** null: it is paused, or nothing comes any more. */
  next: z.strictObject({ at: time, endsAt: time.nullable() }).nullable(),
  /** The one that goes on, or the last one; null: there was none. */
  last: scheduleRun.nullable(),
});
export type Schedule = z.infer<typeof schedule>;

/** One that was just made. */
export const addedSchedule = schedule.extend({
  /** What would keep it off air if its hour were now, of what is found at once; null: nothing. */
  warning: z.strictObject({ reason: z.string(), hint: z.string() }).nullable(),
});

/** What goes on until an end; the rest is done in a moment. */
export function lasts({ call, params }: ScheduledCall): boolean {
  if (call === 'startBroadcast') return true;
  const { command } = params;
  return command.type === 'take' || (command.type === 'slate' && command.on);
}

/** The same as it may be shown to everybody: addresses without their secrets. */
export function publicCall({ call, params }: ScheduledCall): ScheduledCall {
  if (call === 'startBroadcast') return { call, params: { ...params, source: publicSource(params.source) } };
  const { command } = params;
  if (command.type === 'take')
    return { call, params: { command: { ...command, source: publicSource(command.source) } } };
  if (command.type !== 'add') return { call, params };
  const { items } = publicSource({
    kind: 'playlist',
    items: command.items,
    loop: false,
    shuffle: false,
  }) as Pick<typeof command, 'items'>;
  return { call, params: { command: { ...command, items } } };
}

/** What a schedule does, in words: `stream talk.mp4`, `slate on`. */
export function scheduledWords({ call, params }: ScheduledCall): string {
  if (call === 'startBroadcast') {
    const source = sourceWords(params.source);
    return `stream ${params.name === undefined ? source : `${params.name} (${source})`}`;
  }
  const { command } = params;
  switch (command.type) {
    case 'take':
      return `take ${sourceWords(command.source)}`;
    case 'release':
      return 'take programme';
    case 'slate':
      return `slate ${command.on ? 'on' : 'off'}`;
    case 'add':
      return `playlist add, ${command.items.length} of it`;
    default:
      return `playlist ${command.type}`;
  }
}
