import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Broadcast } from '../../src/daemon/rooms/broadcast.ts';
import { eventually, openRoom, type ReceivedMedia, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { aac, h264, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';

const here = daemonAndBrowser();

/** Files that are copied, or transcoded for their B-frames: long enough to be killed in, or short enough to be seen again. */
const clip = (kind: 'copied' | 'transcoded', seconds: number) =>
  makeMedia(`splicing-${kind}-${seconds}.mp4`, {
    args: [
      ...[...picture('640x360', seconds), ...tone(440, seconds)],
      ...[...h264(30, kind === 'copied' ? 0 : 3), ...aac],
    ],
  });

describe.concurrent.each(['copied', 'transcoded'] as const)('a looped file that is %s', (kind) => {
  test('plays on without a seam while ffmpeg is killed five times', async () => {
    await using on = await playing(`killed-${kind}`, await clip(kind, 10));
    for (let kill = 1; kill <= 5; kill++) {
      await killPipeline(on.broadcast);
      await played(on.page, 1500);
    }
    expect(on.broadcast.stats.restarts).toBe(5);
    await expectUnbroken(on.page, on.first);
  }, 90_000);

  test('begins again without a freeze', async () => {
    await using on = await playing(`looped-${kind}`, await clip(kind, 4));
    await eventually(
      async () => on.broadcast.stats.loops,
      (loops) => loops >= 2,
    );
    await played(on.page, 1500);
    await expectUnbroken(on.page, on.first);
    expect(on.broadcast.stats.restarts).toBe(0);
  }, 90_000);
});

const pids = new WeakMap<Broadcast, number>();

/** A looped file on air, and a page that plays it. */
interface Playing extends AsyncDisposable {
  readonly broadcast: Broadcast;
  readonly page: Page;
  readonly first: ReceivedMedia;
}

async function playing(room: string, path: string): Promise<Playing> {
  const page = await openRoom(here.browser, `${here.server.url}/${room}`);
  const stop = here.server.daemon.hub.listen((event) => {
    if (event.type !== 'pipeline.started' || event.room !== room) return;
    const broadcast = here.server.daemon.desk.findRoom(room)?.broadcast;
    if (broadcast) pids.set(broadcast, event.pid);
  });
  const broadcast = await here.server.daemon.desk.start({
    room,
    source: { kind: 'file', path, loop: true, audioTrack: null },
  });
  broadcast.once('ended', stop);
  await page.keyboard.press('m');
  const first = await eventually(
    () => received(page),
    ({ video, audio }) => (video?.framesDecoded ?? 0) > 15 && (audio?.energy ?? 0) > 0,
  );
  return {
    ...{ broadcast, page, first },
    async [Symbol.asyncDispose]() {
      await broadcast.close('stopped');
      await page.close();
    },
  };
}

/** Kills its ffmpeg; where that has just read the file to its end, the one that begins it again. */
async function killPipeline(broadcast: Broadcast): Promise<void> {
  for (;;) {
    const next = nextPipelineEvent(broadcast);
    try {
      process.kill(pids.get(broadcast) ?? Number.NaN, 'SIGKILL');
    } catch {
      // It has ended already.
    }
    if ((await next) === 'pipeline.failed') return;
  }
}

function nextPipelineEvent(broadcast: Broadcast): Promise<string> {
  return new Promise((resolve) => {
    const listen = ({ type }: { type: string }) => {
      if (!type.startsWith('pipeline.')) return;
      broadcast.off('programme', listen);
      resolve(type);
    };
    broadcast.on('programme', listen);
  });
}

async function played(page: Page, ms: number): Promise<void> {
  const { playedMs } = await received(page);
  await eventually(
    () => received(page),
    (now) => now.playedMs - playedMs >= ms,
  );
}

/** Same tracks, same connection, pictures counted on, nothing lost, no freeze of a second, sound with its picture. */
async function expectUnbroken(page: Page, first: ReceivedMedia): Promise<void> {
  const skews: number[] = [];
  let last = await received(page);
  while (skews.length < 9) {
    skews.push(Math.abs((last.video?.playoutMs ?? 0) - (last.audio?.playoutMs ?? 0)));
    await played(page, 250);
    last = await received(page);
  }
  expect(last.connections).toBe(first.connections);
  expect(last.video?.trackId).toBe(first.video?.trackId);
  expect(last.audio?.trackId).toBe(first.audio?.trackId);
  expect(last.video?.packetsLost).toBe(0);
  expect(last.audio?.packetsLost).toBe(0);
  expect((last.video?.freezeMs ?? 0) - (first.video?.freezeMs ?? 0)).toBeLessThan(1000);
  const pictures = (last.video?.framesDecoded ?? 0) - (first.video?.framesDecoded ?? 0);
  expect(pictures).toBeGreaterThan(((last.playedMs - first.playedMs) / 1000) * 30 * 0.8);
  // The median: the browser moves sound and picture towards each other in steps.
  expect(skews.sort((a, b) => a - b)[4]).toBeLessThan(80);
}
