import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Principal } from '../../contract/principal.ts';
import { peerUser } from './peer-user.ts';

/** Says who makes a request, when nothing but its headers is read. @throws MiroliveError where nobody is to be answered otherwise */
export type CallerOf = (request: IncomingMessage) => Principal;

/** Who calls by the control socket: the user at its other end, asked for once for each connection. */
export function socketCallers(): CallerOf {
  const users = new WeakMap<Socket, string | null>();
  return ({ socket }) => {
    const known = users.get(socket);
    const user = known === undefined ? peerUser(socket) : known;
    users.set(socket, user);
    return { kind: 'socket', user };
  };
}
