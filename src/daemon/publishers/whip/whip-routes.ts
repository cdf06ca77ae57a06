import type { Clock } from '../../../contract/clock.ts';
import type { Config } from '../../../contract/config.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import type { Admission } from '../../public-server/admission.ts';
import type { AddressOf } from '../../public-server/client-address.ts';
import type { HttpSession } from '../../public-server/http-session.ts';
import { type SessionRequest, SessionRoutes } from '../../public-server/session-routes.ts';
import type { Desk } from '../../rooms/desk.ts';
import { roomClosed } from '../../rooms/errors.ts';
import { readOffer } from '../../sfu/offers/offer.ts';
import type { AdmittedPublisher, Applicant, Publishers } from '../publishers.ts';
import { openWhipSession } from './whip-session.ts';

export interface WhipOptions {
  readonly config: Pick<Config, 'plan' | 'limits'>;
  readonly desk: Pick<Desk, 'room' | 'tidy'>;
  readonly publishers: Pick<Publishers, 'admit' | 'begin' | 'setSilent' | 'end' | 'release'>;
  readonly admission: Admission;
  readonly addressOf: AddressOf;
  readonly clock: Clock;
}

/** WHIP (RFC 9725): any standard encoder publishes into a room by one POST, with the room's stream key as bearer token. */
export function whipRoutes(options: WhipOptions): SessionRoutes {
  return new SessionRoutes({
    protocol: 'whip',
    specification: 'RFC 9725',
    missing: 'PUBLISHER_NOT_FOUND',
    addressOf: options.addressOf,
    open: (request) => open(options, request),
  });
}

async function open(
  { config, desk, publishers, admission, clock }: WhipOptions,
  { room: name, sdp, address, authorization }: SessionRequest,
): Promise<HttpSession> {
  admission.knock(address);
  const secret = bearerOf(authorization);
  const offer = readOffer(sdp, 'sendonly');
  using scope = new DisposableStack();
  const ended = new AbortController();
  const end = () => ended.abort();
  const { id } = admit(publishers, { room: name, secret, protocol: 'whip', address, end });
  scope.defer(() => publishers.release(id));
  const room = desk.room(name);
  scope.defer(() => desk.tidy(room));
  scope.defer(room.hold());
  const { session, media, watch } = await openWhipSession(room, offer, config, clock);
  const held = scope.move();
  session.once('closed', () => held.dispose());
  session.once('connected', () => publishers.begin(id, media));
  watch.on('silent', () => publishers.setSilent(id, true));
  watch.on('heard', () => publishers.setSilent(id, false));
  watch.on('tooMuch', () => publishers.end(id, 'tooMuch'));
  watch.on('lost', () => publishers.end(id, 'silent'));
  ended.signal.addEventListener('abort', () => session.close());
  if (ended.signal.aborted) session.close();
  return session;
}

/** RFC 6750, 2.1. */
function bearerOf(authorization = ''): string {
  const secret = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization)?.[1];
  if (secret) return secret;
  throw refused('expected a stream key of this room as bearer token, got none');
}

function admit(publishers: WhipOptions['publishers'], applicant: Applicant): AdmittedPublisher {
  try {
    return publishers.admit(applicant);
  } catch (error) {
    if (error instanceof MiroliveError && error.code === 'STATE_LOST') throw roomClosed(applicant.room);
    const isOfKey = error instanceof MiroliveError && error.code.startsWith('KEY_');
    // The operator is told what is wrong with a key; a stranger must not find out which ones there are.
    throw isOfKey ? refused('expected a stream key of this room, got another text') : error;
  }
}

function refused(message: string): MiroliveError {
  return new MiroliveError('KEY_UNKNOWN', message, { hint: 'Ask who runs this server for a stream key' });
}
