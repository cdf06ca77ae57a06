import * as z from 'zod';
import { roomName } from '../names.ts';
import { routes } from '../routes.ts';
import { addedSchedule, occurrence, schedule, scheduleName, scheduleSpec, stoppedRun } from '../schedule.ts';
import type { Call } from './call.ts';

/** Calls about schedules. */
export const schedulesCalls = {
  addSchedule: {
    ...routes.addSchedule,
    needs: 'operate',
    summary: 'Have something happen in a room at an hour, once or again and again',
    params: z.strictObject({ name: scheduleName, spec: scheduleSpec }),
    result: addedSchedule,
    errors: ['SCHEDULE_EXISTS', 'STATE_UNAVAILABLE'],
  },
  listSchedules: {
    ...routes.listSchedules,
    needs: 'look',
    summary: 'Schedules, of one room or all, each with its next run and its last one',
    params: z.strictObject({ room: roomName.optional() }),
    result: z.array(schedule),
    errors: ['STATE_UNAVAILABLE'],
  },
  getSchedule: {
    ...routes.getSchedule,
    needs: 'look',
    summary: 'One schedule',
    params: z.strictObject({ name: scheduleName }),
    result: schedule,
    errors: ['SCHEDULE_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
  removeSchedule: {
    ...routes.removeSchedule,
    needs: 'operate',
    summary: 'Forget a schedule; a run that goes on ends at its time',
    params: z.strictObject({ name: scheduleName }),
    result: schedule,
    errors: ['SCHEDULE_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
  pauseSchedule: {
    ...routes.pauseSchedule,
    needs: 'operate',
    summary: 'Let a schedule rest, or go on; what would begin meanwhile does not',
    params: z.strictObject({ name: scheduleName, paused: z.boolean() }),
    result: schedule,
    errors: ['SCHEDULE_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
  runSchedule: {
    ...routes.runSchedule,
    needs: 'operate',
    summary: 'Run a schedule now, once, whatever its hours are',
    params: z.strictObject({ name: scheduleName }),
    result: schedule,
    errors: ['SCHEDULE_NOT_FOUND', 'SCHEDULE_RUNNING', 'STATE_UNAVAILABLE'],
  },
  stopSchedule: {
    ...routes.stopSchedule,
    needs: 'operate',
    summary: 'End what goes on of a schedule, on air or not yet; its next run comes',
    params: z.strictObject({
      name: scheduleName,
      /** Where more than one room has a run of this name, as parts of the day have. */
      room: roomName.optional(),
    }),
    result: stoppedRun,
    errors: ['SCHEDULE_NOT_FOUND', 'SCHEDULE_NOT_RUNNING', 'STATE_UNAVAILABLE'],
  },
  nextOccurrences: {
    ...routes.nextOccurrences,
    needs: 'look',
    summary: 'What the schedules that are not paused do in the next days, and when, the first first',
    params: z.strictObject({
      room: roomName.optional(),
      /** From when on, in ms since 1970; default: now. */
      fromMs: z.coerce.number().int().min(0).optional(),
      days: z.coerce.number().int().min(1).max(366).default(7),
    }),
    /** At most 1000 of each schedule. */
    result: z.array(occurrence),
    errors: ['STATE_UNAVAILABLE'],
  },
} as const satisfies Record<string, Call>;
