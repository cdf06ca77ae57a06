import { beforeAll, expect, test } from 'vitest';
import { eventually, keepConnections, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { sample } from '../helpers/media/sample-files.ts';

const here = daemonAndBrowser();
beforeAll(async () => {
  const path = await sample('talk.mp4');
  await here.server.daemon.desk.start({
    room: 'lobby',
    source: { kind: 'file', path, loop: true, audioTrack: null },
    renditions: ['source', '360p', '240p'],
  });
});

/** Generous: a busy machine is a slow line too. */
const timeout = 90_000;

test('a viewer begins on the lowest rendition, gets the best, and may choose', { timeout }, async () => {
  const page = await here.browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.addInitScript(keepConnections);
  await page.addInitScript(noteHeights);
  await page.goto(`${here.server.url}/lobby`);
  const shown = (height: number) =>
    eventually(
      () => received(page),
      ({ video }) => video?.height === height,
      30_000,
    );
  await shown(720);
  expect(await page.evaluate(() => (globalThis as { heights?: number[] }).heights?.[0])).toBe(240);
  const choose = async (quality: string) => {
    // The controls fade where nobody moves.
    await page.keyboard.press('Shift');
    await page.getByLabel('Quality').selectOption(quality);
  };
  await page.getByRole('option', { name: 'Auto (Source)' }).waitFor({ state: 'attached' });
  await choose('240p');
  await shown(240);
  expect(here.server.daemon.desk.findRoom('lobby')?.viewers).toMatchObject([{ rendition: '240p' }]);
  await choose('360p');
  await shown(360);
  await choose('');
  await shown(720);
  const [viewer] = (await here.server.daemon.desk.findRoom('lobby')?.measureViewers()) ?? [];
  expect(viewer?.bitrateBps).toBeGreaterThan(100_000);
});

/** Runs in the page, before its own script: keeps the height of each picture that differs from the one before. */
function noteHeights(): void {
  const heights: number[] = [];
  Object.assign(globalThis, { heights });
  addEventListener('DOMContentLoaded', () => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const note = (_now: number, { height }: VideoFrameCallbackMetadata) => {
      if (heights.at(-1) !== height) heights.push(height);
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  });
}
