import type { Readable } from 'node:stream';
import { execa } from 'execa';
import type { CompatibleCodec, VideoCodec } from '../../../contract/plan.ts';
import { giveWay } from '../../ffmpeg/give-way.ts';
import { x264Encoder } from '../../ffmpeg/h264-encoder.ts';
import { niceness } from '../../ffmpeg/pipeline.ts';
import { encoderOptions } from '../../ffmpeg/video-encoder.ts';
import { matroskaCluster, matroskaHead } from '../../media/matroska/matroska-writer.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { FrameReader } from '../../media/nut/frame-reader.ts';
import { type CompatibleSize, compatibleBps } from '../../plan/compatible-size.ts';

/** Who joins waits for so long at most, in s. */
const keyFrames = 2;
/** Two pictures are at least so far apart, in s: of 50 or 60 each second every other one is left out. */
const apartS = 1 / 30 - 0.002;
/** What ffmpeg has not taken, in bytes: more is a second of what it cannot keep up with. */
const maxWaitingBytes = 1024 * 1024;

export interface CompatibleEncoderOptions {
  readonly ffmpeg: string;
  /** What is on air. */
  readonly from: VideoCodec;
  readonly to: CompatibleCodec;
  readonly size: CompatibleSize;
  /** A picture, encoded anew; its time is that of the picture that it was made of, as that was given. */
  readonly onPicture: (picture: MediaFrame) => void;
}

/** An ffmpeg that makes of the pictures that leave others, of another codec, as they come. The first one has to be a key frame. */
export class CompatibleEncoder implements AsyncDisposable {
  /** It has ended, by itself or since it was closed. */
  readonly ended: Promise<unknown>;
  readonly #process: ReturnType<typeof spawn>;
  #ended = false;

  constructor(options: CompatibleEncoderOptions) {
    this.#process = spawn(options);
    const { pid, stdin, stdout } = this.#process;
    if (pid !== undefined) giveWay(pid, niceness);
    this.#read(stdout, options.onPicture);
    // How it ended says more.
    stdin.on('error', () => {});
    stdin.write(matroskaHead(options.from, false));
    this.ended = this.#process.finally(() => {
      this.#ended = true;
    });
  }

  /** It cannot keep up with what it is given. */
  get busy(): boolean {
    return this.#process.stdin.writableLength > maxWaitingBytes;
  }

  /** Gives it a picture that left at this moment, in ms. */
  write(data: Buffer, atMs: number): void {
    if (!this.#ended) this.#process.stdin.write(matroskaCluster([{ kind: 'video', atMs, data }]));
  }

  async close(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #read(output: Readable, take: (picture: MediaFrame) => void): void {
    const reader = new FrameReader();
    output.on('data', (chunk: Buffer) => {
      try {
        for (const picture of reader.push(chunk)) take(picture);
      } catch {
        // What it writes is no NUT any more.
        this.#process.kill('SIGKILL');
      }
    });
  }
}

/** Times go through as they are. */
export function compatibleArgs(to: CompatibleCodec, { width, height }: CompatibleSize): string[] {
  const bitrateBps = compatibleBps({ width, height });
  const layer = { layer: 0, width, height, fps: 30, bitrateBps, keyFrames };
  const filters = [
    `select=isnan(prev_selected_t)+gte(t\\,prev_selected_t+${apartS.toFixed(4)})`,
    ...[`scale=${width}:${height}:flags=bilinear`, 'setsar=1', 'format=yuv420p'],
  ];
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'quiet', '-protocol_whitelist', 'pipe'],
    // One thread, since each more of them would hold a picture back.
    ...['-probesize', '32', '-analyzeduration', '0', '-threads', '1'],
    ...['-flags', 'low_delay', '-copyts', '-f', 'matroska', '-i', 'pipe:0'],
    ...['-map', '0:v', '-vf', filters.join(','), ...encoderOptions(to, layer, x264Encoder)],
    // Several threads of libvpx wait for each other by spinning: four of them took five times as much, and were seconds late.
    ...['-threads:v:0', '1', '-flush_packets', '1', '-f', 'nut', 'pipe:1'],
  ];
}

function spawn({ ffmpeg, to, size }: CompatibleEncoderOptions) {
  return execa(ffmpeg, compatibleArgs(to, size), {
    ...{ buffer: false, reject: false, encoding: 'buffer', killSignal: 'SIGKILL', killDescendants: true },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}
