import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { MiroliveError } from '../../src/contract/errors.ts';
import type { Event } from '../../src/contract/events.ts';
import type { Broadcast } from '../../src/contract/models.ts';
import { apiVersion } from '../../src/contract/routes.ts';
import { openDesk } from './desk.ts';
import { broadcast, idleStatus, statsEvent, viewer } from './samples.ts';

const start = { room: 'lobby', source: { kind: 'file', path: '/srv/talk.mp4' } } as const;

describe('client.call', () => {
  it('gives the result of a question', async () => {
    await using desk = await openDesk({ status: () => idleStatus });
    expect(await createClient(desk.socket).call('status', {})).toEqual(idleStatus);
  });

  it('puts parameters where the table has them: path, query, body', async () => {
    await using desk = await openDesk({
      stopBroadcast: () => broadcast,
      listViewers: () => [viewer],
      startBroadcast: () => broadcast,
    });
    const client = createClient(desk.socket);
    const path = '/srv/50% "off"\n talk.mp4';
    await client.call('stopBroadcast', { id: broadcast.id });
    await client.call('listViewers', { room: 'lobby' });
    await client.call('listViewers', { room: undefined });
    await client.call('startBroadcast', { room: 'lobby', source: { kind: 'file', path } });
    expect(desk.asked).toEqual([
      { name: 'stopBroadcast', input: { id: broadcast.id } },
      { name: 'listViewers', input: { room: 'lobby' } },
      { name: 'listViewers', input: {} },
      {
        name: 'startBroadcast',
        input: {
          room: 'lobby',
          source: { kind: 'file', path, loop: false, audioTrack: null },
          keep: false,
          wait: true,
        },
      },
    ]);
  });

  it.each(['nothing', 'events', 'constructor'])('says that there is no call %s', async (name) => {
    await expect(createClient('/nowhere').call(name as 'status', {})).rejects.toMatchObject({
      code: 'USAGE',
      message: `expected the name of a call, got ${name}`,
    });
  });

  it('throws the error that the daemon answers with', async () => {
    await using desk = await openDesk({
      stopRoom: () => {
        throw new MiroliveError('ROOM_IDLE', 'nothing is on air in lobby', { details: { room: 'lobby' } });
      },
    });
    await expect(createClient(desk.socket).call('stopRoom', { room: 'lobby' })).rejects.toMatchObject({
      code: 'ROOM_IDLE',
      message: 'nothing is on air in lobby',
      hint: 'Put something on air: mirolive stream --file FILE --room lobby',
    });
  });

  const strangers = [
    {
      name: 'another version',
      api: '7',
      says: `speaks version 7 of the control API, this command speaks version ${apiVersion}`,
    },
    { name: 'no version', api: null, says: 'is not mirolive' },
  ];
  it.each(strangers)('refuses a daemon with $name', async ({ api, says }) => {
    await using desk = await openDesk({ status: () => idleStatus }, { api });
    await expect(createClient(desk.socket).call('status', {})).rejects.toMatchObject({
      code: 'DAEMON_INCOMPATIBLE',
      message: expect.stringContaining(says),
    });
  });

  it.each([apiVersion - 1, apiVersion + 1])(
    'takes a daemon of version %s, with what it does not know',
    async (api) => {
      await using desk = await openDesk({ listRooms: () => [] }, { api: String(api) });
      expect(await createClient(desk.socket).call('listRooms', {})).toEqual([]);
    },
  );

  it('says which socket was tried where there is none', async () => {
    await expect(createClient('/nowhere/c.sock').call('status', {})).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: 'no daemon answers on /nowhere/c.sock: there is no such socket',
      hint: 'Start it: mirolive daemon --background',
    });
  });

  it('says so where a file is no socket', async () => {
    await using desk = await openDesk({});
    const file = join(dirname(desk.socket), 'file');
    await writeFile(file, '');
    await expect(createClient(file).call('status', {})).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: `no daemon answers on ${file}: this is not a socket`,
    });
  });

  it('does not wait for ever for a daemon that hangs', async () => {
    await using desk = await openDesk({ version: () => new Promise(() => {}) });
    await expect(createClient(desk.socket).call('version', {}, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: `no daemon answers on ${desk.socket}: no answer within 0.05 s`,
    });
  });

  it('gives up a deed where the daemon hangs, and says that it may still be done', async () => {
    await using desk = await openDesk({
      startBroadcast: () => new Promise(() => {}),
      version: () => new Promise(() => {}),
    });
    const client = createClient(desk.socket);
    await expect(client.call('startBroadcast', start, { questionMs: 50 })).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: `no daemon answers on ${desk.socket}: it has answered nothing for 0.1 s; what was asked for may still be done`,
    });
  });

  it.each(['an answer', 'an error'])(
    'waits for a long deed of a daemon that gives %s beside it',
    async (kind) => {
      const asked = Promise.withResolvers<Broadcast>();
      let questions = 0;
      await using desk = await openDesk({
        startBroadcast: () => asked.promise,
        version: () => {
          if (++questions === 3) asked.resolve(broadcast);
          if (kind === 'an error') throw new MiroliveError('LIMIT_REACHED', 'too many');
          return { version: '1', api: apiVersion, node: '', mediasoup: '' };
        },
      });
      const deed = createClient(desk.socket).call('startBroadcast', start, { questionMs: 1000 });
      expect(await deed).toEqual(broadcast);
    },
  );

  it('calls an answer that is no error of the table INTERNAL', async () => {
    await using desk = await openDesk({});
    const socket = join(dirname(desk.socket), 'odd.sock');
    const odd = createServer((_, response) => {
      response.writeHead(502, { 'mirolive-api': String(apiVersion) }).end('<html>');
    });
    await new Promise<void>((resolve) => odd.listen(socket, resolve));
    await expect(createClient(socket).call('status', {})).rejects.toMatchObject({ code: 'INTERNAL' });
    await new Promise((resolve) => odd.close(resolve));
  });
});

describe('client.events', () => {
  it('says that the daemon has ended, where it said before that it would', async () => {
    await using desk = await openDesk({});
    const at = '2026-01-02T03:04:05.000Z';
    const read = async () => {
      for await (const event of createClient(desk.socket).events({})) {
        if (event.type === 'events.open') {
          desk.emit({ type: 'daemon.stopping', at });
          desk.emit({ type: 'rtmp.back', at, pid: 9 });
        }
        if (event.type === 'rtmp.back') desk.cut();
      }
    };
    await expect(read()).rejects.toMatchObject({
      code: 'SHUTTING_DOWN',
      message: `the daemon on ${desk.socket} has ended`,
      hint: 'Start it again: mirolive daemon --background',
    });
  });

  it('gives events from the opening on, whole ones, however they are cut on the way', async () => {
    await using desk = await openDesk({});
    const seen: Event[] = [];
    for await (const event of createClient(desk.socket).events({ stats: true })) {
      seen.push(event);
      if (event.type === 'events.open') {
        desk.emit(statsEvent);
        desk.emit(statsEvent);
      }
      if (seen.length === 3) break;
    }
    expect(seen.slice(1)).toEqual([statsEvent, statsEvent]);
    expect(desk.asked).toEqual([{ name: 'events', input: { stats: true, sinceMs: 0, follow: true } }]);
  });

  it('throws when the daemon goes away', async () => {
    await using desk = await openDesk({});
    const listen = async () => {
      for await (const event of createClient(desk.socket).events({}))
        if (event.type === 'events.open') desk.cut();
    };
    await expect(listen()).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: `the daemon on ${desk.socket} went away`,
    });
  });
});
