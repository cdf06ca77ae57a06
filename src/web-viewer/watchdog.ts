import type { Statistics } from './statistics.ts';

/** Live media that stands still for so long, in ms, is given up and joined anew. */
export const stallLimitMs = 5000;

/** How far the media has come, and when it last moved. */
export interface Progress {
  readonly count: number;
  readonly movedAtMs: number;
  /** It had not, in this look. */
  readonly still: boolean;
}

/**
 * Notes whether the media has moved since the last look.
 * @param seesPicture a picture is to come, and somebody looks at the page: a hidden one need not decode, so packets count there
 */
export function watchProgress(
  previous: Progress | null,
  statistics: Statistics,
  seesPicture: boolean,
): Progress & { readonly stalled: boolean } {
  const { video, audio, atMs } = statistics;
  const packets = (video?.packets ?? 0) + (audio?.packets ?? 0);
  const count = seesPicture ? (video?.decoded ?? 0) : packets;
  const still = count === previous?.count;
  const movedAtMs = still ? previous.movedAtMs : atMs;
  // After a machine has stood still, all of it, what was on its way needs a moment.
  return { count, movedAtMs, still, stalled: still && previous.still && atMs - movedAtMs >= stallLimitMs };
}

/**
 * Whether the first frame, or without a picture the first sound, has been decoded.
 * @param hasPicture a picture is to come; the statistics do not know before its first packet
 */
export function hasStarted({ video, audio }: Statistics, hasPicture: boolean): boolean {
  return hasPicture ? (video?.decoded ?? 0) > 0 : (audio?.emitted ?? 0) > 0;
}

/** Sound of which so much was missing since the last look, in ms, has stood still: what was under way then comes late, all at once. */
const gapMs = 400;
/** So long after a gap, in ms, what is apart is apart because of it: a browser keeps waiting for sound as late as that was for longer. */
const gapCountsMs = 20_000;
/** How far apart sound and picture may be that play at one moment, in ms: 125 ms are noticed (ITU-R BT.1359), the rest is the distance of pictures. */
const apartLimitMs = 250;
/** To join anew costs a moment of picture and sound, so it is done this seldom, in ms: a line that falters all the time is not helped by it. */
const aligningMs = 60_000;

/** Of a picture that comes more seldom, what plays was sent too long ago to tell, in pictures a second. */
const tellingFps = 8;

/** When sound and picture may have come apart, and whether they have. */
export interface Sync {
  /** When sound was last missing for long; null: never. */
  readonly gapAtMs: number | null;
  /** They were in this look; `apart`: in the one before, too. */
  readonly off: boolean;
  readonly apart: boolean;
}

/**
 * Notes whether sound and picture have come apart by a gap. A browser delays the one by as much as it was late, for seconds, and moves the other
 * after it slowly, forth and back again; a new connection has them together at once.
 * @param seesPicture a picture is to come, and somebody looks at the page: a hidden one need not decode
 * @param alignedAtMs when it was last joined anew for that; null: never
 */
export function watchSync(
  previous: { readonly statistics: Statistics; readonly sync: Sync } | null,
  statistics: Statistics,
  seesPicture: boolean,
  alignedAtMs: number | null,
): Sync {
  const { audio, atMs } = statistics;
  if (previous === null) return { gapAtMs: null, off: false, apart: false };
  const missedMs = (audio?.concealedMs ?? 0) - (previous.statistics.audio?.concealedMs ?? 0);
  const gapAtMs = missedMs >= gapMs ? atMs : previous.sync.gapAtMs;
  const mayAlign = alignedAtMs === null || atMs - alignedAtMs >= aligningMs;
  const counts = gapAtMs !== null && gapAtMs !== atMs && atMs - gapAtMs <= gapCountsMs;
  const off = seesPicture && apartMs(statistics) > apartLimitMs;
  return { gapAtMs, off, apart: mayAlign && counts && off && previous.sync.off };
}

/** How far apart what plays was sent, in ms; 0 where that is not known. */
function apartMs({ video, audio }: Statistics): number {
  const [sound, picture] = [audio?.playoutMs ?? null, video?.playoutMs ?? null];
  if (sound === null || picture === null || (video?.fps ?? 0) < tellingFps) return 0;
  return Math.abs(sound - picture);
}
