import type { Ban } from '../../contract/bans.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { maySee, type Principal, roomsOf } from '../../contract/principal.ts';
import type { Desk } from '../rooms/desk.ts';
import type { Bans } from '../viewers/bans.ts';
import type { Hands } from '../viewers/hands.ts';
import type { LineSampler } from '../viewers/line-sampler.ts';
import type { Steering } from '../viewers/steering.ts';
import type { Handlers } from './handler-table.ts';

export interface ViewerHandlerOptions {
  readonly desk: Pick<Desk, 'rooms'>;
  readonly lines: Pick<LineSampler, 'lookAtNew'>;
  readonly steering: Pick<Steering, 'kick' | 'ban' | 'message' | 'announce'>;
  readonly bans: Pick<Bans, 'list' | 'lift'>;
  readonly hands: Pick<Hands, 'list' | 'lower'>;
}

/** What the calls do by which viewers are listed, put out, kept out, and told something. */
export function viewerHandlers({ desk, lines, steering, bans, hands }: ViewerHandlerOptions) {
  return {
    listViewers: async ({ room }) => {
      await lines.lookAtNew(room);
      return desk.rooms.flatMap(({ name, viewers }) => (room === undefined || name === room ? viewers : []));
    },
    kickViewers: (input, { caller }) => steering.kick(input, caller),
    listHands: ({ room }) => hands.list(room),
    lowerHands: ({ ids, room }, { caller }) => {
      const up = hands.list(room).filter((one) => maySee(caller, one.room));
      const lowered = up.map(({ id }) => id).filter((id) => ids?.includes(id) ?? true);
      const missing = [...new Set(ids)].filter((id) => !lowered.includes(id));
      if (lowered.length === 0 && missing.length > 0) throw noHand(missing);
      for (const id of lowered) hands.lower(id, 'operator');
      return { lowered, missing };
    },
    messageViewer: (input, { caller }) => steering.message(input, caller),
    announce: (input, { caller }) => steering.announce(input, caller),
    ban: (input, { caller }) => steering.ban(input, caller),
    listBans: ({ room }, { caller }) => bans.list(room).filter((ban) => isOf(caller, ban)),
    unban: ({ id }, { caller }) => {
      // Whoever may not see it is told that there is none.
      const isTheirs =
        roomsOf(caller) === null || bans.list().some((ban) => ban.id === id && isOf(caller, ban));
      return bans.lift(isTheirs ? id : `${id} of your rooms`, caller);
    },
  } satisfies Partial<Handlers>;
}

function noHand(ids: readonly string[]): MiroliveError {
  return new MiroliveError('VIEWER_NOT_FOUND', `no hand is up of ${ids.slice(0, 5).join(', ')}`, {
    hint: 'See which are: mirolive hands',
  });
}

/** A ban from all rooms is of who is bound to none. */
function isOf(caller: Principal, { room }: Ban): boolean {
  const rooms = roomsOf(caller);
  return rooms === null || (room !== null && rooms.includes(room));
}
