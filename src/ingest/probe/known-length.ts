import type { Probe } from '../../contract/plan.ts';

/** By the names of ffmpeg's demuxers: their heads, or lists, say how long they are. Of others ffmpeg guesses, some by their rate. */
const telling = ['hls', 'mov', 'matroska', 'flv', 'avi', 'wav', 'flac'];

/** How long a source says that it is, in ms; null: it does not, and what is known of it may be a guess. */
export function knownLengthMs({ format, durationMs }: Pick<Probe, 'format' | 'durationMs'>): number | null {
  return format.split(',').some((name) => telling.includes(name)) ? durationMs : null;
}
