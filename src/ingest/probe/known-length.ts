import type { Probe } from '../../contract/plan.ts';

/** By the names of ffmpeg's demuxers: their heads, or lists, say how long they are. Of others ffmpeg guesses, some by their rate. */
const telling = ['hls', 'mov', 'matroska', 'flv', 'avi', 'wav', 'flac'];

/** Packets are shown so long behind the end of their track at most, in ms. */
const behindEndMs = 2000;

/**
 * A source without the length that its packets contradict: of MP4 in fragments ffmpeg sees only the first where it cannot look
 * further, as with servers that know no ranges.
 */
export function withKnownLength(probe: Probe, latestMs: number | null): Probe {
  const { durationMs, startMs } = probe;
  const isFalse = durationMs !== null && latestMs !== null && latestMs - startMs > durationMs + behindEndMs;
  return isFalse ? { ...probe, durationMs: null, bitrateBps: null } : probe;
}

/** How long a source says that it is, in ms; null: it does not, and what is known of it may be a guess. */
export function knownLengthMs({ format, durationMs }: Pick<Probe, 'format' | 'durationMs'>): number | null {
  return format.split(',').some((name) => telling.includes(name)) ? durationMs : null;
}
