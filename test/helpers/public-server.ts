import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../src/contract/clock.ts';
import { config as configSchema, roomConfig } from '../../src/contract/config.ts';
import { Links } from '../../src/daemon/access/links.ts';
import { EventHub } from '../../src/daemon/event-hub.ts';
import type { Health } from '../../src/daemon/public-server/health-routes.ts';
import type { ServerTimes } from '../../src/daemon/public-server/server-times.ts';
import { ViewerServer } from '../../src/daemon/public-server/viewer-server.ts';
import type { Entry } from '../../src/daemon/rooms/entry.ts';
import { Room } from '../../src/daemon/rooms/room.ts';
import { Bans } from '../../src/daemon/viewers/bans.ts';
import { Hands } from '../../src/daemon/viewers/hands.ts';
import type { Coming } from '../../src/daemon/viewers/page-tidings.ts';
import { Tickets } from '../../src/daemon/viewers/tickets.ts';
import { nothingOnAir, nothingToEncode } from './nothing-on-air.ts';
import { openState, silentLog, temporaryFolder } from './state.ts';

export interface PublicServerOptions {
  readonly http?: Record<string, unknown>;
  readonly limits?: Record<string, unknown>;
  readonly times?: Partial<ServerTimes>;
  readonly health?: Partial<Health>;
  /** Why nobody can publish. */
  readonly publishing?: Error;
  /** What comes next in a room. */
  readonly next?: (room: string) => Coming | null;
  /** What is set for rooms. */
  readonly rooms?: Record<string, unknown>;
  /** Hears who leaves. */
  readonly left?: (id: string, silentMs: number) => void;
  /** Whom rooms let in. */
  readonly entry?: Entry;
  /** Rooms that an operator knows of. */
  readonly known?: readonly string[];
}

/** The real public server on loopback, with rooms but without media. */
export async function startPublicServer({
  http,
  limits,
  rooms: roomWords,
  times = {},
  health,
  publishing = new Error('nobody publishes here'),
  next = () => null,
  left = () => {},
  known = ['lobby'],
  entry = 'open',
}: PublicServerOptions = {}) {
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(temporaryFolder());
  await writeFile(join(folder.path, 'index.html'), '<video></video>');
  const rooms = new Map<string, Room>();
  const pickSlot = () => {
    throw new Error('no media here');
  };
  const actor = () => ({
    ...{ spec: { alwaysOn: false, graceMs: 60_000 }, clock: systemClock, random: () => 0, admit() {} },
    ...nothingOnAir,
  });
  const desk = {
    room(name: string) {
      const room =
        rooms.get(name) ?? new Room({ ...nothingToEncode, name, watchUrl: () => '', pickSlot, actor });
      rooms.set(name, room);
      return room;
    },
    get rooms() {
      return [...rooms.values()];
    },
    findRoom: (name: string) => rooms.get(name),
    entry: () => entry,
    tidy(room: Room) {
      if (room.deserted) rooms.delete(room.name);
    },
  };
  const state = parts.use(temporaryFolder());
  const store = parts.use(openState(state.path));
  const bans = Bans.create({ store, clock: systemClock, log: silentLog });
  const links = parts.use(Links.create(store));
  const config = configSchema.parse({
    http: { host: '127.0.0.1', port: 0, ...http },
    limits,
    rooms: roomWords,
  });
  const hub = new EventHub();
  const hands = parts.use(
    new Hands({ store, hub, clock: systemClock, isOn: (room) => roomConfig(config, room).hands }),
  );
  const server = parts.use(
    await ViewerServer.create({
      config,
      desk,
      publishers: {
        admit: () => {
          throw publishing;
        },
        ...{ begin() {}, end() {}, release() {}, setSilent() {} },
      },
      knows: (room) => known.includes(room),
      bans,
      links,
      hands,
      tickets: new Tickets(store),
      audience: { seen() {}, left },
      next,
      health: { degraded: [], servable: true, ready: true, lost() {}, found() {}, ...health },
      ...{ hub, log: silentLog, version: '1', pageFolder: folder.path, times },
    }),
  );
  const port = await server.listen();
  const held = parts.move();
  return {
    ...{
      server,
      desk,
      hub,
      bans,
      links,
      hands,
      stateFolder: state.path,
      port,
      url: `http://127.0.0.1:${port}`,
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** A connection of bare bytes. */
export interface RawClient extends Disposable {
  readonly socket: Socket;
  /** All that has come. */
  readonly heard: () => string;
  /** Resolves once the other side has ended it, by whatever means. */
  readonly closed: Promise<void>;
}

export async function rawClient(port: number, text = ''): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1' });
  let heard = '';
  socket.setEncoding('latin1').on('data', (some: string) => {
    heard += some;
  });
  // How it ends is told by 'close'.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve);
    socket.once('close', () => resolve());
  });
  if (text !== '') socket.write(text);
  return { socket, heard: () => heard, closed, [Symbol.dispose]: () => socket.destroy() };
}

/** The head of a request that wants a WebSocket. */
export function upgradeRequest(path: string, headers: Record<string, string> = {}): string {
  const all = {
    host: 'localhost',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
