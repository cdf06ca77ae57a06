import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Broadcast } from '../../src/daemon/rooms/broadcast.ts';
import { eventually, launchBrowser, openRoom, type ReceivedMedia, received } from '../helpers/browser.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { sample } from '../helpers/media/sample-files.ts';
import type { SampleName } from '../helpers/media/samples.ts';

let browser: Browser;
let server: TestDaemon;
beforeAll(async () => {
  browser = await launchBrowser();
  server = await startDaemon();
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

describe.each<[string, SampleName]>([
  ['copied', 'talk.mp4'],
  ['transcoded', 'h264-high-b-frames.mp4'],
])('a looped file that is %s', (kind, name) => {
  test('plays on without a seam while ffmpeg is killed five times', async () => {
    const { broadcast, page, first } = await playing(`killed-${kind}`, name);
    try {
      for (let kill = 1; kill <= 5; kill++) {
        await killPipeline(broadcast);
        await played(page, 1500);
      }
      expect(broadcast.stats.restarts).toBe(5);
      await expectUnbroken(page, first);
    } finally {
      await broadcast.close('stopped');
      await page.close();
    }
  });

  test('begins again without a freeze', async () => {
    const { broadcast, page, first } = await playing(`looped-${kind}`, name);
    try {
      await eventually(
        async () => broadcast.stats.loops,
        (loops) => loops >= 2,
        40_000,
      );
      await played(page, 1500);
      await expectUnbroken(page, first);
      expect(broadcast.stats.restarts).toBe(0);
    } finally {
      await broadcast.close('stopped');
      await page.close();
    }
  }, 60_000);
});

const pids = new WeakMap<Broadcast, number>();

async function playing(
  room: string,
  name: SampleName,
): Promise<{ broadcast: Broadcast; page: Page; first: ReceivedMedia }> {
  const path = await sample(name);
  const page = await openRoom(browser, `${server.url}/${room}`);
  const stop = server.daemon.hub.listen((event) => {
    if (event.type !== 'pipeline.started' || event.room !== room) return;
    const broadcast = server.daemon.desk.findRoom(room)?.broadcast;
    if (broadcast) pids.set(broadcast, event.pid);
  });
  const broadcast = await server.daemon.desk.start({
    room,
    source: { kind: 'file', path, loop: true, audioTrack: null },
  });
  broadcast.once('ended', stop);
  await page.keyboard.press('m');
  const first = await eventually(
    () => received(page),
    ({ video, audio }) => (video?.framesDecoded ?? 0) > 15 && (audio?.energy ?? 0) > 0,
  );
  return { broadcast, page, first };
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
