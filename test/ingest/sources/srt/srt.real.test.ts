import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Source } from '../../../../src/contract/models.ts';
import { Sources } from '../../../../src/ingest/sources/sources.ts';
import { freeUdpPort } from '../../../helpers/free-ports.ts';
import { aac, h264, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { listening, missingSrtPeers, srtLiveTransmit, srtSink } from '../../../helpers/media/srt-peers.ts';
import { planOptions } from '../../../helpers/plan-options.ts';
import { sourcesOptions } from '../../../helpers/sources-options.ts';
import { playedFrames } from '../../played-frames.ts';

const missing = missingSrtPeers();
if (missing) console.warn(`SRT with other people's programs is not tested: ${missing}`);

const room = 'lobby';
let sources: Sources;

beforeAll(async () => {
  sources = await Sources.create({ ...sourcesOptions, allowPrivateNetworks: true });
});
afterAll(() => sources?.close());

const at = (url: string): Source => ({ kind: 'url', url, live: null, loop: false, audioTrack: null });

async function clip(gop: number): Promise<string> {
  const args = [...picture('320x180', 20), ...tone(440, 20), ...h264(gop), ...aac];
  return await makeMedia(`played-${gop}.ts`, { args });
}

/** Looks at a source and plays it, and again from its midst, as another plan does beside the first. */
async function lookAndPlay(source: Source) {
  const { plan, live } = await sources.prepare(source, planOptions, undefined, room);
  const opened = await sources.open(source, undefined, room);
  const frames = await playedFrames(opened, plan, 30, 20);
  const again = await playedFrames(await sources.open(source, undefined, room), plan, 30, 20);
  const begins = [frames, again].map((all) => all.find(({ kind }) => kind === 'video')?.key);
  return { live, begins, video: plan.video?.action };
}

const played = { live: true, begins: [true, true], video: 'copy' };

test.skipIf(missing).concurrent.each([
  {
    name: 'srt-live-transmit, which takes one connection and no second one,',
    gop: 15,
    start: srtLiveTransmit,
  },
  { name: 'srt-live-transmit whose key frames are 4.8 s apart', gop: 120, start: srtLiveTransmit },
  {
    name: 'srtsink of GStreamer',
    gop: 30,
    start: srtSink,
  },
])('a server that is $name is played by the connection that was looked at', async ({ gop, start }) => {
  const port = await freeUdpPort();
  await using _server = await start(await clip(gop), `srt://127.0.0.1:${port}?mode=listener`);
  expect(await lookAndPlay(at(`srt://127.0.0.1:${port}?streamid=read:feed`))).toEqual(played);
});

test
  .skipIf(missing)
  .concurrent('what plays goes on where another look at it finds no use for it', async () => {
    const port = await freeUdpPort();
    await using _server = await srtLiveTransmit(await clip(15), `srt://127.0.0.1:${port}?mode=listener`);
    const source = at(`srt://127.0.0.1:${port}`);
    const { plan } = await sources.prepare(source, planOptions, undefined, room);
    const opened = await sources.open(source, undefined, room);
    const another = { ...source, audioTrack: 9 } as Source;
    await expect(sources.prepare(another, planOptions, undefined, room)).rejects.toMatchObject({
      code: 'SOURCE_TRACK_NOT_FOUND',
    });
    const frames = await playedFrames(opened, plan, 100, 20);
    expect(frames.filter(({ kind }) => kind === 'video').length).toBeGreaterThanOrEqual(100);
  });

test
  .skipIf(missing)
  .concurrent(
    'callers of a port are played one after the other, each by its first call, and one with another passphrase is not',
    async () => {
      const port = await freeUdpPort();
      const called = `srt://127.0.0.1:${port}?passphrase=0123456789`;
      const source = at(`srt://127.0.0.1:${port}?mode=listener&passphrase=0123456789`);
      const { signal } = new AbortController();
      const callers = sources.callers(source, room);
      expect(callers.waits).toBe(`waits for a caller on port ${port} by SRT`);
      await expect(sources.open(source, undefined, room)).rejects.toMatchObject({
        code: 'SOURCE_UNREACHABLE',
      });
      const first = callers.present(signal);
      await listening(called);
      {
        await using stranger = await srtLiveTransmit(
          await clip(15),
          `srt://127.0.0.1:${port}?passphrase=wrong-wrong`,
        );
        await stranger.ended;
      }
      {
        await using _caller = await srtLiveTransmit(await clip(15), called);
        await first;
        expect(await lookAndPlay(source)).toEqual(played);
      }
      await callers.gone(await first, signal);
      const second = callers.present(signal);
      await listening(called);
      await using _caller = await srtSink(
        await clip(30),
        `srt://127.0.0.1:${port}`,
        'mode=caller',
        'passphrase=0123456789',
      );
      await second;
      expect(await lookAndPlay(source)).toEqual(played);
    },
  );

test
  .skipIf(missing)
  .concurrent('a server with another passphrase is told from one that does not answer', async () => {
    const port = await freeUdpPort();
    const there = `srt://127.0.0.1:${port}?mode=listener&passphrase=0123456789`;
    await using _server = await srtLiveTransmit(await clip(15), there);
    const wrong = `srt://127.0.0.1:${port}?passphrase=wrong-wrong`;
    await expect(sources.prepare(at(wrong), planOptions, undefined, room)).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: `the passphrase is not that of 127.0.0.1:${port}`,
    });
  });

test
  .skipIf(missing)
  .concurrent('a port that somebody listens at is refused before anybody is waited for', async () => {
    const port = await freeUdpPort();
    await using _other = await srtSink(await clip(30), `srt://127.0.0.1:${port}?mode=listener`);
    await expect(sources.canWait(at(`srt://127.0.0.1:${port}?mode=listener`), room)).rejects.toMatchObject({
      message: `another program, or another source of this daemon, listens on port ${port} already`,
    });
  });
