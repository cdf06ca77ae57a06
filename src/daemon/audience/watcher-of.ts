import type { Viewer } from '../../contract/models.ts';
import type { Watcher } from './room-tally.ts';

/** A picture that stands still for less is no freeze (W3C webrtc-stats, `freezeCount`), in ms: there cannot be more of them. */
const shortestFreezeMs = 150;

/** What of a viewer is counted. @param renditions names of what goes out, the lowest first */
export function watcherOf(viewer: Viewer, renditions: readonly string[]): Watcher {
  const { kind, browserName, state, rendition, freezes } = viewer;
  const isRanked = renditions.length > 1 && rendition !== null && renditions.includes(rendition);
  const best = rendition === renditions.at(-1) ? 'best' : 'lower';
  return {
    ...{ kind, browser: browserFamily(browserName), playing: state === 'playing' },
    ...{ rank: isRanked ? best : null, counts: freezes !== null },
  };
}

/** `Chrome 126 on Android` without its version: few of them, whatever strangers call themselves. */
export function browserFamily(browserName: string | null): string {
  return browserName?.replace(/ \d[\d.]*/, '') ?? 'other';
}

/** How often it froze since the report before, as far as that can be true. @param sinceMs how long ago that was */
export function newFreezes(before: number | null, now: number | null, sinceMs: number): number {
  const told = Math.max(0, (now ?? 0) - (before ?? 0));
  return Math.min(told, Math.ceil(sinceMs / shortestFreezeMs));
}

/** Whether both count alike. */
export function isSame(one: Watcher, other: Watcher): boolean {
  return one.playing === other.playing && one.rank === other.rank && one.counts === other.counts;
}
