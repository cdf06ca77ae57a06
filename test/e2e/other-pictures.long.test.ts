import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { eventually, openRoom, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { type FlvTag, flvTags, publishTags } from '../helpers/flv-publisher.ts';
import { newSecret } from '../helpers/stream-key.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { WatchedRoom } from '../helpers/watched-room.ts';

const here = daemonAndBrowser({ rooms: {} });

/** Somebody publishes these in a room that is watched. */
async function watching(
  room: string,
  tags: readonly FlvTag[],
  parts: AsyncDisposableStack,
): Promise<WatchedRoom> {
  const secret = await newSecret(here.server, room);
  const { rtmp } = await createClient(here.server.socket).call('status', {});
  const port = Number(new URL(rtmp?.url ?? '').port);
  const begin = async () => parts.use(await publishTags({ port, room, secret }, tags));
  return parts.use(await WatchedRoom.open(here, room, begin));
}

test.concurrent('A picture by RTMP that changes its size: who is there and who comes see it in its new one', async () => {
  await using parts = new AsyncDisposableStack();
  const tags = [
    ...(await flvTags(8)),
    ...(await flvTags(40, 25, { size: '180x320', fromMs: 8000 })).filter(({ kind }) => kind !== 'data'),
  ];
  const watched = await watching('turned', tags, parts);
  const mark = await watched.mark();
  await watched.shows(180, mark);
  await watched.goesOn(180);
  const now = await received(watched.page);
  expect([now.connections, now.video?.trackId]).toEqual([mark.media.connections, mark.media.video?.trackId]);
  expect(watched.told('programme.switched')).toEqual([]);
  expect(watched.told('plan.changed').map(({ plan }) => [plan.video?.action, plan.video?.width])).toEqual([
    ['copy', 320],
    ['copy', 180],
  ]);
  const late = await openRoom(here.browser, `${here.server.url}/turned`);
  await eventually(
    () => received(late),
    ({ video }) => video?.width === 180 && (video.framesDecoded ?? 0) > 10,
  );
  await late.close();
});

test.concurrent('A picture by RTMP with intra refresh is transcoded, and shown to who comes', async () => {
  await using parts = new AsyncDisposableStack();
  const x264 = ['-x264-params', 'intra-refresh=1:keyint=50'];
  const watched = await watching('refreshed', await flvTags(40, 50, { x264 }), parts);
  await expect
    .poll(() => watched.told('plan.changed').map(({ plan }) => plan.video?.reasons))
    .toEqual([[], ['intra refresh']]);
  const advice = watched.told('plan.changed').at(-1)?.advice;
  expect(advice).toContain('intra refresh off');
  const late = await openRoom(here.browser, `${here.server.url}/refreshed`);
  await eventually(
    () => received(late),
    ({ video }) => (video?.framesDecoded ?? 0) > 10,
  );
  await late.close();
});

test.concurrent('Pictures 20 s apart: viewers have a picture a second, sound without a break, and who comes late sees it', async () => {
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(await temporaryFolder());
  const path = join(folder.path, 'slides.mp4');
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=r=1/20:s=320x180', '-f', 'lavfi', '-i', 'sine=r=48000'];
  const picture = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '0', '-g', '1', '-fps_mode', 'vfr'];
  await execa('ffmpeg', ['-v', 'error', ...inputs, '-t', '90', ...picture, '-c:a', 'libopus', path]);
  const watched = parts.use(
    await WatchedRoom.open(here, 'slides', { kind: 'file', path, loop: false, audioTrack: null }),
  );
  const mark = await watched.mark();
  const late = await openRoom(here.browser, `${here.server.url}/slides`);
  await eventually(
    () => received(late),
    ({ video }) => (video?.framesDecoded ?? 0) > 0,
  );
  await late.close();
  await watched.played(3000);
  const { broken, gapsMs } = await watched.since(mark);
  expect(broken).toEqual([]);
  expect(gapsMs.audio).toBeLessThan(100);
  expect(gapsMs.video).toBeLessThan(2000);
  expect(watched.told('programme.switched')).toEqual([]);
  expect(watched.told('viewer.joined')).toHaveLength(2);
});
