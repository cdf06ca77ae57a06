import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Source } from '../../../src/contract/models.ts';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { sample } from '../../helpers/media/sample-files.ts';
import { startPublicServer } from '../../helpers/public-server.ts';
import { filesOf, serveHttp } from '../../helpers/servers/http-server.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { newSecret } from '../../helpers/stream-key.ts';
import { realOffers, sendingOffers } from '../sfu/offers/real-offers.ts';

/** What stands wherever a source has something to hide. */
const planted = 'hunter2';

test('nothing that a viewer can get says where a source comes from', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, `of-${planted}`, 'talk.mp4');
  await mkdir(dirname(path));
  await copyFile(await sample('talk.mp4'), path);
  await using camera = await serveHttp(filesOf(folder.path));
  await using daemon = await startDaemon({ sources: { allowPrivateNetworks: true } });
  const { desk } = daemon.daemon;
  const url = `http://${planted}:${planted}@127.0.0.1:${camera.port}/of-${planted}/talk.mp4?key=${planted}`;
  const sources: Record<string, Source> = {
    file: { kind: 'file', path, loop: true, audioTrack: null },
    url: { kind: 'url', url, loop: true, audioTrack: null } as Source,
  };
  const key = await newSecret(daemon, 'file');
  for (const [room, source] of Object.entries(sources)) await desk.start({ room, source });
  for (const [room, title] of [
    ['file', 'talk.mp4'],
    ['url', 'url'],
  ] as const) {
    const got = await allOf(daemon, room, key);
    expect(got).toContain(`"title":"${title}"`);
    expect(got).toContain('m=video');
    for (const secret of [planted, `:${camera.port}`, folder.path, key]) expect(got).not.toContain(secret);
  }
});

test('what goes wrong in the daemon is told to the operator alone', async () => {
  await using server = await startPublicServer({ publishing: new Error(`ENOENT /srv/${planted}`) });
  const headers = { 'content-type': 'application/sdp', authorization: 'Bearer mlk_x' };
  const response = await fetch(`${server.url}/whip/lobby`, {
    ...{ method: 'POST', headers, body: sendingOffers.chromium },
  });
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain(planted);
});

/** All that the page's port tells of a room: pages, headers, messages, answers and refusals. */
async function allOf({ url }: TestDaemon, room: string, key: string): Promise<string> {
  const messages: string[] = [];
  const page = new WebSocket(`${url.replace('http', 'ws')}/ws/${room}`);
  page.on('message', (data) => messages.push(String(data)));
  await expect.poll(() => messages.join()).toContain('"type":"live"');
  const type = { 'content-type': 'application/sdp' };
  const offer = { method: 'POST', headers: type, body: realOffers.chromium };
  const requests: [path: string, init: RequestInit][] = [
    [`/${room}`, {}],
    ['/healthz', {}],
    ['/readyz', {}],
    [`/ws/${room}`, {}],
    [`/whep/${room}`, offer],
    [`/whep/${room}`, { ...offer, body: realOffers.firefox }],
    [`/whep/${room}`, { ...offer, body: 'v=1' }],
    [`/whip/${room}`, { ...offer, headers: { ...type, authorization: `Bearer ${key}x` } }],
    [`/whip/${room}`, offer],
    [`/whep/${room}/nobody`, { method: 'DELETE' }],
  ];
  for (const [path, init] of requests) {
    const response = await fetch(url + path, init);
    const head = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    messages.push(...head, await response.text());
  }
  page.terminate();
  return messages.join('\n');
}
