import { execa } from 'execa';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { openRoom } from '../../helpers/browser.ts';
import { daemonAndBrowser } from '../../helpers/daemon-and-browser.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';

const isRed = ([red = 0, green = 0, blue = 0]: number[]) => red > 240 && green < 40 && blue < 10;

// As far apart as it may be, and copied all the same.
const both = daemonAndBrowser({
  plan: { maxKeyframeInterval: '60s' },
  rooms: { hidden: { poster: 'off' } },
});

const start = (room: string, path: string) =>
  both.server.daemon.desk.start({ room, source: { kind: 'file', path, loop: true, audioTrack: null } });
const slate = (room: string, on: boolean) =>
  both.server.daemon.desk.control(room, { type: 'slate', on }, false);
const poster = (room: string) => fetch(`${both.server.url}/poster/${room}`);

beforeAll(async () => {
  const far = await makeMedia('red-far-apart.mp4', {
    args: ['-f', 'lavfi', '-i', 'color=red:s=640x360:r=30:d=10', '-c:v', 'libx264', '-bf', '0', '-g', '300'],
  });
  await Promise.all([start('lobby', far), start('hidden', far)]);
});

/** Runs in the page, before its own script: no offer is taken until the test says so, and that is waited for on a busy machine too. */
function holdOffers(): void {
  const { setTimeout } = globalThis;
  Object.assign(globalThis, { setTimeout: (act: () => void, ms: number) => setTimeout(act, ms * 10) });
  const released = new Promise<void>((release) => Object.assign(globalThis, { release }));
  const { setRemoteDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.setRemoteDescription = async function (description) {
    await released;
    await Reflect.apply(setRemoteDescription, this, [description]);
  };
}

const release = (page: Page) => page.evaluate(() => (globalThis as unknown as { release(): void }).release());
const covered = (page: Page, cover: string) => page.locator(`html[data-cover="${cover}"]`).waitFor();

/** The mean colour of an image, as red, green and blue. */
async function colourOf(response: Response): Promise<number[]> {
  const input = Buffer.from(await response.arrayBuffer());
  const args = ['-i', 'pipe:0', '-vf', 'scale=1:1:flags=area', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const { stdout } = await execa('ffmpeg', args, { input, encoding: 'buffer' });
  return [...stdout];
}

test('the page shows the still until the picture moves, and never again', async () => {
  const response = await poster('lobby');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await colourOf(response)).toSatisfy(isRed);
  const page = await openRoom(both.browser, `${both.server.url}/lobby`, holdOffers);
  await covered(page, 'poster');
  expect(await page.locator('#poster').isVisible()).toBe(true);
  await release(page);
  await covered(page, 'picture');
  await page.locator('#poster').waitFor({ state: 'detached' });
  await page.close();
});

test('the slate hides the still at once, for who asks and for who looks at it', async () => {
  const page = await openRoom(both.browser, `${both.server.url}/lobby`, holdOffers);
  await covered(page, 'poster');
  await slate('lobby', true);
  let response = await poster('lobby');
  while (response.status !== 200) response = await poster('lobby');
  expect(await colourOf(response)).not.toSatisfy(isRed);
  await covered(page, 'card');
  expect(await page.locator('#poster').count()).toBe(0);
  await page.close();
  await slate('lobby', false);
});

test('a page that has no connection yet when the slate comes drops its still when it has one', async () => {
  const page = await both.browser.newPage();
  const connected = Promise.withResolvers<void>();
  await page.routeWebSocket(/\/ws\//, async (socket) => {
    await connected.promise;
    socket.connectToServer();
  });
  await page.addInitScript(holdOffers);
  await page.goto(`${both.server.url}/lobby`);
  await covered(page, 'poster');
  await slate('lobby', true);
  while ((await poster('lobby')).status !== 200);
  expect(await page.locator('#poster').isVisible()).toBe(true);
  connected.resolve();
  await covered(page, 'card');
  expect(await page.locator('#poster').count()).toBe(0);
  await page.close();
  await slate('lobby', false);
});

test('a page whose still is of something else by now shows none', async () => {
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const page = await both.browser.newPage();
  await page.route('**/poster/*', async (route) => {
    await asked;
    await route.continue();
  });
  await page.routeWebSocket(/\/ws\//, () => {});
  await page.goto(`${both.server.url}/lobby`, { waitUntil: 'commit' });
  await slate('lobby', true);
  ask();
  await covered(page, 'card');
  expect(await page.locator('#poster').count()).toBe(0);
  await page.close();
  await slate('lobby', false);
});

test('the still is in the page: no script is needed to show it', async () => {
  const context = await both.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  // What was hidden is shown again after a moment.
  for (let shown = await poster('lobby'); shown.status !== 200 || !isRed(await colourOf(shown)); )
    shown = await poster('lobby');
  await page.goto(`${both.server.url}/lobby`);
  const { width = 0, height = 0 } = (await page.locator('#poster').boundingBox()) ?? {};
  expect(width * height).toBe(1280 * 720);
  expect(await colourOf(new Response(new Uint8Array(await page.screenshot())))).toSatisfy(
    ([red = 0, green = 0, blue = 0]: number[]) => red > 200 && green < 60 && blue < 40,
  );
  await context.close();
});

test('a page of another origin may read the still, and why there is none', async () => {
  for (const room of ['lobby', 'hidden', 'nowhere', 'No_Room'])
    expect((await poster(room)).headers.get('access-control-allow-origin')).toBe('*');
});

test('who asks for a still of a room without is told that, and nothing of its configuration', async () => {
  expect(await (await poster('hidden')).json()).toMatchObject({
    error: { code: 'NO_POSTER', message: 'room hidden has no still', hint: 'Show its page instead: /hidden' },
  });
});

test('a room without a poster, or with nothing on air, has none to show', async () => {
  for (const room of ['hidden', 'nowhere', 'No_Room']) expect((await poster(room)).status).toBe(404);
  for (const room of ['hidden', 'nowhere'])
    expect(await (await fetch(`${both.server.url}/${room}`)).text()).not.toContain('data-poster=');
});
