import { describe, expect, test } from 'vitest';
import { eventually } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { aac, h264, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { seamMs } from '../helpers/sent-frames.ts';
import { fileSource, type Mark, WatchedRoom } from '../helpers/watched-room.ts';

const here = daemonAndBrowser({ rtmp: { enabled: false } });

describe.each([
  { kind: 'copied', bFrames: 0 },
  { kind: 'transcoded', bFrames: 3 },
])('a looped file that is $kind', ({ kind, bFrames }) => {
  /** Long enough to be killed in, or so short that its end comes soon. */
  const looped = async (seconds: number) => {
    const args = [...picture('320x180', seconds), ...tone(440, seconds), ...h264(30, bFrames), ...aac];
    return { ...fileSource(await makeMedia(`splicing-${kind}-${seconds}.mp4`, { args })), loop: true };
  };

  test('plays on without a seam while ffmpeg is killed five times', async () => {
    await using watched = await WatchedRoom.open(here, `killed-${kind}`, await looped(10));
    const mark = await watched.mark();
    // One that has just read the file to its end is not missed.
    while (watched.told('pipeline.failed').length < 5) {
      await watched.signal('SIGKILL');
      await watched.hasReadAhead();
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
    await watched.played(1000);
    await expectUnbroken(watched, mark);
    expect(watched.broadcast.stats.restarts).toBe(0);
  });
});

/** Same tracks, same connection, nothing lost, all of it decoded, no gap, sound with its picture, and no slate. */
async function expectUnbroken(watched: WatchedRoom, mark: Mark): Promise<void> {
  const { broken, gapsMs, shots } = await watched.since(mark);
  expect({ broken, widths: shots.map(({ width }) => width) }).toEqual({ broken: [], widths: [320] });
  expect(Math.max(gapsMs.video, gapsMs.audio)).toBeLessThan(seamMs);
  await watched.decoded();
  await watched.inStep();
}
