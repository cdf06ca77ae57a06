import type { Clock } from '../../../contract/clock.ts';
import type { CompatibleCodec } from '../../../contract/plan.ts';
import type { Entrance, Links } from '../../access/links.ts';
import type { AddressOf } from '../../public-server/client-address.ts';
import type { HttpSession } from '../../public-server/http-session.ts';
import { type SessionRequest, SessionRoutes } from '../../public-server/session-routes.ts';
import { letsIn } from '../../rooms/entry.ts';
import { roomClosed, roomIdle } from '../../rooms/errors.ts';
import type { Room } from '../../rooms/room.ts';
import { readOffer } from '../../sfu/offers/offer.ts';
import { codecNames } from '../../sfu/offers/offered-codec.ts';
import type { Attendance, Rooms, Seat } from '../attendance.ts';
import { openWhepSession } from './whep-session.ts';

export interface WhepOptions {
  readonly desk: Rooms;
  readonly links: Pick<Links, 'entrance'>;
  readonly attendance: Attendance;
  readonly addressOf: AddressOf;
  readonly clock: Clock;
}

/** WHEP (draft-ietf-wish-whep): any standard player gets a room's programme by one POST. */
export function whepRoutes(options: WhepOptions): SessionRoutes {
  return new SessionRoutes({
    protocol: 'whep',
    specification: 'draft-ietf-wish-whep',
    missing: 'VIEWER_NOT_FOUND',
    addressOf: options.addressOf,
    open: (request) => open(options, request),
  });
}

async function open(
  { desk, attendance, links, clock }: WhepOptions,
  { room: name, sdp, address, userAgent, authorization }: SessionRequest,
): Promise<HttpSession> {
  const bearer = bearerIn(authorization);
  const comer = { address, browser: null, room: name };
  let entrance = null as Entrance | null;
  const seat = attendance.admit(comer, () => {
    entrance = bearer === null ? null : links.entrance(name, bearer);
    return entrance?.guest ?? null;
  });
  const requireOpen = () => {
    if (!letsIn(desk.entry(name))) throw roomClosed(name);
  };
  try {
    requireOpen();
    const room = desk.findRoom(name);
    if (!room?.served) throw roomIdle(name);
    const { session, media, renditions, picture } = await openWhepSession(
      room,
      readOffer(sdp, 'recvonly'),
      clock,
    );
    try {
      // While it was made nobody saw it who bans, revokes a link, or closes the room.
      attendance.refuse({ ...comer, guest: seat.guest });
      requireOpen();
      if (session.isClosed) throw roomIdle(name);
      entrance?.take();
    } catch (error) {
      session.close();
      throw error;
    }
    const close = () => session.close();
    const reach = { out: close, again: close, replaced: close, tell: null, changed: () => {} };
    seat.join(room, { kind: 'whep', state: 'connecting', userAgent }, reach);
    seat.watch(media, renditions);
    if (picture === 'none') seat.lacksPicture();
    else if (picture !== 'asIs') follow(room, picture, seat, session);
    session.once('connected', () => seat.become('playing'));
    session.once('closed', () => seat.leave());
    return session;
  } catch (error) {
    seat.leave();
    throw error;
  }
}

/** The secret of a link, or a pass, that a player was given as its token (RFC 6750, 2.1); null: it has none. */
function bearerIn(authorization: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** A picture that is made for the player, as long as it can be. */
function follow(room: Room, codec: CompatibleCodec, seat: Seat, session: HttpSession): void {
  const look = () => {
    if (room.compatibleProblem(codec) === null) seat.takesCompatible(codecNames[codec]);
    else seat.lacksPicture();
  };
  look();
  room.on('made', look);
  session.once('closed', () => room.off('made', look));
}
