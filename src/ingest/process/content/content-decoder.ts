import type { Readable } from 'node:stream';
import { execa } from 'execa';
import type { VideoCodec } from '../../../contract/plan.ts';
import { giveWay } from '../../ffmpeg/give-way.ts';
import { type MatroskaFrame, matroskaCluster, matroskaHead } from '../../media/matroska/matroska-writer.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { NutReader } from '../../media/nut/nut-reader.ts';
import { lookHeight, lookWidth } from './picture-look.ts';

/** Behind all that viewers wait for. */
const niceness = 15;
/** More than any level of H.264 has (table A-1: 139,264 macroblocks): a picture that says so is no picture. */
const maxPixels = 139_264 * 256;
const soundFd = 3;
export const soundChannels = 2;

export interface ContentDecoderOptions {
  readonly ffmpeg: string;
  /** null: there is no picture. */
  readonly video: VideoCodec | null;
  readonly audio: boolean;
  /** A small picture, its brightness in points of 0 to 255, row by row, of the frame at a moment. */
  readonly onPicture: (points: Uint8Array, atMs: number) => void;
  /** Samples of two channels in turns, of the frame at a moment. */
  readonly onSound: (samples: Int16Array, atMs: number) => void;
}

/**
 * An ffmpeg that stays, and decodes single key frames and all sound that it is given: to start one for each look would cost more than all
 * that it does.
 */
export class ContentDecoder implements AsyncDisposable {
  /** It has ended, by itself or since it was closed. */
  readonly ended: Promise<unknown>;
  readonly #process: ReturnType<typeof spawn>;
  #ended = false;

  constructor(options: ContentDecoderOptions) {
    this.#process = spawn(options);
    const { pid, stdin, stdout } = this.#process;
    if (pid !== undefined) giveWay(pid, niceness);
    this.#read(stdout, ({ data, ptsUs }) => options.onPicture(data, ptsUs / 1000));
    const sound = this.#process.stdio[soundFd] as Readable | null;
    if (sound) this.#read(sound, ({ data, ptsUs }) => options.onSound(samplesOf(data), ptsUs / 1000));
    // How it ended says more.
    stdin.on('error', () => {});
    stdin.write(matroskaHead(options.video, options.audio));
    this.ended = this.#process.finally(() => {
      this.#ended = true;
    });
  }

  /** It has not read what it was given before. */
  get busy(): boolean {
    return this.#process.stdin.writableLength > 0;
  }

  /** Gives it frames, in order; moments in ms since its start. */
  write(frames: readonly MatroskaFrame[]): void {
    if (frames.length > 0 && !this.#ended) this.#process.stdin.write(matroskaCluster(frames));
  }

  async close(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #read(output: Readable, take: (frame: MediaFrame) => void): void {
    const reader = new NutReader();
    output.on('data', (chunk: Buffer) => {
      try {
        for (const frame of reader.push(chunk)) take(frame);
      } catch {
        // What it writes is no NUT any more.
        this.#process.kill('SIGKILL');
      }
    });
  }
}

/** @param video with a picture, @param audio with sound */
export function decoderArgs(video: boolean, audio: boolean): string[] {
  const scale = `scale=${lookWidth}:${lookHeight}:flags=area,format=gray`;
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'quiet', '-protocol_whitelist', 'pipe'],
    ...['-probesize', '32', '-analyzeduration', '0', '-max_pixels', `${maxPixels}`, '-threads', '1'],
    // What encoders smooth is too fine to be seen in a picture so small.
    ...['-skip_loop_filter', 'all', '-flags', 'low_delay', '-copyts', '-f', 'matroska', '-i', 'pipe:0'],
    ...(video ? ['-map', '0:v', '-vf', scale, '-fps_mode', 'passthrough', '-c:v', 'rawvideo'] : []),
    // An encoder with threads keeps pictures back.
    ...(video ? ['-threads', '1', '-flush_packets', '1', '-f', 'nut', 'pipe:1'] : []),
    ...(audio ? ['-map', '0:a', '-c:a', 'pcm_s16le', '-ac', `${soundChannels}`] : []),
    ...(audio ? ['-flush_packets', '0', '-f', 'nut', `pipe:${soundFd}`] : []),
  ];
}

function spawn({ ffmpeg, video, audio }: ContentDecoderOptions) {
  return execa(ffmpeg, decoderArgs(video !== null, audio), {
    ...{ buffer: false, reject: false, encoding: 'buffer', killSignal: 'SIGKILL', killDescendants: true },
    stdio: ['pipe', 'pipe', 'ignore', audio ? 'pipe' : 'ignore'],
  });
}

/** A copy: what was read lies at any place in what came. */
function samplesOf(data: Buffer): Int16Array {
  const whole = data.length - (data.length % Int16Array.BYTES_PER_ELEMENT);
  return new Int16Array(new Uint8Array(data.subarray(0, whole)).buffer);
}
