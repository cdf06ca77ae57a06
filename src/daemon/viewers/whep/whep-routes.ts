import type { Clock } from '../../../contract/clock.ts';
import type { AddressOf } from '../../public-server/client-address.ts';
import type { HttpSession } from '../../public-server/http-session.ts';
import { type SessionRequest, SessionRoutes } from '../../public-server/session-routes.ts';
import { roomIdle } from '../../rooms/errors.ts';
import { readOffer } from '../../sfu/offers/offer.ts';
import type { Attendance, Rooms } from '../attendance.ts';
import { openWhepSession } from './whep-session.ts';

export interface WhepOptions {
  readonly desk: Rooms;
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
  { desk, attendance, clock }: WhepOptions,
  { room: name, sdp, address, userAgent }: SessionRequest,
): Promise<HttpSession> {
  const seat = attendance.admit(address, name);
  try {
    const room = desk.findRoom(name);
    if (!room) throw roomIdle(name);
    const { session, media, renditions, picture } = await openWhepSession(
      room,
      readOffer(sdp, 'recvonly'),
      clock,
    );
    seat.join(room, { kind: 'whep', state: 'connecting', userAgent });
    seat.watch(media, renditions);
    if (!picture) seat.lacksPicture();
    session.once('connected', () => seat.become('playing'));
    session.once('closed', () => seat.leave());
    return session;
  } catch (error) {
    seat.leave();
    throw error;
  }
}
