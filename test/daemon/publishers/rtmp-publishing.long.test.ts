import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import type { Event } from '../../../src/contract/events.ts';
import { collect } from '../../helpers/collect.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { mountSmall } from '../../helpers/mount-small.ts';
import { encoder } from '../../helpers/rtmp-encoder.ts';

/** A daemon whose rooms wait for the operator, so that nothing is played, and its client. */
async function startDesk(overrides: Parameters<typeof startDaemon>[0] = {}) {
  const started = await startDaemon({ rooms: { lobby: { onPublish: 'standby' } }, ...overrides });
  const client = createClient(started.socket);
  const create = async (room = 'lobby') => {
    const made = await client.call('createKey', { room });
    return { id: made.key.id, url: `${made.addresses.rtmp}/${made.secret}` };
  };
  const { publishers, hub } = started.daemon;
  const heard = { published: collect(publishers, 'published'), gone: collect(publishers, 'gone') };
  return { ...started, ...heard, client, create, hub };
}

it('a publish with a key of the API is listed, and cut off when the key is revoked', async () => {
  await using desk = await startDesk();
  const key = await desk.create();
  await using publisher = encoder(key.url);
  const [publication, media] = await desk.published.next();
  expect(publication).toMatchObject({ room: 'lobby', key: 'cam1', protocol: 'rtmp' });
  expect(media).toEqual({
    protocol: 'rtmp',
    pullUrl: expect.stringMatching(/^rtmp:\/\/127\.0\.0\.1:\d+\/lobby\/p-/),
    tracks: [],
  });
  expect(await desk.client.call('listPublishers', {})).toEqual([
    { ...publication, state: 'live', standby: true },
  ]);
  expect((await desk.client.call('status', {})).publishers).toBe(1);
  await desk.client.call('revokeKey', { id: key.id });
  expect((await publisher).exitCode).not.toBe(0);
  expect(await desk.client.call('listPublishers', {})).toEqual([]);
  const again = await encoder(key.url, { seconds: 5 });
  expect(again.stderr).toContain('Refused: check the server and the stream key.');
});

it('a publisher that stands by goes on air when it is taken, though nothing else is', async () => {
  await using desk = await startDesk();
  const key = await desk.create();
  await using _publisher = encoder(key.url);
  await desk.published.next();
  const take = (name: string) =>
    desk.client.call('control', {
      ...{ room: 'lobby', command: { type: 'take', source: { kind: 'publisher', key: name } } },
    });
  await expect(take('nobody')).rejects.toMatchObject({
    ...{
      code: 'PUBLISHER_NOT_FOUND',
      message: 'nobody publishes with nobody in room lobby; there publish: cam1',
    },
  });
  expect(await desk.client.call('listBroadcasts', {})).toEqual([]);
  expect(await take('cam1')).toMatchObject({ onAir: { entry: 'main', words: 'cam1' } });
  await expect(take('nobody')).rejects.toMatchObject({ code: 'PUBLISHER_NOT_FOUND' });
});

it('a second publisher is refused, or takes over where the room says so', async () => {
  await using desk = await startDesk({
    rooms: { lobby: { onPublish: 'standby' }, hall: { onPublish: 'standby', onConflict: 'takeover' } },
  });
  const key = await desk.create();
  await using _first = encoder(key.url);
  await desk.published.next();
  const second = await encoder(key.url, { seconds: 5 });
  expect(second.stderr).toContain('Somebody publishes with this stream key already.');
  const made = await desk.client.call('createKey', { room: 'hall' });
  const url = `${made.addresses.rtmp}/${made.secret}`;
  await using earlier = encoder(url);
  const [{ id }] = await desk.published.next();
  await using _later = encoder(url);
  const [gone, reason] = await desk.gone.next();
  expect([gone.id, reason]).toEqual([id, 'takeover']);
  expect((await earlier).exitCode).not.toBe(0);
});

it('the RTMP process may be killed: its publishers are told to be gone, and can come again', async () => {
  await using desk = await startDesk();
  const key = await desk.create();
  await using publisher = encoder(key.url);
  await desk.published.next();
  const types: string[] = [];
  const stop = desk.hub.listen(({ type }) => types.push(type));
  const before = (await desk.client.call('status', {})).rtmp;
  process.kill(before?.pid ?? 0, 'SIGKILL');
  const [, reason] = await desk.gone.next();
  expect(reason).toBe('died');
  await publisher;
  await expect.poll(() => types).toContain('rtmp.back');
  await using _again = encoder(key.url);
  await desk.published.next();
  stop();
  expect(types).toEqual(['rtmp.died', 'publisher.left', 'rtmp.back', 'publisher.joined']);
  const after = (await desk.client.call('status', {})).rtmp;
  expect(after?.url).toBe(before?.url);
});

it.runIf(process.getuid?.() === 0)(
  'a full disk below the state ends nothing: valid keys publish, changes are refused with the way on',
  async () => {
    await using mounted = mountSmall();
    await using desk = await startDesk({ state: { dir: join(mounted.path, 'state') } });
    const key = await desk.create();
    await execa('dd', ['if=/dev/zero', `of=${join(mounted.path, 'fill')}`, 'bs=4k'], { reject: false });
    await expect(fillUp(desk.create)).rejects.toMatchObject({
      code: 'STATE_UNAVAILABLE',
      hint: `Make some: df -h ${join(mounted.path, 'state')}`,
    });
    expect((await desk.client.call('status', {})).state.problem).toMatch(/^there is no room for the state: /);
    await using _publisher = encoder(key.url);
    await desk.published.next();
    await execa('rm', [join(mounted.path, 'fill')]);
    await desk.create();
    expect((await desk.client.call('status', {})).state.problem).toBeNull();
  },
);

/** The log of SQLite has room of its own for a while. */
async function fillUp(create: () => Promise<unknown>): Promise<never> {
  for (;;) await create();
}

it('whoever sends too much is ended with the reason, and a publisher beside it is undisturbed', async () => {
  await using beside = await startDesk({ rooms: {}, limits: { sourceBitrate: '20M' } });
  const [lobby, hall] = await Promise.all([beside.create(), beside.create('hall')]);
  const told: Event[] = [];
  beside.hub.listen((event) => {
    if (event.type === 'publisher.left' || event.type === 'source.away') told.push(event);
  });
  await using _quiet = encoder(hall.url);
  await beside.published.next();
  await using flood = encoder(lobby.url, { bitrate: '43M' });
  expect((await flood).exitCode).not.toBe(0);
  await expect
    .poll(() => told)
    .toContainEqual(
      expect.objectContaining({ type: 'publisher.left', room: 'lobby', key: 'cam1', reason: 'tooMuch' }),
    );
  expect(told.filter((event) => 'room' in event && event.room === 'hall')).toEqual([]);
});

it('a publisher whose copied picture is large is advised', async () => {
  await using desk = await startDesk({ rooms: {} });
  const { url } = await desk.create();
  await using _large = encoder(url, { bitrate: '43M' });
  const advice = async () => (await desk.client.call('listBroadcasts', {})).map(({ advice }) => advice);
  await expect
    .poll(advice)
    .toEqual([expect.stringMatching(/^It sends [\d.]+ Mbit\/s, .* at most 15 Mbit\/s$/)]);
});

it('a publisher for whom there is no room on the node yet is told of, and goes on air as soon as there is', async () => {
  await using desk = await startDesk({ rooms: {}, limits: { broadcasts: 1 } });
  await desk.client.call('startBroadcast', { room: 'other', source: { kind: 'test' } });
  const key = await desk.create();
  await using _publisher = encoder(key.url, { seconds: 120 });
  await desk.published.next();
  const missing = async () => (await desk.client.call('status', {})).degraded.map(({ part }) => part);
  await expect.poll(missing).toEqual(['room lobby']);
  await desk.client.call('stopRoom', { room: 'other' });
  const onAir = async () =>
    (await desk.client.call('listBroadcasts', {})).map(({ room, state }) => `${room} ${state}`);
  await expect.poll(onAir).toEqual(['lobby live']);
  expect(await missing()).toEqual([]);
});

it('a taken publisher whose ffmpeg is killed is back on air without the programme between', async () => {
  await using desk = await startDesk();
  const { client, hub } = desk;
  const key = await desk.create();
  await using _publisher = encoder(key.url);
  await desk.published.next();
  await client.call('startBroadcast', { room: 'lobby', source: { kind: 'test', pattern: 'bars' } });
  const heard: Event[] = [];
  hub.listen((event) => heard.push(event));
  const to = () => heard.flatMap((event) => (event.type === 'programme.switched' ? event.to.entry : []));
  await client.call('control', {
    ...{ room: 'lobby', command: { type: 'take', source: { kind: 'publisher', key: 'cam1' } } },
  });
  const started = heard.findLast((event) => event.type === 'pipeline.started');
  process.kill(started?.pid ?? Number.NaN, 'SIGKILL');
  await expect.poll(to, { timeout: 20_000 }).toHaveLength(3);
  expect(to()).toEqual(['take', 'slate', 'take']);
});
