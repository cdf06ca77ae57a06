import { expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { eventually, openRoom, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { type FlvTag, flvTags, publishTags } from '../helpers/flv-publisher.ts';
import { newSecret } from '../helpers/stream-key.ts';
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
