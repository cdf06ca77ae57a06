import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { eventually, moves } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { type EncoderOptions, encoder, surroundHz } from '../helpers/rtmp-encoder.ts';
import { frozenMs } from '../helpers/sent-frames.ts';
import { WatchedRoom } from '../helpers/watched-room.ts';

/** The width of what is published. */
const film = 320;

const here = daemonAndBrowser();

test.concurrent('B-frames and 5.1 sound by RTMP: the picture is transcoded, the sound mixed down to stereo', async ({
  expect,
}) => {
  await using closing = new AsyncDisposableStack();
  await using watched = await publish('b-frames', { bFrames: 2, sound: '5.1' }, closing);
  await plays(watched);
  expect(watched.broadcast).toMatchObject({
    plan: {
      video: { action: 'transcode', reasons: ['B-frames'] },
      audio: { from: 'aac', codec: 'opus', reasons: ['aac → opus'] },
    },
    advice: expect.stringContaining('Keyframe Interval to 1 s and B-frames to 0'),
  });
  await expect
    .poll(() => heard(watched.page))
    .toEqual({
      left: ['left', 'centre', 'backLeft'],
      right: ['right', 'centre', 'backRight'],
    });
});

test.concurrent('Key frames 8 s apart by RTMP: the picture is transcoded as soon as that is seen, without a seam', async () => {
  await using closing = new AsyncDisposableStack();
  await using watched = await publish('key-frames', { gop: 200 }, closing);
  expect(watched.told('plan.changed')[0]?.plan.video?.action).toBe('copy');
  const changed = await eventually(
    async () => watched.told('plan.changed').at(-1),
    (plan) => plan?.plan.video?.action === 'transcode',
  );
  expect(changed).toMatchObject({
    plan: { video: { reasons: [expect.stringMatching(/^key frames /)] } },
    advice: 'In OBS set Keyframe Interval to 1 s, and the picture costs no transcode',
  });
  await plays(watched);
  expect(watched.told('source.away')).toEqual([]);
});

async function publish(
  room: string,
  options: EncoderOptions,
  closing: AsyncDisposableStack,
): Promise<WatchedRoom> {
  const { addresses, secret } = await createClient(here.server.socket).call('createKey', {
    room,
    expiresMs: null,
  });
  return await WatchedRoom.open(here, room, () => {
    closing.use(encoder(`${addresses.rtmp}/${secret}`, options));
  });
}

async function plays(watched: WatchedRoom): Promise<void> {
  const mark = await watched.mark();
  await watched.played(1000);
  const { broken, shots, gapsMs } = await watched.since(mark);
  expect({ broken, widths: shots.map(({ width }) => width) }).toEqual({ broken: [], widths: [film] });
  expect(gapsMs.video).toBeLessThan(frozenMs);
  await moves(watched.page);
}

type Channel = keyof typeof surroundHz;

/** The channels of what was published that are heard on the left, and on the right. */
async function heard(page: Page): Promise<{ left: Channel[]; right: Channel[] }> {
  const levels = await page.evaluate(async (tones) => {
    const { srcObject } = document.querySelector('video') as HTMLVideoElement;
    const context = new AudioContext({ sampleRate: 48_000 });
    const splitter = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    context.createMediaStreamSource(srcObject as MediaStream).connect(splitter);
    const analysers = [0, 1].map((output) => {
      const analyser = new AnalyserNode(context, { fftSize: 16_384, smoothingTimeConstant: 0 });
      splitter.connect(analyser, output);
      return analyser;
    });
    const startedAt = context.currentTime;
    // A whole window of the transform, with a margin for the graph to start.
    while (context.currentTime < startedAt + 0.6)
      await new Promise((resolve) => requestAnimationFrame(resolve));
    const spectra = analysers.map((analyser) => {
      const spectrum = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(spectrum);
      return tones.map((hz) => spectrum[Math.round((hz * analyser.fftSize) / context.sampleRate)] ?? 0);
    });
    await context.close();
    return spectra;
  }, Object.values(surroundHz));
  const [left = [], right = []] = levels.map((side) =>
    (Object.keys(surroundHz) as Channel[]).filter((_, index) => (side[index] ?? 0) > heardDb),
  );
  return { left, right };
}

/** A tone that was mixed in is at -35 dB or more. */
const heardDb = -50;
