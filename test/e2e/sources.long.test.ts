import { expect, test } from 'vitest';
import { eventually, leaveRoom, moves, openRoom, received, sounds } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { sample } from '../helpers/media/sample-files.ts';
import { type SampleName, samples } from '../helpers/media/samples.ts';

const here = daemonAndBrowser();

/** One of each kind that a browser is given: codecs, plans, sizes and rates, tracks alone. All are played to their end, and heard, by ffmpeg/played. */
const kinds: readonly SampleName[] = [
  ...(['talk.mp4', 'h264-baseline.mp4', 'vp8-vorbis.webm', 'vp9-opus.webm', 'av1-opus.mp4'] as const),
  ...(['h264-high-b-frames.mp4', 'variable-frame-rate.mp4', 'portrait-rotated.mp4', 'odd-size.mkv'] as const),
  ...(['negative-start.mkv', 'no-sound.mp4', 'sound-with-cover.mp3', 'sound.opus'] as const),
];

test.concurrent.each(
  samples.filter(({ name }) => kinds.includes(name)).map((entry) => [entry.name, entry] as const),
)('%s plays in a browser', async (name, { expect: expected }) => {
  const room = name.replace(/[^a-z0-9]+/g, '-');
  const page = await openRoom(here.browser, `${here.server.url}/${room}`);
  // Drawing costs more than decoding.
  await page.setViewportSize({ width: 320, height: 180 });
  const path = await sample(name);
  const { desk } = here.server.daemon;
  const broadcast = await desk.start({
    room,
    source: { kind: 'file', path, loop: true, audioTrack: null },
  });
  try {
    await page.keyboard.press('m');
    expect(broadcast.plan.video?.reasons).toEqual(expected.video?.reasons);
    expect(broadcast.plan.audio?.reasons).toEqual(expected.audio?.reasons);
    await eventually(
      () => received(page),
      ({ video, audio }) =>
        begun(video?.framesDecoded, expected.video) && begun(audio?.energy, expected.audio),
    );
    await Promise.all([expected.video && moves(page), expected.audio && sounds(page, expected.audio.toneHz)]);
    const last = await received(page);
    if (expected.video) {
      const [width, height] = expected.video.size.map((pixels) => pixels & ~1) as [number, number];
      expect(last.video).toMatchObject({
        codec: `video/${expected.video.codec.toUpperCase()}`,
        width,
        height,
      });
      expect(last.video?.packetsLost).toBe(0);
    } else {
      expect(await page.locator('html').getAttribute('data-state')).toBe('playing');
    }
    if (expected.audio) expect(last.audio?.packetsLost).toBe(0);
    expect(desk.broadcast(broadcast.id).stats.restarts).toBe(0);
  } finally {
    await desk.end(broadcast.id);
    await leaveRoom(here.browser, page);
  }
});

function begun(count: number | undefined, expected: object | null): boolean {
  return expected === null || (count ?? 0) > 0;
}
