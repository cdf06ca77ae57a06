import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { aac, h264, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { clockDriftMs, frozenMs, shownFrames } from '../helpers/shown-frames.ts';
import { fileSource, lipSyncMs, type Mark, WatchedRoom } from '../helpers/watched-room.ts';
import { addressRows } from './matrix/address-rows.ts';
import { fileRows } from './matrix/file-rows.ts';
import { liveRows } from './matrix/live-rows.ts';
import { machineRows } from './matrix/machine-rows.ts';
import { publisherRooms, publisherRows } from './matrix/publisher-rows.ts';
import { actionsOf, roomOf } from './matrix/row.ts';

const here = daemonAndBrowser({ sources: { allowPrivateNetworks: true }, rooms: publisherRooms });
/** Something else that is on air all the while: 1.5 s, over and over. */
let bystander: WatchedRoom;
let begun: Mark;
beforeAll(async () => {
  const args = [...picture('160x90', 1.5), ...tone(440, 1.5, 44_100), ...h264(15), ...aac];
  const source = { ...fileSource(await makeMedia('bystander.mp4', { args })), loop: true };
  bystander = await WatchedRoom.open(here, 'bystander', source);
  await bystander.played(2000);
  begun = await bystander.mark();
});
afterAll(() => bystander?.[Symbol.asyncDispose]());

const table = [...fileRows, ...liveRows, ...addressRows, ...machineRows, ...publisherRows].flatMap((row) =>
  actionsOf(row).map((action) => [row.name, action, row] as const),
);

describe('While something else is on air, unbroken,', () => {
  test.concurrent.each(table)(
    '%s, %s, plays; what it needs may be killed or stuck; and it ends',
    async (_name, action, row) => {
      const room = roomOf(row, action);
      await using opened = await row.open(action, here.server, room);
      const beside = await bystander.mark();
      await using watched = await WatchedRoom.open(here, room, opened.start);
      expect(watched.broadcast.plan.video?.action).toBe(action === 'copied' ? 'copy' : 'transcode');
      for (const trial of opened.trials) await trial(watched);
      const { unbroken, longestGapMs } = await bystander.since(beside);
      expect({ unbroken, told: bystander.switches() }).toEqual({ unbroken: true, told: [] });
      expect(longestGapMs.shown).toBeLessThan(frozenMs);
      expect(bystander.told('pipeline.failed')).toEqual([]);
    },
    90_000,
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
  expect(longestGapMs.shown).toBeLessThan(frozenMs);
  expect(broadcast.stats.loops).toBeGreaterThan(40);
  const frames = await shownFrames(page, begun.frames);
  expect(frames.length).toBeGreaterThan(((playedMs - begun.media.playedMs) / 1000) * 30 * 0.5);
  expect(Math.abs(clockDriftMs(frames.slice(0, 150), frames.slice(-150)))).toBeLessThan(100);
  expect(await bystander.apartMs()).toBeLessThan(lipSyncMs);
});
