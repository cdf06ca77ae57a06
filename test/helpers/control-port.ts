import { once } from 'node:events';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../../src/contract/clock.ts';
import { ControlServer } from '../../src/daemon/api/control-server.ts';
import { ControlSocket } from '../../src/daemon/api/control-socket.ts';
import { createDispatch, type Gate } from '../../src/daemon/api/dispatch.ts';
import type { Handlers } from '../../src/daemon/api/handler-table.ts';
import { type Bearer, bearerCallers } from '../../src/daemon/api/remote/bearer-callers.ts';
import { ControlPort, type ControlPortBounds } from '../../src/daemon/api/remote/control-port.ts';
import { ownCertificate } from '../../src/daemon/api/remote/own-certificate.ts';
import { EventHub } from '../../src/daemon/event-hub.ts';
import type { Trouble } from '../../src/daemon/health.ts';
import { keepEvents } from './history.ts';
import { silentLog, temporaryFolder } from './state.ts';

export interface PortOptions {
  readonly bounds?: Partial<ControlPortBounds>;
  readonly find?: (secret: string) => Bearer;
  readonly log?: Logger;
  /** The port's. */
  readonly clock?: Clock;
}

/** The one secret that is right where a test says nothing else; its bearer may do what the socket's user may. */
export const secret = 'mlt_right';
const usualFind = (given: string): Bearer =>
  given === secret ? { is: 'valid', principal: { kind: 'socket', user: 'anna' } } : { is: 'unknown' };

/** The control API of a daemon that does only this, on its socket and on a TCP port of loopback with a certificate of its own. */
export async function servedByPort(
  handlers: Partial<Handlers>,
  { bounds, find = usualFind, log = silentLog, clock = systemClock }: PortOptions = {},
) {
  const folder = temporaryFolder();
  const path = join(folder.path, 'control.sock');
  const hub = new EventHub();
  const troubles = new Map<string, Trouble>();
  const health = {
    lost: (part: string, trouble: Trouble) => void troubles.set(part, trouble),
    found: (part: string) => void troubles.delete(part),
  };
  const socket = await ControlSocket.take({ path, log: silentLog, clock: systemClock, health });
  const own = await ownCertificate(folder.path, systemClock.wallMs(), log);
  const port = ControlPort.create({
    ...{ host: '127.0.0.1', port: 0, files: { cert: own, key: own }, clock, health },
    callerOf: bearerCallers({ find, clock: systemClock, log }),
    ...(bounds && { bounds }),
  });
  const gate: Gate = { check: () => {}, admit: (_, input) => input, shown: (_, answer) => answer };
  const dispatch = createDispatch(handlers as Handlers, () => {}, gate);
  const past = keepEvents(folder.path, hub);
  const server = await ControlServer.create({
    socket,
    port,
    dispatch,
    gate,
    tokens: { onVoid: () => () => {} },
    hub,
    past: past.kept,
    log,
  });
  return {
    ...{ path, hub, port, own, troubles, folder: folder.path, close: () => server.close() },
    async [Symbol.asyncDispose]() {
      await server.close();
      await past[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** A connection to it with TLS, whose certificate is believed. */
export async function tlsTo(port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  return socket;
}
