import type { Card } from '../../../contract/card-words.ts';
import { asMiroliveError, MiroliveError } from '../../../contract/errors.ts';
import type { Probe } from '../../../contract/plan.ts';
import { probeInput } from '../../probe/probe-input.ts';
import { type FileInput, openFile } from '../../sources/file-input.ts';
import type { InputPart } from '../../sources/input.ts';
import { bounded, pictureDemuxer, pictureInput } from '../../sources/still-picture.ts';
import { maxClipMs } from './slate-args.ts';

const probeTimeoutMs = 10_000;

/** What a slate shows. Paths are absolute. */
export type SlateContent =
  | ({ readonly kind: 'card' } & Card)
  | { readonly kind: 'image'; readonly path: string }
  /** The picture of sound: a stream of its file. */
  | { readonly kind: 'cover'; readonly path: string; readonly track: number }
  | { readonly kind: 'clip'; readonly path: string };

/** What is known of a slate before its file is read as a whole; whoever opened it disposes of its input. */
export type OpenedContent =
  | Extract<SlateContent, { kind: 'card' }>
  | { readonly kind: 'image'; readonly input: FileInput; readonly part: InputPart; readonly track: number }
  | { readonly kind: 'clip'; readonly input: FileInput; readonly probe: Probe };

/**
 * Looks whether a slate can be made of this, without making it.
 *
 * @throws MiroliveError SLATE_NOT_USABLE, FFMPEG_NOT_FOUND
 */
export async function checkSlate(content: SlateContent, ffprobe: string): Promise<void> {
  const opened = await openSlate(content, ffprobe);
  if (opened.kind !== 'card') await opened.input[Symbol.asyncDispose]();
}

/**
 * Looks at what a slate is made of.
 *
 * @param roots absolute folders that its file may lie in; default anywhere, as the configuration names it
 * @throws MiroliveError SLATE_NOT_USABLE, FFMPEG_NOT_FOUND
 */
export async function openSlate(
  content: SlateContent,
  ffprobe: string,
  roots: readonly string[] = [],
): Promise<OpenedContent> {
  if (content.kind === 'card') return content;
  const { path } = content;
  try {
    await using stack = new AsyncDisposableStack();
    const input = stack.use(await openFile(path, { roots }));
    const opened = await lookedAt(content, input, ffprobe);
    stack.move();
    return opened;
  } catch (thrown) {
    const error = asMiroliveError(thrown);
    throw error.code === 'FFMPEG_NOT_FOUND' ? error : notUsable(path, error.message, error);
  }
}

async function lookedAt(
  content: Exclude<SlateContent, { kind: 'card' }>,
  input: FileInput,
  ffprobe: string,
): Promise<OpenedContent> {
  const [part] = input.parts;
  switch (content.kind) {
    case 'image':
      return { kind: 'image', input, part: pictureInput(part, await imageDemuxer(input)), track: 0 };
    case 'cover':
      return { kind: 'image', input, part: bounded(part), track: content.track };
    case 'clip':
      return { kind: 'clip', input, probe: await probeClip(input, ffprobe) };
  }
}

/** Differs where its file is another one, or was written since; null: it has none, or that cannot be seen now. */
export async function identityOf(content: SlateContent): Promise<string | null> {
  if (content.kind === 'card') return null;
  try {
    await using input = await openFile(content.path, { roots: [] });
    return input.identity;
  } catch {
    // Whoever makes a slate of it says why.
    return null;
  }
}

/** Errors of a file that is not to be had, whose hints are of use to whoever wants to show it too. */
const awayErrors: readonly string[] = ['SOURCE_NOT_FOUND', 'SOURCE_FORBIDDEN'];

/** The one error of a slate that cannot be made, whatever the cause. */
export function notUsable(path: string, message: string, cause?: unknown): MiroliveError {
  const isAway = cause instanceof MiroliveError && awayErrors.includes(cause.code);
  const hint = isAway ? { hint: cause.hint, forAdmin: cause.forAdmin } : {};
  return new MiroliveError('SLATE_NOT_USABLE', message, { cause, details: { path }, ...hint });
}

async function probeClip(input: FileInput, ffprobe: string): Promise<Probe> {
  const { sizeBytes, aside } = input;
  const { path } = aside;
  const probe = await probeInput(input, { path, sizeBytes }, { ffprobe, timeoutMs: probeTimeoutMs });
  if (!probe.video) throw new Error(`expected a clip with a picture, but ${path} has only sound`);
  if (probe.durationMs === null || probe.durationMs > maxClipMs) {
    const length = probe.durationMs === null ? 'unknown length' : `${Math.round(probe.durationMs / 1000)} s`;
    throw new Error(`expected a clip of at most ${maxClipMs / 1000} s, but ${path} is of ${length}`);
  }
  return probe;
}

async function imageDemuxer(input: FileInput): Promise<string> {
  const demuxer = await pictureDemuxer(input);
  if (demuxer === null)
    throw new Error(`expected a PNG, JPEG, WebP or GIF image, but ${input.aside.path} is none`);
  return demuxer;
}
