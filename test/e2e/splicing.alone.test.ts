import { describe, expect, test } from 'vitest';
import { eventually, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { aac, h264, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { frozenMs } from '../helpers/shown-frames.ts';
import { fileSource, lipSyncMs, type Mark, WatchedRoom } from '../helpers/watched-room.ts';

const here = daemonAndBrowser();

describe.concurrent.each([
  { kind: 'copied', bFrames: 0 },
  { kind: 'transcoded', bFrames: 3 },
])('a looped file that is $kind', ({ kind, bFrames }) => {
  /** Long enough to be killed in, or so short that its end comes soon. */
  const looped = async (seconds: number) => {
    const args = [...picture('640x360', seconds), ...tone(440, seconds), ...h264(30, bFrames), ...aac];
    return { ...fileSource(await makeMedia(`splicing-${kind}-${seconds}.mp4`, { args })), loop: true };
  };

  test('plays on without a seam while ffmpeg is killed five times', async () => {
    await using watched = await WatchedRoom.open(here, `killed-${kind}`, await looped(10));
    const mark = await watched.mark();
    // One that has just read the file to its end is not missed.
    while (watched.told('pipeline.failed').length < 5) {
      await watched.signal('SIGKILL');
      await watched.played(1500);
    }
    await eventually(
      async () => watched.broadcast.stats.restarts,
      (restarts) => restarts === 5,
    );
    await expectUnbroken(watched, mark);
  });

  test('begins again without a freeze', async () => {
    await using watched = await WatchedRoom.open(here, `looped-${kind}`, await looped(4));
    const mark = await watched.mark();
    await eventually(
      async () => watched.broadcast.stats.loops,
      (loops) => loops >= 2,
    );
    await watched.played(1500);
    await expectUnbroken(watched, mark);
    expect(watched.broadcast.stats.restarts).toBe(0);
  });
});

/** Same tracks, same connection, nothing lost, no freeze of a second, sound with its picture, and no slate. */
async function expectUnbroken(watched: WatchedRoom, mark: Mark): Promise<void> {
  const apartMs = await watched.apartMs();
  const { unbroken, freezeMs, shots } = await watched.since(mark);
  expect({ unbroken, widths: shots.map(({ width }) => width) }).toEqual({ unbroken: true, widths: [640] });
  expect(freezeMs).toBeLessThan(frozenMs);
  const { video, playedMs } = await received(watched.page);
  const decoded = (video?.framesDecoded ?? 0) - (mark.media.video?.framesDecoded ?? 0);
  expect(decoded).toBeGreaterThan(((playedMs - mark.media.playedMs) / 1000) * 30 * 0.8);
  expect(apartMs).toBeLessThan(lipSyncMs);
}
