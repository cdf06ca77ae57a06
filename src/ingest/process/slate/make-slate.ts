import type { Card } from '../../../contract/card-words.ts';
import { asMiroliveError } from '../../../contract/errors.ts';
import type { VideoCodec, VideoProbe } from '../../../contract/plan.ts';
import { type Slice, unmarked } from '../../child/work-mark.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { Size } from '../../plan/output-size.ts';
import { collectFrames } from './collect-frames.ts';
import { keyFrameIntervalS } from './encoder-options.ts';
import type { Slate } from './slate.ts';
import { cardArgs, clipArgs, maxClipFps, maxClipMs, pictureArgs, stillFps } from './slate-args.ts';
import { notUsable, type OpenedContent, openSlate, type SlateContent } from './slate-content.ts';
import { slateOfFrames } from './slate-of-frames.ts';

/** Small enough for every viewer, and large enough for words. */
const usualSize: Size = { width: 1280, height: 720 };
const stillTimeoutMs = 15_000;
/** Times of pictures are rounded by less than this, in µs. */
const roundedUs = 1000;
/** A clip that takes longer than this to encode could not be played either. */
const clipTimeoutMs = 2 * maxClipMs;

export interface SlateOptions {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** What the broadcast sends. */
  readonly codec: VideoCodec;
  readonly content: SlateContent;
  /** Absolute folders that its file may lie in; default anywhere, as the configuration names it. */
  readonly roots?: readonly string[];
  /** Runs each piece of work on what comes of its file; throws where that is not to be opened. Default at once. */
  readonly slice?: (path: string) => Slice;
  /** Default 1280x720; a clip keeps its shape, and is never made larger. */
  readonly size?: Size;
}

/**
 * Encodes a slate into memory.
 *
 * @throws MiroliveError SLATE_NOT_USABLE, FFMPEG_NOT_FOUND
 */
export async function makeSlate(options: SlateOptions): Promise<Slate> {
  const content = await openSlate(options.content, options.ffprobe, options.roots);
  if (content.kind === 'card') return (await makeCards([content], options))[0] as Slate;
  await using input = content.input;
  try {
    return await (content.kind === 'image' ? makeImage(content, options) : makeClip(content, options));
  } catch (thrown) {
    const error = asMiroliveError(thrown);
    if (error.code === 'FFMPEG_NOT_FOUND') throw error;
    const { path } = input.aside;
    throw notUsable(path, `no slate could be made of ${path}: ${error.message}`, thrown);
  }
}

/**
 * Encodes cards into memory, each as a clip of a second. Without words where they cannot be drawn: an ffmpeg without FreeType, or a
 * machine without fonts.
 *
 * @throws MiroliveError FFMPEG_NOT_FOUND
 */
export async function makeCards(
  cards: readonly Card[],
  { ffmpeg, codec, size = usualSize }: Pick<SlateOptions, 'ffmpeg' | 'codec' | 'size'>,
): Promise<Slate[]> {
  const format = { codec, ...size, fps: stillFps };
  const draw = async (wordless: boolean) => {
    const args = cardArgs(cards, format, wordless);
    return clipsOf(await collectFrames({ ffmpeg, args, timeoutMs: stillTimeoutMs }), cards.length);
  };
  try {
    return await draw(false);
  } catch (thrown) {
    if (asMiroliveError(thrown).code === 'FFMPEG_NOT_FOUND') throw thrown;
    return await draw(true);
  }
}

/** Frames that were encoded in one go, cut where their key frames are. */
function clipsOf(frames: readonly MediaFrame[], count: number): Slate[] {
  const eachUs = keyFrameIntervalS * 1_000_000;
  return Array.from({ length: count }, (_, index) => {
    const own = frames.filter(({ ptsUs }) => Math.floor((ptsUs + roundedUs) / eachUs) === index);
    if (!own[0]?.key) throw new Error(`ffmpeg gave no key frame for picture ${index + 1} of ${count}`);
    return slateOfFrames(
      own.map((frame) => ({ ...frame, ptsUs: frame.ptsUs - index * eachUs })),
      stillFps,
    );
  });
}

async function makeImage(
  { input, part, track }: Extract<OpenedContent, { kind: 'image' }>,
  { ffmpeg, codec, slice = () => unmarked, size = usualSize }: SlateOptions,
): Promise<Slate> {
  const { aside } = input;
  const format = { codec, ...size, fps: stillFps };
  const args = pictureArgs(part, track, format, true);
  const job = { ffmpeg, args, aside, slice: slice(aside.path), timeoutMs: stillTimeoutMs };
  return slateOfFrames(await collectFrames(job), stillFps);
}

async function makeClip(
  { input, probe }: Extract<OpenedContent, { kind: 'clip' }>,
  { ffmpeg, codec, slice = () => unmarked, size = usualSize }: SlateOptions,
): Promise<Slate> {
  const { parts, aside } = input;
  const fps = Math.min(maxClipFps, probe.video?.fps ?? maxClipFps);
  const args = clipArgs(parts[0], probe, { codec, ...fitted(probe.video ?? size, size), fps });
  const job = { ffmpeg, args, aside, slice: slice(aside.path), timeoutMs: clipTimeoutMs };
  return slateOfFrames(await collectFrames(job), fps);
}

/** As large as it fits, never larger than it is; even numbers, since 4:2:0 has one colour for two pixels each way. */
function fitted({ width, height }: Size | VideoProbe, into: Size): Size {
  const scale = Math.min(1, into.width / width, into.height / height);
  const even = (length: number) => Math.max(2, Math.round((length * scale) / 2) * 2);
  return { width: even(width), height: even(height) };
}
