import { type Clock, systemClock } from '../../../contract/clock.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import { Pipeline } from '../../ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { Input } from '../../sources/input.ts';

/** A slate lives in memory for as long as its room does. */
const maxBytes = 64 * 1024 * 1024;
/** ffmpeg gives its first frame of anything that is fit for a slate long before, in ms. */
const stallTimeoutMs = 10_000;

/** What ffmpeg has to do, and how long it may take, in ms. */
export interface Job {
  readonly ffmpeg: string;
  /** Arguments that make it write NUT to its standard output. */
  readonly args: readonly string[];
  /** Variables for ffmpeg beside those of the daemon. */
  readonly env?: Input['env'];
  readonly aside?: Input['aside'];
  readonly slice?: Input['slice'];
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

/**
 * All frames that ffmpeg gives, in the order of their times, counted from the first picture.
 *
 * @throws MiroliveError FFMPEG_NOT_FOUND; Error with ffmpeg's words, where it fails, or gives no picture, or takes or gives too much
 */
export async function collectFrames({
  ffmpeg,
  args,
  env = {},
  aside,
  slice,
  timeoutMs,
  clock = systemClock,
}: Job): Promise<MediaFrame[]> {
  const frames: MediaFrame[] = [];
  let bytes = 0;
  let excess: string | undefined;
  const giveUp = (reason: string) => {
    excess ??= reason;
    void pipeline.close();
  };
  const pipeline = Pipeline.start({
    ffmpeg,
    args,
    env,
    aside,
    slice,
    stallTimeoutMs,
    onFrames: (more) => {
      frames.push(...more);
      bytes += more.reduce((sum, { data }) => sum + data.length, 0);
      if (bytes > maxBytes) giveUp(`it takes more than ${maxBytes / 1024 / 1024} MiB`);
    },
  });
  const late = `it was not ready after ${timeoutMs / 1000} s`;
  const timer = clock.after(timeoutMs, () => giveUp(late));
  const end = await pipeline.ended;
  timer.cancel();
  if (pipeline.pid === undefined)
    throw new MiroliveError('FFMPEG_NOT_FOUND', `expected ffmpeg at ${ffmpeg}, but it cannot be run`);
  if (excess !== undefined) throw new Error(excess);
  if (end.kind === 'failed') throw new Error(end.message);
  return fromFirstPicture(frames);
}

function fromFirstPicture(frames: readonly MediaFrame[]): MediaFrame[] {
  const startUs = frames.find(({ kind, key }) => kind === 'video' && key)?.ptsUs;
  if (startUs === undefined) throw new Error('ffmpeg gave no picture');
  return (
    frames
      // What is kept for long must not hold on to the larger piece of memory that it was read into.
      .map((frame) => ({ ...frame, ptsUs: frame.ptsUs - startUs, data: Buffer.from(frame.data) }))
      .sort((a, b) => a.ptsUs - b.ptsUs)
  );
}
