import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { aac, h264, picture, tone } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';
import { serveHttp } from '../../helpers/servers/http-server.ts';

const clipS = 20;

test('A seek to a place that is too far for what nothing can be sought in is refused, and it plays on', async () => {
  const clip = await makeMedia('unsought.mp4', {
    args: [...picture('320x180', clipS), ...tone(440, clipS), ...h264(30), ...aac],
  });
  const args = ['-stream_loop', '32', '-i', clip, '-c', 'copy'];
  const whole = await readFile(await makeMedia('unsought.flv', { args }));
  await using http = await serveHttp((_, response) => {
    response.writeHead(200, { 'content-length': whole.length }).end(whole);
  });
  const sources = { allowPrivateNetworks: true };
  await using server = await startDaemon({ rtmp: { enabled: false }, sources });
  const client = createClient(server.socket);
  const url = `http://127.0.0.1:${http.port}/unsought.flv`;
  const source = { kind: 'url', url, live: null, loop: false, audioTrack: null } as const;
  await client.call('startBroadcast', { room: 'lobby', source });
  const seek = (positionMs: number) =>
    client.call('control', { room: 'lobby', command: { type: 'seek', positionMs } });
  await expect(seek(630_000)).rejects.toMatchObject({
    code: 'NOT_SEEKABLE',
    message: expect.stringContaining('nothing can be sought in it'),
  });
  // One that is not so far is read up to.
  await seek(300_000);
  await expect
    .poll(() => server.daemon.desk.findRoom('lobby')?.broadcast?.stats.positionMs, { timeout: 60_000 })
    .toBeGreaterThan(300_000);
  const { onAir } = await client.call('getProgramme', { room: 'lobby' });
  expect(onAir.entry).toBe('main');
  // What is refused once stands in nobody's way.
  await client.call('control', { room: 'lobby', command: { type: 'volume', percent: 50 } });
});
