import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../../helpers/browser.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { sample } from '../../helpers/media/sample-files.ts';
import { realOffers } from '../sfu/offers/real-offers.ts';

test('a room that is always on is on air without a fallback and a slate that cannot be used', async () => {
  const rooms = {
    channel: {
      alwaysOn: true,
      slate: { kind: 'clip', path: '/nowhere/ident.mp4' },
      fallback: [{ playlist: '/nowhere/channel.yaml' }, { file: await sample('talk.mp4') }],
    },
    hall: { alwaysOn: true, slate: { kind: 'image', path: '/nowhere/slate.png' } },
  };
  await using server = await startDaemon({ rtmp: { enabled: false }, rooms });
  const onAir = (room: string) => async () => server.daemon.desk.findRoom(room)?.onAir;
  const channel = await eventually(onAir('channel'), (model) => model?.onAir.entry === 'fallback-1');
  expect(channel?.onAir.words).toBe('talk.mp4');
  const hall = await eventually(onAir('hall'), (model) => model?.state === 'live');
  expect(hall?.onAir.entry).toBe('slate');
});

test('Viewers of a room that is always on are never without a broadcast: neither where one is started there nor where that is stopped', async () => {
  await using server = await startDaemon({ rtmp: { enabled: false }, rooms: { hall: { alwaysOn: true } } });
  const { desk, hub } = server.daemon;
  const address = `${server.url}/whep/hall`;
  await eventually(
    async () => desk.findRoom('hall'),
    (room) => room?.broadcast?.live === true && room.served !== null,
  );
  const heard: { readonly type: string; readonly broadcast?: string }[] = [];
  const page = new WebSocket(address.replace('http', 'ws').replace('whep', 'ws'));
  page.on('message', (data) => heard.push(JSON.parse(String(data))));
  await expect.poll(() => heard.length).toBe(2);
  const post = () =>
    fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: realOffers.chromium,
    });
  const before = await post();
  expect(before.status).toBe(201);
  const posted: Promise<Response>[] = [];
  hub.listen(({ type }) => type === 'broadcast.ended' && posted.push(post()));
  const path = await sample('talk.mp4');
  const { id } = await desk.start({
    room: 'hall',
    source: { kind: 'file', path, loop: true, audioTrack: null },
  });
  expect((await posted[0])?.status).toBe(201);
  // How many there are, and that there is another still, may be told behind it.
  await expect.poll(() => heard.findLast(({ type }) => type === 'live')?.broadcast).toBe(id);
  // A player gets one broadcast by one answer: it asks anew, and gets the next one.
  const gone = await fetch(new URL(String(before.headers.get('location')), address), { method: 'DELETE' });
  expect(gone.status).toBe(404);
  expect((await post()).status).toBe(201);
  await desk.stop('hall');
  expect((await posted[1])?.status).toBe(201);
  await expect.poll(() => desk.findRoom('hall')?.served?.broadcast.source).toBe(null);
  await expect
    .poll(() => heard.filter(({ type }) => type !== 'viewers' && type !== 'poster').map(({ type }) => type))
    .toEqual(['hello', 'live', 'live', 'live']);
  page.terminate();
});
