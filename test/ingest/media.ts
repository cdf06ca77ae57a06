import { execa } from 'execa';
import type { MediaFrame } from '../../src/ingest/media/media-frame.ts';
import { NutReader } from '../../src/ingest/media/nut/nut-reader.ts';

/** The frames that ffmpeg gives by these arguments, whose output is NUT on standard output. */
export async function framesOf(args: readonly string[]): Promise<MediaFrame[]> {
  const { stdout } = await execa('ffmpeg', args, { stdin: 'ignore', encoding: 'buffer' });
  return new NutReader().push(Buffer.from(stdout));
}

/** The frames of a file, its tracks copied as they are. */
export async function copiedFrames(path: string): Promise<MediaFrame[]> {
  return await framesOf(['-v', 'error', '-i', path, '-c', 'copy', '-map', '0', '-f', 'nut', 'pipe:1']);
}
