import { type Client, createClient } from './client.ts';
import { findPlace, hostPlace } from './places/find-place.ts';
import type { Place } from './places/place.ts';
import { readEnvironment } from './program/environment.ts';

export type { CallName, CallParams, CallResult } from '../contract/api.ts';
export { type ErrorCode, MiroliveError } from '../contract/errors.ts';
export type { Event } from '../contract/events.ts';
export type { Broadcast, Room, Source, Status, Viewer } from '../contract/models.ts';
export type { View } from '../contract/view/view.ts';
export type { ViewedRoom } from '../contract/view/viewed-room.ts';
export type { CallOptions, Client } from './client.ts';
export type { Observed, ObserveParams } from './observed-view.ts';

/** A daemon of this machine, by its control socket. */
export interface SocketOptions {
  /** Its path. */
  readonly socket: string;
}

/** A daemon of another machine. */
export interface HostOptions {
  /** `live.example.org`, with `:PORT` where that is not 9443. */
  readonly host: string;
  /** As `mirolive tokens create` has shown it. */
  readonly token: string;
  /** The SHA-256 print of its certificate, as `mirolive status` shows it there. Default: authorities that this machine trusts vouch for it. */
  readonly fingerprint?: string;
}

/**
 * A client of a daemon, once it has answered. Default: the daemon that `mirolive` would ask, by MIROLIVE_SOCKET, MIROLIVE_HOST and MIROLIVE_TOKEN,
 * MIROLIVE_CONTEXT, the context in use, else this machine's own. Nothing has to be closed.
 *
 * @throws MiroliveError DAEMON_UNREACHABLE, DAEMON_UNTRUSTED, DAEMON_INCOMPATIBLE, UNAUTHENTICATED, USAGE
 */
export async function connect(to?: SocketOptions | HostOptions): Promise<Client> {
  const client = createClient(await placeOf(to));
  await client.call('version', {});
  return client;
}

async function placeOf(to: SocketOptions | HostOptions | undefined): Promise<Place> {
  if (to && 'socket' in to) return { kind: 'socket', path: to.socket };
  const environment = readEnvironment();
  const warn = (message: string) => process.emitWarning(message);
  return to ? hostPlace(to, {}, environment, warn) : await findPlace({}, environment, warn);
}
