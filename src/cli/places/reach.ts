import { lstatSync } from 'node:fs';
import { connect } from 'node:net';
import { MiroliveError } from '../../contract/errors.ts';
import { quoted } from '../../contract/quoted.ts';
import type { Line } from './line.ts';
import { type Place, placeName, type SocketPlace } from './place.ts';

/** How a place is reached; TLS is loaded only for one that takes it. */
export async function lineTo(place: Place): Promise<Line> {
  if (place.kind === 'socket') return socketLine(place);
  const { hostLine } = await import('./host-line.ts');
  return hostLine(place);
}

function socketLine({ path }: SocketPlace): Line {
  return {
    headers: {},
    open: () => connect(path),
    failure: (error) => unreachable(path, error),
  };
}

/** A daemon that was there is so no more. */
export function goneAway(place: Place, cause?: unknown): MiroliveError {
  return new MiroliveError('DAEMON_UNREACHABLE', `the daemon on ${placeName(place)} went away`, { cause });
}

function unreachable(socket: string, cause: NodeJS.ErrnoException): MiroliveError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such socket',
    ECONNREFUSED: 'nobody listens there any more',
    ENOTSOCK: 'this is not a socket',
    EACCES: 'this user may not open it',
  };
  const hints: Readonly<Record<string, string>> = {
    EACCES: `Run as the user of the daemon or in its group, see: ls -l ${quoted(socket)}`,
    ENOTSOCK: `Move it away, a daemon makes its socket there then: mv ${socket} ${socket}.old`,
  };
  // To the system, nobody listens on a file either.
  const isFile = () => lstatSync(socket, { throwIfNoEntry: false })?.isSocket() === false;
  const code = cause.code === 'ECONNREFUSED' && isFile() ? 'ENOTSOCK' : (cause.code ?? '');
  const hint = hints[code];
  return new MiroliveError(
    'DAEMON_UNREACHABLE',
    `no daemon answers on ${socket}: ${reasons[code] ?? cause.message}`,
    { cause, ...(hint !== undefined && { hint }) },
  );
}
