import type { VideoCodec } from '../../../contract/plan.ts';
import type { Size } from '../../plan/output-size.ts';
import type { Input } from '../../sources/input.ts';
import { collectFrames } from './collect-frames.ts';
import type { Slate } from './slate.ts';
import { pictureArgs, stillFps } from './slate-args.ts';
import { slateOfFrames } from './slate-of-frames.ts';

/** How long a source may take to give one picture, in ms. */
const timeoutMs = 10_000;

/** Where a picture is to be taken from, and how it is to go out. */
export interface StillOptions {
  readonly ffmpeg: string;
  readonly codec: VideoCodec;
  readonly size: Size;
  readonly input: Input;
  /** Index of the stream inside the input. */
  readonly track: number;
  /** Place in the source, in ms: the first picture from there on is taken. */
  readonly atMs: number;
}

/**
 * One picture of a source that can be sought, as a slate: what viewers see while it is paused.
 *
 * @throws MiroliveError FFMPEG_NOT_FOUND; Error with ffmpeg's words where there is no such picture
 */
export async function makeStill({ ffmpeg, codec, size, input, track, atMs }: StillOptions): Promise<Slate> {
  const format = { codec, ...size, fps: stillFps };
  const [part] = input.parts;
  if (!part) throw new Error('expected an input');
  const options = [...part.options, '-ss', (atMs / 1000).toFixed(3)];
  const args = pictureArgs({ ...part, options }, track, format, false);
  return slateOfFrames(
    await collectFrames({ ffmpeg, args, env: input.env, aside: input.aside, slice: input.slice, timeoutMs }),
    stillFps,
  );
}
