import type { Statistics } from './statistics.ts';

/** Live media that stands still for so long, in ms, is given up and joined anew. */
export const stallLimitMs = 5000;

/** How far the media has come, and when it last moved. */
export interface Progress {
  readonly count: number;
  readonly movedAtMs: number;
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
  const moved = previous === null || count !== previous.count;
  const movedAtMs = moved ? atMs : previous.movedAtMs;
  return { count, movedAtMs, stalled: atMs - movedAtMs >= stallLimitMs };
}

/**
 * Whether the first frame, or without a picture the first sound, has been decoded.
 * @param hasPicture a picture is to come; the statistics do not know before its first packet
 */
export function hasStarted({ video, audio }: Statistics, hasPicture: boolean): boolean {
  return hasPicture ? (video?.decoded ?? 0) > 0 : (audio?.emitted ?? 0) > 0;
}
