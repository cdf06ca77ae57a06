import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, received } from '../../helpers/browser.ts';
import { type DaemonAndBrowser, daemonAndBrowser } from '../../helpers/daemon-and-browser.ts';
import { aac, h264, picture, tone } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';
import { seamMs } from '../../helpers/sent-frames.ts';
import { clockDriftMs, shownFrames } from '../../helpers/shown-frames.ts';
import { fileSource, type Mark, WatchedRoom } from '../../helpers/watched-room.ts';
import { actionsOf, type Row, roomOf } from './row.ts';

interface RowsOptions {
  /** Settings of rooms. */
  readonly rooms: Readonly<Record<string, object>>;
  /** Tests that are no rows. */
  readonly more: (here: DaemonAndBrowser) => void;
}

/** Plays rows, two at a time, each by all its plans, while something else is on air. */
export function playRows(rows: readonly Row[], { rooms, more }: RowsOptions): void {
  const here = daemonAndBrowser({ sources: { allowPrivateNetworks: true }, rooms }, 2);
  /** Four seconds, over and over. */
  let bystander: WatchedRoom;
  let begun: Mark;
  beforeAll(async () => {
    const args = [...picture('160x90', 4), ...tone(440, 4, 44_100), ...h264(15), ...aac];
    const source = { ...fileSource(await makeMedia('bystander.mp4', { args })), loop: true };
    bystander = await WatchedRoom.open(here, 'bystander', source);
    await bystander.played(2000);
    begun = await bystander.mark();
  });
  afterAll(() => bystander?.[Symbol.asyncDispose]());

  const table = rows.flatMap((row) => actionsOf(row).map((action) => [row.name, action, row] as const));

  describe('While something else is on air, unbroken,', () => {
    more(here);

    test.concurrent.each(table)(
      '%s, %s, plays; what it needs may be killed or stuck; and it ends',
      async (_name, action, row) => {
        const room = roomOf(row, action);
        await using opened = await row.open(action, here.server, room);
        const beside = await bystander.mark();
        await using watched = await WatchedRoom.open(here, room, opened.start);
        expect(watched.broadcast.plan.video?.action).toBe(action === 'copied' ? 'copy' : 'transcode');
        await watched.hasSlate();
        for (const trial of opened.trials) await trial(watched);
        const { broken, gapsMs } = await bystander.since(beside);
        expect({ broken, told: bystander.switches(beside.events) }).toEqual({ broken: [], told: [] });
        expect(Math.max(gapsMs.video, gapsMs.audio)).toBeLessThan(seamMs);
        expect(bystander.told('pipeline.failed', beside.events)).toEqual([]);
      },
    );
  });

  test('A loop that went on beside all this for a minute and more has not drifted', async () => {
    const { page } = bystander;
    const { playedMs } = await eventually(
      () => received(page),
      (now) => now.playedMs - begun.media.playedMs > 60_000,
      60_000,
    );
    const { broken, gapsMs } = await bystander.since(begun);
    expect(broken).toEqual([]);
    expect(Math.max(gapsMs.video, gapsMs.audio)).toBeLessThan(seamMs);
    expect(bystander.broadcast.stats.loops).toBeGreaterThan(14);
    const frames = await shownFrames(page, begun.frames);
    expect(frames.length).toBeGreaterThan(((playedMs - begun.media.playedMs) / 1000) * 30 * 0.5);
    expect(Math.abs(clockDriftMs(frames.slice(0, 150), frames.slice(-150)))).toBeLessThan(100);
    await bystander.inStep();
  });
}
