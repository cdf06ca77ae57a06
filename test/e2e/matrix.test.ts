import { dirname } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playlistItem, type Source } from '../../src/contract/models.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { aac, h264, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { freeUdpPort, sendFile, toUdp } from '../helpers/media/sender.ts';
import { filesOf, serveHttp } from '../helpers/servers/http-server.ts';
import { fileSource, WatchedRoom } from '../helpers/watched-room.ts';

/** Widths of the slate, and of all sources here. */
const slate = 1280;
const film = 320;

let browser: Browser;
let server: TestDaemon;
/** Something else that is on air all the while. */
let bystander: WatchedRoom;
beforeAll(async () => {
  browser = await launchBrowser();
  server = await startDaemon({ sources: { allowPrivateNetworks: true } });
  const source = { ...fileSource(await clip('mp4', 'copied')), loop: true };
  bystander = await WatchedRoom.open(browser, server, 'bystander', source);
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
      const { unbroken, freezeMs } = await bystander.since(beside);
      expect({ unbroken, told: bystander.switches() }).toEqual({ unbroken: true, told: [] });
      expect(freezeMs).toBeLessThan(1000);
      expect(bystander.told('pipeline.failed')).toEqual([]);
    },
    60_000,
  );
});

async function plays(watched: WatchedRoom): Promise<void> {
  const mark = await watched.mark();
  await watched.played(1500);
  const stretch = await watched.since(mark);
  expect(stretch).toMatchObject({ unbroken: true, shots: [{ width: film }] });
  expect(stretch.pictures).toBeGreaterThan(20);
  expect(stretch.freezeMs).toBeLessThan(500);
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
    expect(stretch.freezeMs).toBeLessThan(500);
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
