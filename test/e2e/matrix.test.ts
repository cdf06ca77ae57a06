import { dirname } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playlistItem, type Source } from '../../src/contract/models.ts';
import { eventually, launchBrowser, received } from '../helpers/browser.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { aac, h264, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { freeUdpPort, sendFile, toUdp } from '../helpers/media/sender.ts';
import { filesOf, serveHttp } from '../helpers/servers/http-server.ts';
import { clockDriftMs, shownFrames } from '../helpers/shown-frames.ts';
import { fileSource, type Mark, WatchedRoom } from '../helpers/watched-room.ts';

/** Widths of the slate, and of all sources here. */
const slate = 1280;
const film = 320;

let browser: Browser;
let server: TestDaemon;
/** Something else that is on air all the while: 1.5 s, over and over. */
let bystander: WatchedRoom;
let begun: Mark;
beforeAll(async () => {
  browser = await launchBrowser();
  server = await startDaemon({ sources: { allowPrivateNetworks: true } });
  const args = [...picture('160x90', 1.5), ...tone(440, 1.5, 44_100), ...h264(15), ...aac];
  const source = { ...fileSource(await makeMedia('bystander.mp4', { args })), loop: true };
  bystander = await WatchedRoom.open(browser, server, 'bystander', source);
  await bystander.played(2000);
  begun = await bystander.mark();
});
afterAll(async () => {
  await bystander?.[Symbol.asyncDispose]();
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

type Action = 'copied' | 'transcoded';

/** A source that is ready to be played, and what keeps it so. */
interface Opened extends AsyncDisposable {
  readonly source: Source;
}

interface Row {
  readonly name: string;
  /** It comes at its own pace: a new ffmpeg goes on with what comes then. */
  readonly live: boolean;
  open(action: Action): Promise<Opened>;
}

const rows: readonly Row[] = [
  {
    name: 'a file',
    live: false,
    open: async (action) => ({ source: fileSource(await clip('mp4', action)), ...nothing }),
  },
  {
    name: 'a file over HTTP',
    live: false,
    async open(action) {
      const path = await clip('mp4', action);
      const files = await serveHttp(filesOf(dirname(path)));
      const source = url(`http://127.0.0.1:${files.port}/${path.slice(dirname(path).length + 1)}`);
      return { source, [Symbol.asyncDispose]: () => files[Symbol.asyncDispose]() };
    },
  },
  {
    name: 'a playlist',
    live: false,
    async open(action) {
      const items = [playlistItem.parse({ source: fileSource(await clip('mp4', action)) })];
      return { source: { kind: 'playlist', items, loop: false, shuffle: false }, ...nothing };
    },
  },
  {
    name: 'MPEG-TS over UDP',
    live: true,
    async open(action) {
      const port = await freeUdpPort();
      const sender = sendFile(await clip('ts', action), ...toUdp(port));
      const source = url(`udp://127.0.0.1:${port}`);
      return { source, [Symbol.asyncDispose]: () => sender[Symbol.asyncDispose]() };
    },
  },
];

const table = rows.flatMap((row) =>
  (['copied', 'transcoded'] as const).map((action) => [row.name, action, row] as const),
);

describe('While something else is on air, unbroken,', () => {
  test.each(table)(
    '%s, %s, plays; ffmpeg may be killed or stuck; and it ends',
    async (name, action, row) => {
      await using opened = await row.open(action);
      const beside = await bystander.mark();
      const room = `${name}-${action}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
      await using watched = await WatchedRoom.open(browser, server, room, opened.source);
      expect(watched.broadcast.plan.video?.action).toBe(action === 'copied' ? 'copy' : 'transcode');
      await plays(watched);
      await isKilled(watched, row);
      await isStuck(watched);
      if (!row.live) await ends(watched);
      const { unbroken, longestGapMs } = await bystander.since(beside);
      expect({ unbroken, told: bystander.switches() }).toEqual({ unbroken: true, told: [] });
      expect(longestGapMs.shown).toBeLessThan(1000);
      expect(bystander.told('pipeline.failed')).toEqual([]);
    },
    60_000,
  );
});

test('A loop that went on beside all this for a minute and more has not drifted', async () => {
  const { page, broadcast } = bystander;
  const { playedMs } = await eventually(
    () => received(page),
    (now) => now.playedMs - begun.media.playedMs > 60_000,
    60_000,
  );
  const { unbroken, longestGapMs } = await bystander.since(begun);
  expect(unbroken).toBe(true);
  expect(longestGapMs.shown).toBeLessThan(1000);
  expect(broadcast.stats.loops).toBeGreaterThan(40);
  const frames = await shownFrames(page, begun.frames);
  expect(frames.length).toBeGreaterThan(((playedMs - begun.media.playedMs) / 1000) * 30 * 0.5);
  expect(Math.abs(clockDriftMs(frames.slice(0, 150), frames.slice(-150)))).toBeLessThan(100);
  const skews: number[] = [];
  while (skews.length < 9) {
    const now = await received(page);
    skews.push(Math.abs((now.video?.playoutMs ?? 0) - (now.audio?.playoutMs ?? 0)));
    await bystander.played(250);
  }
  // The median: the browser moves sound and picture towards each other in steps.
  expect(skews.sort((a, b) => a - b)[4]).toBeLessThan(80);
}, 90_000);

async function plays(watched: WatchedRoom): Promise<void> {
  const mark = await watched.mark();
  await watched.played(1500);
  const stretch = await watched.since(mark);
  expect(stretch).toMatchObject({ unbroken: true, shots: [{ width: film }] });
  expect(stretch.pictures).toBeGreaterThan(10);
  expect(stretch.longestGapMs.shown).toBeLessThan(1000);
}

/** What has been read ahead lasts until the next ffmpeg gives more; live, viewers may see the slate for a moment. */
async function isKilled(watched: WatchedRoom, { live }: Row): Promise<void> {
  const mark = await watched.mark();
  await watched.signal('SIGKILL');
  await watched.played(2000);
  await watched.shows(film, mark);
  const stretch = await watched.since(mark);
  expect(stretch.unbroken).toBe(true);
  expect(stretch.longestGapMs.shown).toBeLessThan(1000);
  if (live) {
    expect(watched.told('source.away', mark.events)).toMatchObject([
      { entry: 'main', reason: expect.stringMatching(/^ffmpeg was ended by SIGKILL/) },
    ]);
    expect(watched.told('source.back', mark.events).length).toBe(1);
    expect(watched.switches(mark.events)).toEqual(['slate away', 'main back']);
  } else {
    expect(watched.told('pipeline.failed', mark.events)).toMatchObject([
      { message: expect.stringMatching(/^ffmpeg was ended by SIGKILL/), restarts: 1 },
    ]);
    expect(watched.switches(mark.events)).toEqual([]);
  }
}

async function isStuck(watched: WatchedRoom): Promise<void> {
  const mark = await watched.mark();
  const back = watched.signal('SIGSTOP');
  await watched.shows(slate, mark);
  await back;
  await watched.shows(film, mark);
  await watched.played(500);
  const { unbroken, shots, longestGapMs } = await watched.since(mark);
  expect(unbroken).toBe(true);
  expect(shots.map(({ width }) => width)).toEqual([film, slate, film]);
  // From the last picture of the source to the first of the slate, and so back.
  expect(longestGapMs.shown).toBeLessThan(1000);
  expect(watched.told('source.away', mark.events)).toMatchObject([{ entry: 'main' }]);
  expect(watched.told('source.back', mark.events)).toMatchObject([{ entry: 'main' }]);
  expect(watched.switches(mark.events)).toEqual(['slate away', 'main back']);
}

async function ends(watched: WatchedRoom): Promise<void> {
  const mark = await watched.mark();
  const { durationMs } = watched.broadcast.stats;
  await watched.broadcast.control({ type: 'seek', positionMs: Math.round((durationMs ?? 0) - 1000) });
  await watched.page.waitForSelector('html[data-state=ended]');
  expect(watched.told('broadcast.ended', mark.events)).toMatchObject([{ reason: 'ended', message: null }]);
}

const nothing = { [Symbol.asyncDispose]: async () => {} };

function url(address: string): Extract<Source, { kind: 'url' }> {
  return { kind: 'url', url: address, live: null, loop: false, audioTrack: null };
}

/** So long that ffmpeg has never read all of it. */
async function clip(container: 'mp4' | 'ts', action: Action): Promise<string> {
  const bFrames = action === 'copied' ? 0 : 2;
  const args = [...picture(`${film}x180`, 40), ...tone(440, 40), ...h264(15, bFrames), ...aac];
  return await makeMedia(`matrix-${action}.${container}`, { args });
}
