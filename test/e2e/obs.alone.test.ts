import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { motion, pitch } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { isInstalled } from '../helpers/desktop.ts';
import { aac, h264, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { obsCanvas, obsColour, startObs } from '../helpers/obs.ts';
import { frozenMs } from '../helpers/shown-frames.ts';
import { WatchedRoom } from '../helpers/watched-room.ts';

const missing = ['obs', 'Xvfb'].filter((program) => !isInstalled(program));
if (missing.length > 0) console.warn(`OBS is not tested, as these are not installed: ${missing.join(', ')}`);

/** The widths of OBS's picture, and of the slate. */
const film = obsCanvas.width;
const slate = 1280;

const here = daemonAndBrowser();

test.skipIf(missing.length > 0).each([
  {
    name: 'the settings that it is installed with',
    ...{ room: 'installed', recommended: false, action: 'transcode', reasons: ['B-frames'] },
    // Longer than from one key frame to the next: 250 pictures of 30 a second.
    watchedMs: 10_000,
    advice:
      'In OBS set Keyframe Interval to 1 s and B-frames to 0 (with x264 by its options: bframes=0), and the picture costs no transcode',
  },
  {
    name: 'the settings that are recommended',
    ...{ room: 'recommended', recommended: true, action: 'copy', reasons: [], advice: null },
    watchedMs: 3000,
  },
])(
  'OBS puts a room on air with $name, and comes back when the RTMP server has died',
  async ({ room, recommended, action, reasons, advice, watchedMs }) => {
    const client = createClient(here.server.socket);
    const { addresses, secret } = await client.call('createKey', { room, expiresMs: null });
    const options = { server: addresses.rtmp ?? '', streamKey: secret, clip: await clip(), recommended };
    await using obs = new AsyncDisposableStack();
    await using watched = await WatchedRoom.open(here, room, async () => {
      obs.use(await startObs(options));
    });
    const mark = await watched.mark();
    await watched.played(watchedMs);
    const { unbroken, shots, longestGapMs } = await watched.since(mark);
    expect({ unbroken, widths: shots.map(({ width }) => width) }).toEqual({ unbroken: true, widths: [film] });
    expect(longestGapMs.shown).toBeLessThan(frozenMs);
    expect(await corners(watched.page)).toEqual(Array(4).fill('as in the scene'));
    expect(await motion(watched.page)).toBeGreaterThan(1);
    expect(Math.abs((await pitch(watched.page)) - 440)).toBeLessThan(8);
    expect(watched.told('plan.changed').at(-1)?.advice).toBe(advice);
    const [status] = (await client.call('status', {})).broadcasts.filter((one) => one.room === room);
    expect(status).toMatchObject({
      advice,
      plan: { video: { from: 'h264', action, reasons, ...obsCanvas }, audio: { reasons: ['aac → opus'] } },
    });
    await dies(watched);
  },
  90_000,
);

/** The process that speaks RTMP is killed: OBS connects again by itself. */
async function dies(watched: WatchedRoom): Promise<void> {
  const mark = await watched.mark();
  process.kill(
    (await createClient(here.server.socket).call('status', {})).rtmp?.pid ?? Number.NaN,
    'SIGKILL',
  );
  await watched.shows(slate, mark);
  await watched.shows(film, mark, 30_000);
  await watched.played(1000);
  const { unbroken, shots, longestGapMs } = await watched.since(mark);
  expect({ unbroken, widths: shots.map(({ width }) => width) }).toEqual({
    unbroken: true,
    widths: [film, slate, film],
  });
  expect(longestGapMs.shown).toBeLessThan(frozenMs);
  expect(watched.switches(mark.events)).toEqual(['slate away', 'main back']);
  expect(watched.told('publisher.left', mark.events)).toMatchObject([{ reason: 'died' }]);
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
