import { expect } from 'vitest';
import { eventually } from '../helpers/browser.ts';
import { frozenMs } from '../helpers/sent-frames.ts';
import type { Mark, WatchedRoom } from '../helpers/watched-room.ts';

const once = ['slate away', 'main back'];
/** The width of the slate. */
const slate = 1280;

/**
 * The source, of this width, was away since a mark and is back: viewers kept their tracks, and saw the slate and then the source,
 * without a stop. Once; where those who send waited for a CPU, what they send may have been away more often.
 *
 * @returns what they missed by that, in ms
 */
export async function expectAwayAndBack(watched: WatchedRoom, mark: Mark, width: number): Promise<number> {
  const { broken, shots, gapsMs, missedMs } = await watched.since(mark);
  expect(broken).toEqual([]);
  expect(gapsMs.video).toBeLessThan(frozenMs);
  const seen = shots.map((shot) => shot.width);
  expect(missedMs === 0 ? seen : seen.slice(0, 3)).toEqual([width, slate, width]);
  expect(seen.filter((one) => one !== width && one !== slate)).toEqual([]);
  await expectSwitchedBack(watched, mark, missedMs);
  return missedMs;
}

/** It is told that the source was away, and that it is back; more than once only where something was missed. */
export async function expectSwitchedBack(watched: WatchedRoom, mark: Mark, missedMs: number): Promise<void> {
  const switches = await eventually(
    async () => watched.switches(mark.events),
    (told) => told.at(-1) === once[1],
  );
  const times = missedMs === 0 ? 1 : switches.length / 2;
  expect(switches).toEqual(Array(Math.ceil(times)).fill(once).flat());
}

/** What is told once; the first of it where something was missed, since then it may be told more often. */
export function toldOnce<T>(told: readonly T[], missedMs: number): readonly T[] {
  return missedMs === 0 ? told : told.slice(0, 1);
}
