import { open } from 'node:fs/promises';
import { asMiroliveError, MiroliveError } from '../../../contract/errors.ts';
import type { Probe } from '../../../contract/models.ts';
import { probeFile } from '../../probe/probe-file.ts';
import { checkSourceFile } from '../../probe/source-file.ts';
import type { Card } from './card.ts';

/** The longest clip: it is kept in memory. */
export const maxClipMs = 120_000;
const probeTimeoutMs = 10_000;

/** What a slate shows. Paths are absolute. */
export type SlateContent =
  | ({ readonly kind: 'card' } & Card)
  | { readonly kind: 'image'; readonly path: string }
  | { readonly kind: 'clip'; readonly path: string };

/** What is known of a slate's file before it is read as a whole. */
export type CheckedContent =
  | Extract<SlateContent, { kind: 'card' }>
  | { readonly kind: 'image'; readonly path: string; readonly demuxer: string }
  | { readonly kind: 'clip'; readonly probe: Probe };

/**
 * Looks whether a slate can be made of this, without making it.
 *
 * @throws MiroliveError SLATE_NOT_USABLE, FFMPEG_NOT_FOUND
 */
export async function checkSlate(content: SlateContent, ffprobe: string): Promise<CheckedContent> {
  if (content.kind === 'card') return content;
  const { kind, path } = content;
  try {
    await checkSourceFile(path, []);
    return kind === 'image'
      ? { kind, path, demuxer: await imageDemuxer(path) }
      : { kind, probe: await probeClip(path, ffprobe) };
  } catch (thrown) {
    const error = asMiroliveError(thrown);
    throw error.code === 'FFMPEG_NOT_FOUND' ? error : notUsable(path, error.message, error);
  }
}

/** The one error of a slate that cannot be made, whatever the cause. */
export function notUsable(path: string, message: string, cause?: unknown): MiroliveError {
  return new MiroliveError('SLATE_NOT_USABLE', message, { cause, details: { path } });
}

async function probeClip(path: string, ffprobe: string): Promise<Probe> {
  const probe = await probeFile(path, { ffprobe, timeoutMs: probeTimeoutMs, roots: [] });
  if (!probe.video) throw new Error(`expected a clip with a picture, but ${path} has only sound`);
  if (probe.durationMs === null || probe.durationMs > maxClipMs) {
    const length = probe.durationMs === null ? 'unknown length' : `${Math.round(probe.durationMs / 1000)} s`;
    throw new Error(`expected a clip of at most ${maxClipMs / 1000} s, but ${path} is of ${length}`);
  }
  return probe;
}

/** By its first bytes: a name may say anything, and ffmpeg would take patterns and other files by it. */
async function imageDemuxer(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(12), length: 12 });
  const head = buffer.subarray(0, bytesRead);
  if (head.indexOf('89504e470d0a1a0a', 0, 'hex') === 0) return 'png_pipe';
  if (head.indexOf('ffd8ff', 0, 'hex') === 0) return 'jpeg_pipe';
  if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP')
    return 'webp_pipe';
  throw new Error(`expected a PNG, JPEG or WebP image, but ${path} is none`);
}
