import { expect } from 'vitest';
import { eventually } from '../../helpers/browser.ts';
import { frozenMs } from '../../helpers/sent-frames.ts';
import type { Stretch, WatchedRoom } from '../../helpers/watched-room.ts';
import { expectAwayAndBack, expectSwitchedBack, toldOnce } from '../away-and-back.ts';
import { film, slate, type Trial } from './row.ts';

/** It plays. */
export async function plays(watched: WatchedRoom): Promise<void> {
  const { broken, gapsMs } = await watched.goesOn(film);
  expect(broken).toEqual([]);
  expect(gapsMs.video).toBeLessThan(frozenMs);
  await watched.decoded();
}

/** The ffmpeg of a file is killed: what has been read ahead lasts until the next one gives more. */
export async function fileFfmpegKilled(watched: WatchedRoom): Promise<void> {
  const mark = await watched.mark();
  await kill(watched);
  expect(watched.told('pipeline.failed', mark.events)).toMatchObject([
    { message: expect.stringMatching(/^ffmpeg was ended by SIGKILL/), restarts: 1 },
  ]);
  expect(watched.switches(mark.events)).toEqual([]);
}

/** The ffmpeg of a live source is killed: viewers may see the slate for a moment. */
export async function liveFfmpegKilled(watched: WatchedRoom): Promise<void> {
  const mark = await watched.mark();
  const { missedMs } = await kill(watched);
  expect(toldOnce(watched.told('source.away', mark.events), missedMs)).toMatchObject([
    { entry: 'main', reason: expect.stringMatching(/^ffmpeg was ended by SIGKILL/) },
  ]);
  expect(toldOnce(watched.told('source.back', mark.events), missedMs).length).toBe(1);
  await expectSwitchedBack(watched, mark, missedMs);
}

/** ffmpeg gives nothing any more, but does not end. */
export async function ffmpegStuck(watched: WatchedRoom): Promise<void> {
  const mark = await watched.mark();
  const back = watched.signal('SIGSTOP');
  await watched.shows(slate, mark);
  await back;
  await watched.shows(film, mark);
  await watched.played(500);
  const missedMs = await expectAwayAndBack(watched, mark, film);
  expect(toldOnce(watched.told('source.away', mark.events), missedMs)).toMatchObject([{ entry: 'main' }]);
  expect(toldOnce(watched.told('source.back', mark.events), missedMs)).toMatchObject([{ entry: 'main' }]);
}

/** What it comes from is lost, and comes back, where it can. */
export function lost(lose: () => PromiseLike<void>, restore?: () => PromiseLike<void>): Trial {
  return async (watched) => {
    const mark = await watched.mark();
    await lose();
    await watched.shows(slate, mark);
    if (restore) {
      await restore();
      await watched.shows(film, mark);
      await watched.played(500);
      await expectAwayAndBack(watched, mark, film);
    } else {
      const { broken, shots, gapsMs } = await watched.since(mark);
      expect({ broken, widths: shots.map(({ width }) => width) }).toEqual({
        broken: [],
        widths: [film, slate],
      });
      expect(gapsMs.video).toBeLessThan(frozenMs);
      expect(watched.switches(mark.events)).toEqual(['slate away']);
    }
    const [away] = watched.told('source.away', mark.events);
    expect(away).toMatchObject({ entry: 'main' });
    const { entries } = await watched.programme();
    expect(entries[0]?.lost).toMatchObject({ reason: away?.reason });
  };
}

/** A source of the slate's size is lost, and replaced by its like. */
export async function replaced(watched: WatchedRoom): Promise<void> {
  const mark = await watched.mark();
  await watched.played(1500);
  const { missedMs } = await kill(watched, slate);
  await expectSwitchedBack(watched, mark, missedMs);
}

/** Whoever writes has ended: so has the broadcast. */
export function inputEnds(end: () => unknown): Trial {
  return async (watched) => {
    const mark = await watched.mark();
    end();
    await watched.page.waitForSelector('html[data-state=ended]');
    expect(watched.told('broadcast.ended', mark.events)).toMatchObject([{ reason: 'ended', message: null }]);
  };
}

/** A file comes to its end. */
export async function ends(watched: WatchedRoom): Promise<void> {
  const mark = await watched.mark();
  // While it is started anew nothing is known of it.
  const { durationMs } = await eventually(
    async () => watched.broadcast.stats,
    (stats) => stats.durationMs !== null,
  );
  expect(durationMs).toBeGreaterThan(39_000);
  await watched.control({ type: 'seek', positionMs: Math.round((durationMs ?? 0) - 1000) }).catch((error) => {
    // It was over before the answer.
    expect(error).toMatchObject({ code: 'ROOM_IDLE' });
  });
  await watched.page.waitForSelector('html[data-state=ended]');
  expect(watched.told('broadcast.ended', mark.events)).toMatchObject([{ reason: 'ended', message: null }]);
}

async function kill(watched: WatchedRoom, width = film): Promise<Stretch> {
  const mark = await watched.mark();
  await watched.signal('SIGKILL');
  await watched.played(2000);
  await watched.shows(width, mark);
  const stretch = await watched.since(mark);
  expect(stretch.broken).toEqual([]);
  expect(stretch.gapsMs.video).toBeLessThan(frozenMs);
  return stretch;
}
