import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { type FlvTag, flvTags, publishTags } from '../helpers/flv-publisher.ts';
import { publish, startPublisherSite } from '../helpers/publisher-page.ts';
import { seamMs } from '../helpers/sent-frames.ts';
import { newSecret } from '../helpers/stream-key.ts';
import { WatchedRoom } from '../helpers/watched-room.ts';

/** Widths of the slate, and of the sources here. */
const slate = 1280;
const small = 320;

const here = daemonAndBrowser({ rooms: {} });

/** As relays send it: metadata and headers of both tracks, then one of them, and the other one only between two times. */
function partly(tags: readonly FlvTag[], kind: FlvTag['kind'], fromMs: number, toMs: number): FlvTag[] {
  return tags.filter((tag) => tag.kind !== kind || tag.header || (tag.timeMs >= fromMs && tag.timeMs < toMs));
}

test.concurrent('A picture by RTMP that begins late, and ends early: the sound goes on, and the page stays', async () => {
  const room = 'late-picture';
  const tags = partly(await flvTags(40), 'video', 6000, 11_000);
  const secret = await newSecret(here.server, room);
  const { rtmp } = await createClient(here.server.socket).call('status', {});
  const port = Number(new URL(rtmp?.url ?? '').port);
  await using parts = new AsyncDisposableStack();
  const begin = async () => parts.use(await publishTags({ port, room, secret }, tags));
  await using watched = await WatchedRoom.open(here, room, begin);
  const mark = await watched.mark();
  await watched.shows(small, mark);
  await watched.shows(slate, await watched.mark());
  await watched.played(2500);
  const { broken, gapsMs } = await watched.since(mark);
  expect(broken).toEqual([]);
  expect(gapsMs.audio).toBeLessThan(seamMs);
  expect(gapsMs.video).toBeLessThan(5000);
  expect(watched.told('source.lacks').map(({ tracks }) => tracks)).toEqual([['video'], [], ['video']]);
  expect(watched.told('programme.switched')).toEqual([]);
  expect(watched.programme().entries[0]?.lacks).toEqual(['video']);
  expect(watched.told('plan.changed').map(({ plan }) => plan.video?.action)).toEqual([undefined, 'copy']);
});

test.concurrent('A picture by WHIP that begins late, is taken away, and given again', async () => {
  const room = 'no-picture';
  await using site = await startPublisherSite();
  const page = await site.open(here.browser);
  const secret = await newSecret(here.server, room);
  const offer = {
    ...{ url: `${here.server.url}/whip/${room}`, secret, codec: 'VP8' as const, width: small, height: 180 },
    without: 'video',
  } as const;
  await using watched = await WatchedRoom.open(here, room, () => publish(page, offer));
  const mark = await watched.mark();
  await givePicture(page, true);
  await watched.shows(small, mark);
  const gone = await watched.mark();
  await givePicture(page, false);
  await watched.shows(slate, gone);
  await watched.played(2500);
  const again = await watched.mark();
  await givePicture(page, true);
  await watched.shows(small, again);
  await watched.goesOn(small);
  const { broken, gapsMs } = await watched.since(mark);
  expect(broken).toEqual([]);
  expect(gapsMs.audio).toBeLessThan(seamMs);
  expect(gapsMs.video).toBeLessThan(5000);
  expect(watched.told('source.lacks').map(({ tracks }) => tracks)).toEqual([['video'], [], ['video'], []]);
  expect(watched.told('programme.switched')).toEqual([]);
  await page.close();
});

/** Gives what publishes its picture, or takes it away. */
function givePicture(page: Page, isThere: boolean): Promise<void> {
  return page.evaluate(async (gives) => {
    const { connection, stream } = globalThis as unknown as {
      readonly connection: RTCPeerConnection;
      readonly stream: MediaStream;
    };
    const [track = null] = stream.getVideoTracks();
    await connection.getSenders()[0]?.replaceTrack(gives ? track : null);
  }, isThere);
}
