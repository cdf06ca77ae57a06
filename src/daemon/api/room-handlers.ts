import { systemClock } from '../../contract/clock.ts';
import type { Links } from '../access/links.ts';
import type { EventHub } from '../event-hub.ts';
import type { StreamKeys } from '../publishers/keys/stream-keys.ts';
import type { Desk } from '../rooms/desk.ts';
import { idles } from '../rooms/room-state.ts';
import { inUse, type RoomUses } from '../rooms/room-uses.ts';
import type { Settings } from '../rooms/settings.ts';
import type { Schedules } from '../schedule/schedules.ts';
import type { DeedBook } from '../state/deed-book.ts';
import type { Handlers } from './handler-table.ts';

export interface RoomHandlerOptions {
  readonly desk: Pick<Desk, 'room' | 'findRoom' | 'awaits'>;
  readonly settings: Pick<Settings, 'of' | 'set' | 'make' | 'isMade' | 'forget'>;
  readonly keys: Pick<StreamKeys, 'list' | 'revoke'>;
  readonly links: Pick<Links, 'list' | 'revoke'>;
  readonly schedules: Pick<Schedules, 'list'>;
  /** What was done, and is not written yet. */
  readonly deeds: Pick<DeedBook, 'write'>;
  readonly hub: Pick<EventHub, 'announce'>;
  readonly viewerUrl: () => string;
}

/** What the calls do by which rooms are made, told how to be, and deleted. */
export function roomHandlers(options: RoomHandlerOptions) {
  const { desk, settings, keys, links, schedules, deeds, hub, viewerUrl } = options;
  const usesOf = (room: string): RoomUses => {
    const { broadcast } = desk.findRoom(room) ?? {};
    const of = { room, revoked: false };
    return {
      // What is on air only since the room always is ends with that.
      onAir: broadcast && !idles(broadcast) ? broadcast : null,
      coming: desk.awaits(room),
      schedules: schedules.list(room).map(({ name }) => name),
      ...{ keys: keys.list(of), links: links.list(of) },
    };
  };
  return {
    getRoom({ room }) {
      deeds.write();
      const { state = 'idle', viewers = 0 } = desk.findRoom(room)?.model() ?? {};
      return { ...settings.of(room), state, viewers, watchUrl: `${viewerUrl()}/${room}` };
    },
    setRoom: (input, { caller }) => settings.set(input, caller),
    createRoom(input, { caller }) {
      settings.make(input, caller);
      hub.announce({ type: 'room.created', room: input.room });
      return desk.room(input.room).model();
    },
    async deleteRoom({ room, revoke }, { caller }) {
      settings.isMade(room);
      const uses = usesOf(room);
      refuse(inUse(room, uses, revoke));
      for (const { id } of uses.keys) keys.revoke(id, caller);
      for (const { id } of uses.links) {
        links.revoke(id, caller);
        // There may be thousands, and each is written.
        await new Promise<void>((resolve) => systemClock.after(0, resolve));
      }
      // Somebody may have made another one meanwhile, or gone on air.
      refuse(inUse(room, usesOf(room), false));
      settings.forget(room, caller);
      hub.announce({ type: 'room.deleted', room });
      return {
        ...{ room, keys: uses.keys.length, links: uses.links.length },
        viewers: desk.findRoom(room)?.viewers.length ?? 0,
      };
    },
  } satisfies Partial<Handlers>;
}

function refuse(error: Error | null): void {
  if (error) throw error;
}
