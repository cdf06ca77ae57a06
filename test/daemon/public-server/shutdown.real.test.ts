import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startDaemon } from '../../helpers/daemon.ts';
import { sample } from '../../helpers/media/sample-files.ts';
import { rawClient, upgradeRequest } from '../../helpers/public-server.ts';
import { newSecret } from '../../helpers/stream-key.ts';
import { whipPeer } from '../../helpers/whip-peer.ts';
import { realOffers } from '../sfu/offers/real-offers.ts';

/** Well above what the daemon gives its clients, and well below what a library would wait for one that is dead. */
const patienceMs = 15_000;

test('a daemon ends whatever its clients do', async () => {
  const running = await startDaemon({ rooms: { stage: { onPublish: 'standby' } } });
  const { daemon, url } = running;
  const port = Number(new URL(url).port);
  const path = await sample('talk.mp4');
  await daemon.desk.start({ room: 'talk', source: { kind: 'file', path, loop: true, audioTrack: null } });
  using page = await rawClient(port, upgradeRequest('/ws/talk'));
  await expect.poll(page.heard).toContain('"live"');
  page.socket.pause();
  const headers = { 'content-type': 'application/sdp' };
  const whep = await fetch(`${url}/whep/talk`, { method: 'POST', headers, body: realOffers.chromium });
  expect(whep.status).toBe(201);
  await using publisher = await whipPeer(`${url}/whip/stage`, await newSecret(running, 'stage'));
  await publisher.connect();
  using body = await rawClient(port, 'POST /whep/talk HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n');
  using kept = await rawClient(port, 'GET /talk HTTP/1.1\r\nhost: a\r\n\r\n');
  await expect.poll(kept.heard).toContain('200 OK');
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve('still open'), patienceMs);
  const ended = daemon.close().then(() => 'ended');
  expect(await Promise.race([ended, late.promise])).toBe('ended');
  clearTimeout(timer);
  await Promise.all([body.closed, kept.closed]);
  const refused = await new Promise((resolve) =>
    connect(port, '127.0.0.1').on('error', resolve).on('connect', resolve),
  );
  expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  await running[Symbol.asyncDispose]();
});
