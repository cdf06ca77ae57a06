import type { MediaFrame } from '../../media/media-frame.ts';

/** What is on air while a source is away: frames in memory, so that no program has to run when it is needed. */
export interface Slate {
  /** Picture and sound in the order of their times, from about 0 on; the first picture is a key frame. */
  readonly frames: readonly MediaFrame[];
  /** The repetition begins here, in µs: a whole number of packets of sound. */
  readonly durationUs: number;
  /** Why it is not what was wanted, but the card; default: it is. */
  readonly problem?: string;
}

/** The frames of a slate without end, from a time on, in µs: each repetition begins where the one before ends. */
export function* loopedFrames(
  { frames, durationUs }: Slate,
  fromUs = 0,
  kinds: readonly MediaFrame['kind'][] = ['video', 'audio'],
): Generator<MediaFrame, never> {
  const wanted = frames.filter(({ kind }) => kinds.includes(kind));
  for (let startUs = fromUs; ; startUs += durationUs) {
    for (const frame of wanted) yield { ...frame, ptsUs: frame.ptsUs + startUs };
  }
}
