import { MiroliveError } from '../../contract/errors.ts';
import type { Desk } from '../rooms/desk.ts';
import type { Schedules } from '../schedule/schedules.ts';
import type { Things } from './gate.ts';
import type { Links } from './links.ts';

export interface ThingsOptions {
  readonly desk: Pick<Desk, 'broadcast'>;
  readonly links: Pick<Links, 'roomOf'>;
  readonly schedules: Pick<Schedules, 'get' | 'roomsOf'>;
}

/** In which rooms that is what calls name by its id, or by a name of its own. */
export function roomsOfThings({ desk, links, schedules }: ThingsOptions): Things {
  const broadcast = {
    rooms: ({ id }: { readonly id: string }) => [desk.broadcast(id).room],
    absent: ({ id }: { readonly id: string }) =>
      new MiroliveError('BROADCAST_NOT_FOUND', `there is no broadcast ${id}`),
  };
  const noSchedule = ({ name }: { readonly name: string }) =>
    new MiroliveError('SCHEDULE_NOT_FOUND', `there is no schedule ${name}`, { details: { name } });
  const schedule = {
    rooms: ({ name }: { readonly name: string }) => [schedules.get(name).spec.room],
    absent: noSchedule,
  };
  return {
    revokeLink: {
      rooms: ({ id }) => [links.roomOf(id)],
      absent: ({ id }) => new MiroliveError('LINK_NOT_FOUND', `there is no link ${id}`),
    },
    ...{ getBroadcast: broadcast, stopBroadcast: broadcast },
    ...{ getSchedule: schedule, removeSchedule: schedule, pauseSchedule: schedule, runSchedule: schedule },
    stopSchedule: {
      // Parts of the day have runs of one name in many rooms.
      rooms: ({ name, room }) => (room === undefined ? schedules.roomsOf(name) : [room]),
      absent: noSchedule,
    },
  };
}
