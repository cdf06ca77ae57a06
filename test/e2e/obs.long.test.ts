import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { moves, sounds } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { isInstalled } from '../helpers/desktop.ts';
import { aac, h264, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { obsCanvas, obsColour, startObs } from '../helpers/obs.ts';
import { frozenMs } from '../helpers/sent-frames.ts';
import { type Mark, WatchedRoom } from '../helpers/watched-room.ts';
import { expectAwayAndBack } from './away-and-back.ts';

const missing = ['obs', 'Xvfb'].filter((program) => !isInstalled(program));
if (missing.length > 0) console.warn(`OBS is not tested, as these are not installed: ${missing.join(', ')}`);

/** The widths of OBS's picture, and of the slate. */
const film = obsCanvas.width;
const slate = 1280;

const here = daemonAndBrowser();

/** What OBS is set to, each in a room of its own. */
const settings = [
  {
    // Those that it is installed with.
    ...{ room: 'installed', recommended: false, action: 'transcode', reasons: ['B-frames'] },
    // Longer than from one key frame to the next: 250 pictures of 30 a second.
    watchedMs: 10_000,
    advice:
      'In OBS set Keyframe Interval to 1 s and B-frames to 0 (with x264 by its options: bframes=0), and the picture costs no transcode',
  },
  {
    ...{ room: 'recommended', recommended: true, action: 'copy', reasons: [], advice: null },
    watchedMs: 3000,
  },
];

test.skipIf(missing.length > 0)(
  'OBS puts a room on air with the settings that it is installed with, and with those that are recommended, and comes back when the RTMP server has died',
  async () => {
    await using closing = new AsyncDisposableStack();
    const client = createClient(here.server.socket);
    const begin = async (set: (typeof settings)[number]) => {
      const { room, recommended, watchedMs } = set;
      const { addresses, secret } = await client.call('createKey', { room, expiresMs: null });
      // As services want it that know their users by it.
      const server = `${addresses.rtmp}?user=stage`;
      const options = { server, streamKey: secret, clip: await clip(), recommended };
      const publish = async () => void closing.use(await startObs(options));
      const watched = closing.use(await WatchedRoom.open(here, room, publish));
      const mark = await watched.mark();
      await watched.played(watchedMs);
      await isWhole(watched, mark, [film]);
      return { ...set, watched };
    };
    const rooms = await Promise.all(settings.map(begin));
    const { broadcasts, rtmp } = await client.call('status', {});
    for (const { room, action, reasons, advice, watched } of rooms) {
      await expect.poll(() => corners(watched.page)).toEqual(Array(4).fill('as in the scene'));
      await moves(watched.page);
      await sounds(watched.page, 440);
      expect(watched.told('plan.changed').at(-1)?.advice).toBe(advice);
      expect(broadcasts.find((one) => one.room === room)).toMatchObject({
        advice,
        plan: { video: { from: 'h264', action, reasons, ...obsCanvas }, audio: { reasons: ['aac → opus'] } },
      });
    }

    const marked = await Promise.all(
      rooms.map(async ({ watched }) => ({ watched, mark: await watched.mark() })),
    );
    process.kill(rtmp?.pid ?? Number.NaN, 'SIGKILL');
    await Promise.all(marked.map(({ watched, mark }) => isBack(watched, mark)));
  },
);

/** OBS connects again by itself. */
async function isBack(watched: WatchedRoom, mark: Mark): Promise<void> {
  await watched.shows(slate, mark);
  await watched.shows(film, mark);
  await watched.played(1000);
  await expectAwayAndBack(watched, mark, film);
  expect(watched.told('publisher.left', mark.events)).toMatchObject([{ reason: 'died' }]);
}

/** Viewers kept their tracks, and saw this and nothing else, without a stop. */
async function isWhole(watched: WatchedRoom, mark: Mark, widths: readonly number[]): Promise<void> {
  const { broken, shots, gapsMs } = await watched.since(mark);
  expect({ broken, widths: shots.map(({ width }) => width) }).toEqual({ broken: [], widths });
  expect(gapsMs.video).toBeLessThan(frozenMs);
}

/** Whether the picture has the colour of the scene in its corners; as text otherwise. */
async function corners(page: Page): Promise<string[]> {
  const colours = await page.evaluate(() => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(video, 0, 0);
    const at = (x: number, y: number) => [
      ...context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data.subarray(0, 3),
    ];
    return [at(0.1, 0.1), at(0.9, 0.1), at(0.1, 0.9), at(0.9, 0.9)];
  });
  const { red, green, blue } = obsColour;
  // Coded as Y'CbCr, with a little lost.
  const near = (colour: number[]) =>
    [red, green, blue].every((value, index) => Math.abs(value - (colour[index] ?? 0)) < 20);
  return colours.map((colour) => (near(colour) ? 'as in the scene' : String(colour)));
}

async function clip(): Promise<string> {
  const args = [...picture('320x180', 10), ...tone(440, 10), ...h264(30), ...aac];
  return await makeMedia('obs.mp4', { args });
}
