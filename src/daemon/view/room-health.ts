import type { RoomHealth } from '../../contract/view/health.ts';
import type { Health } from '../health.ts';
import type { Room } from '../rooms/room.ts';
import { audienceOf } from './audience-of.ts';
import { healthOf, type RoomFacts } from './health-of.ts';

/** What is known of rooms beside what they know themselves. */
export interface Around {
  readonly health: Pick<Health, 'degraded'>;
  /** Why viewers of a room suffer, be it a single one; null: nobody does. */
  readonly distress: (room: string) => RoomFacts['distress'];
  /** How slow a room's ffmpeg is; null: it keeps up. */
  readonly slow: (room: string) => RoomFacts['slow'];
}

/** How a room fares now. */
export function roomHealth(room: Room, { health, distress, slow }: Around): RoomHealth {
  const { name, entry, viewers, onAir: broadcast } = room;
  const programme = broadcast && room.actor.programmeState(broadcast.id, false);
  return healthOf({
    ...{ name, entry, broadcast, programme, audience: audienceOf(viewers) },
    missing: health.degraded.find(({ part }) => part === `room ${name}`) ?? null,
    ...{ distress: distress(name), slow: slow(name) },
  });
}
