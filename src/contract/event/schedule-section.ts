import * as z from 'zod';
import type { Control } from '../control.ts';
import { maxPlaylistItems, type NewPlaylistItem, time } from '../models.ts';
import { roomName } from '../names.ts';
import { type NewScheduleSpec, scheduleSpec } from '../schedule.ts';
import { durationMs } from '../units.ts';
import type { FileBroadcast } from './file-broadcast.ts';

/** A command without a source, or with items that are yet to be checked. */
type FileCommand =
  | Exclude<Control, { type: 'take' | 'add' }>
  | { readonly type: 'add'; readonly items: NewPlaylistItem[]; readonly at: number | null };

/** What happens at an hour, as the file says it. */
export type FileCall =
  | { readonly call: 'startBroadcast'; readonly params: FileBroadcast }
  | { readonly call: 'take'; readonly source: FileBroadcast['source'] }
  | { readonly call: 'control'; readonly params: { readonly command: FileCommand } };

/** A schedule, as the file says it. */
export interface FileSchedule extends Omit<NewScheduleSpec, 'what'> {
  readonly what: FileCall;
  /** Without it that stays as it is. */
  readonly paused?: boolean;
}

const times = ['at', 'cron', 'every'] as const;
const doings = ['stream', 'take', 'slate', 'playlist'] as const;

/** A schedule in the words of `mirolive schedule add`. @param played what is put on air @param items those of a playlist */
export function scheduleSection(played: z.ZodType<FileBroadcast>, items: z.ZodType<NewPlaylistItem[]>) {
  const added = z.strictObject({
    add: items,
    /** The number that the first of them has in the list afterwards; behind the last one without it. */
    at: z.int().min(1).max(maxPlaylistItems).optional(),
  });
  return z
    .strictObject({
      room: roomName,
      /** Once: 2026-12-01 09:00 */
      at: z.string().optional(),
      /** Minute, hour, day, month, weekday. */
      cron: z.string().optional(),
      /** Each so long, counted from `from`. */
      every: durationMs.optional(),
      from: time.optional(),
      /** Of `at` and `cron`. */
      zone: z.string().optional(),
      /** How long each run is. */
      for: durationMs.optional(),
      /** When it is over, in the zone. */
      until: z.string().optional(),
      stream: played.optional(),
      take: z.union([z.literal('programme'), played]).optional(),
      slate: z.union([z.boolean(), z.enum(['on', 'off'])], 'expected on or off').optional(),
      playlist: z
        .union([z.enum(['next', 'previous']), added], {
          error: ({ input }) =>
            typeof input === 'object' ? undefined : 'expected next, previous, or add with items',
        })
        .optional(),
      priority: z.int().min(0).max(100).optional(),
      onMissed: z.enum(['join', 'skip']).optional(),
      preflight: durationMs.optional(),
      paused: z.boolean().optional(),
    })
    .transform((raw, context): FileSchedule => {
      const fail = (key: string, message: string) =>
        context.issues.push({ code: 'custom', message, path: [key], input: raw });
      for (const choice of [times, doings]) {
        const given = choice.filter((key) => raw[key] !== undefined);
        if (given.length !== 1) fail(given[1] ?? choice[0], `expected one of ${choice.join(', ')}`);
      }
      if (raw.every === undefined && raw.zone === undefined)
        fail('zone', 'expected the time zone that it is in, such as Europe/Berlin');
      if (raw.every !== undefined && raw.from === undefined)
        fail('from', 'expected a moment to count from, such as 2026-12-01T09:00:00Z');
      const what = callOf(raw);
      if (what === null || context.issues.length > 0) return z.NEVER;
      const spec: FileSchedule = {
        ...{ room: raw.room, when: whenOf(raw), end: endOf(raw), what },
        ...(raw.priority !== undefined && { priority: raw.priority }),
        ...(raw.onMissed !== undefined && { onMissed: raw.onMissed }),
        ...(raw.preflight !== undefined && { preflightMs: raw.preflight }),
      };
      // What is put on air was read already.
      const checked = scheduleSpec.safeParse({ ...spec, what: standIn(what) });
      for (const { path, message } of checked.error?.issues ?? [])
        fail(keyOf(path.map(String), raw), message);
      return { ...spec, ...(raw.paused !== undefined && { paused: raw.paused }) };
    });
}

interface Raw {
  readonly at?: string | undefined;
  readonly cron?: string | undefined;
  readonly every?: number | undefined;
  readonly from?: string | undefined;
  readonly zone?: string | undefined;
  readonly for?: number | undefined;
  readonly until?: string | undefined;
  readonly stream?: FileBroadcast | undefined;
  readonly take?: FileBroadcast | 'programme' | undefined;
  readonly slate?: boolean | 'on' | 'off' | undefined;
  readonly playlist?:
    | 'next'
    | 'previous'
    | { readonly add: NewPlaylistItem[]; readonly at?: number | undefined }
    | undefined;
}

function callOf({ stream, take, slate, playlist }: Raw): FileCall | null {
  if (stream) return { call: 'startBroadcast', params: stream };
  if (take === 'programme') return { call: 'control', params: { command: { type: 'release' } } };
  if (take) return { call: 'take', source: take.source };
  if (slate !== undefined) {
    const on = slate === true || slate === 'on';
    return { call: 'control', params: { command: { type: 'slate', on } } };
  }
  if (playlist === undefined) return null;
  if (typeof playlist === 'string') return { call: 'control', params: { command: { type: playlist } } };
  const { add: items, at } = playlist;
  const command = { type: 'add' as const, items, at: at === undefined ? null : at - 1 };
  return { call: 'control', params: { command } };
}

function whenOf({ at, cron, every, from = '', zone = '' }: Raw): NewScheduleSpec['when'] {
  if (every !== undefined) return { everyMs: every, fromAt: from };
  return cron === undefined ? { at: at ?? '', zone } : { cron, zone };
}

function endOf({ for: forMs, until }: Raw): NewScheduleSpec['end'] {
  if (forMs !== undefined) return { forMs };
  return until === undefined ? null : { until };
}

function standIn(what: FileCall): NewScheduleSpec['what'] {
  const source = { kind: 'slate' } as const;
  if (what.call === 'startBroadcast') return { call: 'startBroadcast', params: { source } };
  return what.call === 'take' ? { call: 'control', params: { command: { type: 'take', source } } } : what;
}

/** The key of the file that a part of the schedule came from. */
function keyOf(path: readonly string[], raw: Raw): string {
  const last = path.at(-1) ?? '';
  if (path[0] === 'when') return last === 'everyMs' ? 'every' : last === 'when' ? 'at' : last;
  if (path[0] === 'end') return raw.for === undefined ? 'until' : 'for';
  return last;
}
