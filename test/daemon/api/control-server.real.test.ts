import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pino from 'pino';
import { expect, test } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import { systemClock } from '../../../src/contract/clock.ts';
import { ControlServer, type ControlServerOptions } from '../../../src/daemon/api/control-server.ts';
import { ControlSocket } from '../../../src/daemon/api/control-socket.ts';
import { createDispatch, type Gate } from '../../../src/daemon/api/dispatch.ts';
import type { Asking, Handlers } from '../../../src/daemon/api/handler-table.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import { keepEvents } from '../../helpers/history.ts';
import { silentLog, temporaryFolder } from '../../helpers/state.ts';

/** The control API of a daemon that does only this. */
async function served(handlers: Partial<Handlers>, log = silentLog, who: Partial<ControlServerOptions> = {}) {
  const folder = temporaryFolder();
  const path = join(folder.path, 'control.sock');
  const hub = new EventHub();
  const health = { lost: () => {}, found: () => {} };
  const socket = await ControlSocket.take({ path, log: silentLog, clock: systemClock, health });
  const past = keepEvents(folder.path, hub);
  const gate: Gate = { check: () => {}, admit: (_, input) => input, shown: (_, answer) => answer };
  const dispatch = createDispatch(handlers as Handlers, () => {}, gate);
  const server = await ControlServer.create({
    ...{ socket, dispatch, gate, hub, past: past.kept, log },
    tokens: { onVoid: () => () => {} },
    ...who,
  });
  return {
    ...{ path, hub },
    async [Symbol.asyncDispose]() {
      await server.close();
      await past[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

test('ControlServer cuts off and tells of a reader of events who does not read; others hear all of them', async () => {
  const told: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => void told.push(JSON.parse(line).msg) });
  await using api = await served({}, log);
  const slow = connect(api.path);
  slow.pause();
  slow.write('GET /v1/events HTTP/1.1\r\nhost: mirolive\r\n\r\n');
  const reader = createClient(api.path).events({})[Symbol.asyncIterator]();
  await reader.next();
  const message = 'x'.repeat(64 * 1024);
  let sentBytes = 0;
  while (told.length === 0) {
    api.hub.announce({ type: 'ingest.died', pid: 1, rooms: [], message });
    sentBytes += message.length;
    expect((await reader.next()).value).toMatchObject({ pid: 1, message });
    expect(sentBytes).toBeLessThan(6 * 1024 * 1024);
  }
  api.hub.announce({ type: 'ingest.died', pid: 2, rooms: [], message });
  expect((await reader.next()).value).toMatchObject({ pid: 2 });
  expect(told).toEqual(['a reader of events reads too slowly, and is cut off']);
  slow.destroy();
  await reader.return?.();
});

test('ControlServer ends a connection that asks a thousand things at once, does none of what is too much, and answers the others', async () => {
  let asked = 0;
  const version = () => ({ version: `${++asked}`, api: 1, node: '', mediasoup: '' });
  await using api = await served({ version });
  const flood = connect(api.path).on('error', () => {});
  flood.write('GET /v1/version HTTP/1.1\r\nhost: mirolive\r\n\r\n'.repeat(1000));
  const closed = once(flood, 'close');
  flood.resume();
  await closed;
  expect(asked).toBe(8);
  await expect(createClient(api.path).call('version', {})).resolves.toMatchObject({ api: 1 });
});

test('ControlServer tells what has happened to its end, whatever happens while that is read', async () => {
  await using api = await served({});
  const message = 'x'.repeat(64 * 1024);
  const kept = 14;
  for (let pid = 1; pid <= kept; pid++) api.hub.announce({ type: 'ingest.died', pid, rooms: [], message });
  const slow = connect(api.path);
  slow.write(
    'GET /v1/events?sinceMs=60000&follow=false HTTP/1.1\r\nhost: mirolive\r\nconnection: close\r\n\r\n',
  );
  await once(slow, 'readable');
  api.hub.announce({ type: 'ingest.died', pid: kept + 1, rooms: [], message: 'later' });
  const answer = await text(slow);
  expect(answer.match(/"ingest.died"/g)).toHaveLength(kept);
  expect(answer.endsWith('0\r\n\r\n')).toBe(true);
});

test('ControlServer tells what works for a caller that he is gone', async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  const told: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => void told.push(line) });
  await using api = await served(
    {
      getProgramme: async (_input, { gone }) => {
        asked.resolve(gone);
        await once(gone, 'abort');
        gone.throwIfAborted();
        throw new Error('expected it to be aborted');
      },
      version: () => ({ version: '1', api: 1, node: '', mediasoup: '' }),
    },
    log,
  );
  const client = createClient(api.path);
  const leaves = new AbortController();
  const call = client.call('getProgramme', { room: 'lobby' }, { signal: leaves.signal });
  const gone = await asked.promise;
  expect(gone.aborted).toBe(false);
  leaves.abort();
  await expect(call).rejects.toThrow();
  if (!gone.aborted) await once(gone, 'abort');
  await client.call('version', {});
  expect(told).toEqual([]);
});

test('ControlServer tells what has happened, of one room too, and ends or goes on', async () => {
  await using api = await served({});
  api.hub.announce({ type: 'daemon.degraded', part: 'rtmp', reason: 'killed' });
  const asked = { room: 'hall', sinceMs: 60_000 } as const;
  const past: string[] = [];
  for await (const { type } of createClient(api.path).events({ ...asked, follow: false })) past.push(type);
  expect(past).toEqual(['events.open', 'daemon.degraded']);
  const types: string[] = [];
  for await (const { type } of createClient(api.path).events(asked)) {
    types.push(type);
    if (types.length === 2) api.hub.announce({ type: 'daemon.recovered', part: 'rtmp' });
    if (types.length === 3) break;
  }
  expect(types).toEqual(['events.open', 'daemon.degraded', 'daemon.recovered']);
});

test('ControlServer ends what is open with a token when that is void: what is listened to, and what is waited for', async () => {
  const ends = new Map<() => void, string>();
  const waits = Promise.withResolvers<AbortSignal>();
  const stopRoom = (_: unknown, { gone }: Asking) => {
    waits.resolve(gone);
    return new Promise<never>(() => {});
  };
  await using api = await served({ stopRoom }, silentLog, {
    callerOf: ({ headers }) => ({
      ...({ kind: 'token', id: String(headers.authorization), name: 'anna', role: 'admin' } as const),
      rooms: null,
    }),
    tokens: {
      onVoid(id, end) {
        ends.set(end, id);
        return () => ends.delete(end);
      },
    },
  });
  const ask = (method: string, path: string, authorization: string) => {
    const asked = request({ socketPath: api.path, method, path, headers: { authorization } });
    asked.end();
    return asked;
  };
  const [events] = (await once(ask('GET', '/v1/events', 't-aaaaaaaaaa'), 'response')) as [IncomingMessage];
  const other = ask('GET', '/v1/events', 't-bbbbbbbbbb');
  const [others] = (await once(other, 'response')) as [IncomingMessage];
  const stopping = ask('DELETE', '/v1/rooms/lobby/broadcast', 't-aaaaaaaaaa');
  const hungUp = once(stopping, 'error');
  const gone = await waits.promise;
  const ended = once(events, 'error');
  events.resume();
  expect([...ends.values()].toSorted()).toEqual(['t-aaaaaaaaaa', 't-aaaaaaaaaa', 't-bbbbbbbbbb']);
  for (const [end, id] of ends) if (id === 't-aaaaaaaaaa') end();
  expect((await ended)[0]).toMatchObject({ code: 'ECONNRESET' });
  expect((await hungUp)[0]).toMatchObject({ code: 'ECONNRESET' });
  await new Promise<void>((resolve) =>
    gone.aborted ? resolve() : gone.addEventListener('abort', () => resolve()),
  );
  expect([others.destroyed, [...ends.values()]]).toEqual([false, ['t-bbbbbbbbbb']]);
  other.destroy();
});
