import type { CallName } from './api.ts';

/**
 * What a call is about, for somebody who is bound to rooms. `none`: no room; `room`: the one that it names; `rooms`: the one that it names, or
 * all, of which the answer has those only that he may see; `thing`: something that is in a room, which the daemon knows.
 */
export type CallRooms = 'none' | 'room' | 'rooms' | 'thing';

/** Of each call that somebody may make who is no admin. What is not here is about the machine, and not for those who are bound to rooms. */
export const callRooms: Readonly<Partial<Record<CallName, CallRooms>>> = {
  ...{ version: 'none', openapi: 'none', probe: 'none', scan: 'none' },
  ...{ status: 'rooms', events: 'rooms', listRooms: 'rooms', listBroadcasts: 'rooms', listViewers: 'rooms' },
  ...{ observe: 'rooms', listPublishers: 'rooms', listSchedules: 'rooms', nextOccurrences: 'rooms' },
  ...{
    startBroadcast: 'room',
    stopRoom: 'room',
    keepBroadcast: 'room',
    getProgramme: 'room',
    getStill: 'room',
    control: 'room',
  },
  addSchedule: 'room',
  ...{ createLink: 'room', listLinks: 'rooms', revokeLink: 'thing' },
  ...{ listHands: 'rooms', lowerHands: 'rooms' },
  ...{ announce: 'room', ban: 'room', listBans: 'rooms' },
  // Of a broadcast that is over the history knows where it was: whoever tells it looks.
  getReport: 'rooms',
  // Whoever is bound to rooms finds in them only those of his own: whoever does it looks.
  ...{ kickViewers: 'none', messageViewer: 'none', unban: 'none' },
  ...{ getBroadcast: 'thing', stopBroadcast: 'thing' },
  ...{ getSchedule: 'thing', removeSchedule: 'thing', pauseSchedule: 'thing', runSchedule: 'thing' },
  stopSchedule: 'thing',
};
