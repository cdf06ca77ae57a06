import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { control } from '../../src/contract/control.ts';
import { type Source, source as sourceSchema } from '../../src/contract/models.ts';
import type { ProgrammeState } from '../../src/contract/programme-state.ts';
import type { Broadcast } from '../../src/daemon/rooms/broadcast.ts';
import { eventually, motion, openRoom, type ReceivedMedia, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { aac, h264, opus, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';

/** Pictures of a still differ by less, as the mean of a colour value; those of the files by more, half a second apart. */
const heldStill = 1;

const here = daemonAndBrowser({ rtmp: { enabled: false } });

/** Three files of different size, frame rate, codecs and plan, of 3 s each. */
async function threeFiles(): Promise<string[]> {
  const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-c:a', 'flac'];
  return await Promise.all([
    makeMedia('one.mp4', { args: [...picture('640x360', 3, 25), ...tone(440, 3), ...h264(25), ...aac] }),
    makeMedia('two.mkv', { args: [...picture('854x480', 3, 30), ...tone(660, 3), ...x265] }),
    makeMedia('three.mkv', { args: [...picture('480x270', 3, 15), ...tone(880, 3), ...h264(15), ...opus] }),
  ]);
}

describe('a playlist in a browser', () => {
  test('has no freeze and no gap in its sound between files of different size, rate and codec', async () => {
    const files = await threeFiles();
    await using played = await play('gapless', listOf([...files, ...files]));
    const first = await received(played.page);
    await eventually(
      async () => (await played.state()).playlist?.index,
      (index) => index === 5,
      30_000,
    );
    await playedOn(played.page, 1000);
    const last = await received(played.page);
    expectUnbroken(first, last);
    // Five seams, each of less than 100 ms at 48 kHz; the page conceals some sound while it starts, too.
    expect(concealed(last) - concealed(first)).toBeLessThan(5 * 4800);
  }, 60_000);

  test('skips what cannot be played, and shows what viewers see', async () => {
    const [one = '', two = ''] = await threeFiles();
    await using played = await play('skipping', listOf([one, '/nowhere/missing.mp4', two]));
    const first = await received(played.page);
    const { playlist } = await eventually(played.state, (state) => state.playlist?.index === 2);
    expect(playlist?.items.map(({ state }) => state)).toEqual(['played', 'skipped', 'playing']);
    expect(playlist?.items[1]?.reason).toBe('there is no file /nowhere/missing.mp4');
    const last = await eventually(
      () => received(played.page),
      ({ video }) => video?.height === 480,
    );
    expectUnbroken(first, last);
  }, 30_000);

  test('can be changed while it plays, and viewers notice nothing', async () => {
    const [one = '', two = '', three = ''] = await threeFiles();
    await using played = await play('changed', listOf([one, one, three]));
    const first = await received(played.page);
    const ids = () => played.state().then(({ playlist }) => playlist?.items.map(({ item }) => item) ?? []);
    const [, second = '', third = ''] = await ids();
    await played.control({ type: 'add', items: [{ source: { kind: 'file', path: two } }], at: 1 });
    await played.control({ type: 'move', item: third, to: 3 });
    const { playlist } = await played.control({ type: 'remove', item: second });
    expect(playlist?.items.map(({ words, state }) => [words, state])).toEqual([
      ['one.mp4', 'playing'],
      ['two.mkv', 'next'],
      ['three.mkv', 'waiting'],
    ]);
    const last = await eventually(
      () => received(played.page),
      ({ video }) => video?.height === 270,
    );
    expectUnbroken(first, last);
  }, 30_000);
});

describe('an operator', () => {
  test('puts the slate over it and takes it away, holds it, seeks in it, and viewers keep their tracks', async () => {
    const [one = '', two = '', three = ''] = await threeFiles();
    await using played = await play('operated', listOf([one, two, three], true));
    const { page } = played;
    const first = await received(page);
    const shows = (height: number) =>
      eventually(
        () => received(page),
        ({ video }) => video?.height === height,
        5000,
      );

    const slated = await played.control({ type: 'slate', on: true });
    expect(slated).toMatchObject({ onAir: { entry: 'slate' }, slates: 1 });
    await shows(720);
    expect((await colours(page)).every(([red, green, blue]) => red < 60 && green < 60 && blue < 80)).toBe(
      true,
    );
    await played.control({ type: 'slate', on: false });
    await shows(360);

    await played.control({ type: 'next' });
    await shows(480);
    await played.control({ type: 'previous' });
    await shows(360);

    await played.control({ type: 'seek', positionMs: 1000 });
    expect(await played.control({ type: 'pause' })).toMatchObject({ paused: true });
    await eventually(
      () => motion(page),
      (change) => change < heldStill,
    );
    await playedOn(page, 1000);
    expect(await motion(page)).toBeLessThan(heldStill);
    await played.control({ type: 'resume' });
    await eventually(
      () => motion(page),
      (change) => change > heldStill,
    );

    await played.control({
      type: 'take',
      source: { kind: 'file', path: three, loop: true, audioTrack: null },
    });
    await shows(270);
    expect((await played.state()).onAir).toMatchObject({ entry: 'take', words: 'three.mkv' });
    await played.control({ type: 'release' });
    await eventually(played.state, ({ onAir }) => onAir.entry === 'main');
    expectUnbroken(first, await received(page));
  }, 60_000);
});

function listOf(paths: readonly string[], loop = false): Source {
  const items = paths.map((path) => ({ source: { kind: 'file', path } }));
  return sourceSchema.parse({ kind: 'playlist', loop, items });
}

/** A source on air, and a page that plays it. */
interface Played extends AsyncDisposable {
  readonly page: Page;
  readonly state: () => Promise<ProgrammeState>;
  /** As the control API takes it. */
  readonly control: (command: Record<string, unknown> & { type: string }) => Promise<ProgrammeState>;
}

async function play(room: string, source: Source): Promise<Played> {
  const page = await openRoom(here.browser, `${here.server.url}/${room}`);
  const broadcast: Broadcast = await here.server.daemon.desk.start({ room, source });
  await page.keyboard.press('m');
  await eventually(
    () => received(page),
    ({ video, audio }) => (video?.framesDecoded ?? 0) > 15 && (audio?.energy ?? 0) > 0,
  );
  return {
    page,
    state: () => broadcast.control(null),
    control: (command) => broadcast.control(control.parse(command)),
    async [Symbol.asyncDispose]() {
      await broadcast.close('stopped');
      await page.close();
    },
  };
}

async function playedOn(page: Page, ms: number): Promise<void> {
  const { playedMs } = await received(page);
  await eventually(
    () => received(page),
    (now) => now.playedMs - playedMs >= ms,
  );
}

/** The same tracks on the same connection, nothing lost, and no freeze that the browser counts. */
function expectUnbroken(first: ReceivedMedia, last: ReceivedMedia): void {
  expect(last.connections).toBe(first.connections);
  expect(last.video?.trackId).toBe(first.video?.trackId);
  expect(last.audio?.trackId).toBe(first.audio?.trackId);
  expect(last.video?.packetsLost).toBe(0);
  expect(last.audio?.packetsLost).toBe(0);
  expect(last.video?.freezes).toBe(first.video?.freezes);
}

function concealed({ audio }: ReceivedMedia): number {
  return audio?.concealedSamples ?? 0;
}

/** The corners of the picture that the page shows. */
function colours(page: Page): Promise<[number, number, number][]> {
  return page.evaluate(() => {
    const canvas = new OffscreenCanvas(64, 36);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(document.querySelector('video') as HTMLVideoElement, 0, 0, 64, 36);
    const corners = [
      [1, 1],
      [62, 1],
      [1, 34],
      [62, 34],
    ] as const;
    return corners.map(([x, y]) => {
      const [red = 0, green = 0, blue = 0] = context.getImageData(x, y, 1, 1).data;
      return [red, green, blue];
    });
  });
}
