import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { type Clock, pause, systemClock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { ScanLine } from '../../contract/scan.ts';
import { asideOf, named } from '../ffmpeg/aside.ts';
import { complaintIn } from '../ffmpeg/complaint.ts';
import { giveWay } from '../ffmpeg/give-way.ts';
import { loudnessMeter } from '../ffmpeg/loudness.ts';
import { asStereo } from '../ffmpeg/sound-filters.ts';
import { NutReader } from '../media/nut/nut-reader.ts';
import { lookHeight, lookWidth } from '../process/content/picture-look.ts';
import type { FileInput } from '../sources/file-input.ts';
import type { ScanLimits } from './found-stretches.ts';
import { pieceMs, ScanReader } from './scan-reader.ts';

/** How often it is told how far it is, in ms. */
const toldMs = 500;
/** Behind all that runs: the event may have begun. */
const niceness = 19;
/** More than any level of H.264 has (table A-1: 139,264 macroblocks): a picture that says so is no picture. */
const maxPixels = 139_264 * 256;
/** Pictures are looked at so far apart, in s, and at each key frame. */
const lookS = 0.5;
/** A line is cut off behind so many characters. */
const maxLine = 2000;

export interface ScanFileOptions {
  /** Path or name of the ffmpeg program. */
  readonly ffmpeg: string;
  /** Index of the track inside the container; null: none. */
  readonly video: number | null;
  readonly audio: number | null;
  /** As the container says; null: it does not. */
  readonly durationMs: number | null;
  readonly limits: ScanLimits;
  /** Nobody waits any more. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Decodes all of a file once, behind all else that runs on the machine, and tells how far it is and what was found.
 *
 * @throws MiroliveError FFMPEG_NOT_FOUND
 */
export async function* scanFile(input: FileInput, options: ScanFileOptions): AsyncGenerator<ScanLine> {
  const { ffmpeg, video, audio, durationMs, limits, signal, clock = systemClock } = options;
  const { path } = input.aside;
  const reader = new ScanReader({ limits, video: video !== null, audio: audio !== null });
  const lines = new Lines((line) => reader.say(named(line, input.aside, input.called)));
  const child = execa(ffmpeg, scanArgs(input, options), {
    env: input.env,
    stdio: ['ignore', 'pipe', 'pipe', asideOf(input.aside)],
    ...{ buffer: false, reject: false, encoding: 'buffer', cancelSignal: signal },
    ...{ killSignal: 'SIGKILL', killDescendants: true },
  });
  await using _ = {
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await child;
    },
  };
  if (child.pid !== undefined) giveWay(child.pid, niceness);
  child.stderr.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  readPictures(
    child.stdout,
    (points, atMs) => reader.look(points, atMs),
    () => child.kill('SIGKILL'),
  );
  const over = new AbortController();
  const ended = child.finally(() => over.abort());
  while (!over.signal.aborted) {
    const atMs = Math.round(reader.atMs);
    yield { type: 'progress', atMs, durationMs: durationMs === null ? null : Math.round(durationMs) };
    await pause(clock, toldMs, over.signal).catch(() => {});
  }
  const { failed, cause } = await ended;
  if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    throw new MiroliveError('FFMPEG_NOT_FOUND', `there is no program ${ffmpeg}`, { cause });
  signal.throwIfAborted();
  lines.end();
  const failure = failed ? (complaintIn(lines.last) ?? 'ffmpeg could not read on') : null;
  yield { type: 'done', report: reader.report(path, durationMs, failure) };
}

/** One pass over the file: small pictures by standard output, all else in words. */
export function scanArgs(
  { parts: [part] }: Pick<FileInput, 'parts'>,
  { video, audio }: Pick<ScanFileOptions, 'video' | 'audio'>,
): string[] {
  const select = `select='key+isnan(prev_selected_t)+gte(t-prev_selected_t,${lookS})'`;
  const scale = `scale=${lookWidth}:${lookHeight}:flags=area,format=gray`;
  const samples = (pieceMs * 48_000) / 1000;
  const sound = [
    ...[...asStereo, loudnessMeter, `asetnsamples=n=${samples}:p=0`],
    'astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level',
    'ametadata=print:key=lavfi.astats.Overall.RMS_level',
  ];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info', '-max_pixels', `${maxPixels}`],
    ...['-threads', '2', ...part.options, '-i', part.location],
    ...(video === null ? [] : ['-map', `0:${video}`, '-vf', `${select},${scale},showinfo=checksum=0`]),
    ...(video === null ? [] : ['-fps_mode', 'passthrough', '-c:v', 'rawvideo', '-f', 'nut', 'pipe:1']),
    ...(audio === null ? [] : ['-map', `0:${audio}`, '-af', sound.join(), '-f', 'null', '-']),
  ];
}

function readPictures(
  output: Readable,
  look: (points: Uint8Array, atMs: number) => void,
  broken: () => void,
): void {
  const nut = new NutReader();
  output.on('data', (chunk: Buffer) => {
    try {
      for (const { data, ptsUs } of nut.push(chunk)) look(data, ptsUs / 1000);
    } catch {
      // What it writes is no NUT any more.
      broken();
    }
  });
}

/** Lines of a text that comes in pieces; what is too long is cut off. */
class Lines {
  readonly #take: (line: string) => void;
  #rest = '';
  #last: string[] = [];

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  /** The last ones. */
  get last(): string {
    return this.#last.join('\n');
  }

  push(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, maxLine);
    for (const line of lines) this.#give(line.slice(0, maxLine));
  }

  end(): void {
    if (this.#rest !== '') this.#give(this.#rest);
    this.#rest = '';
  }

  #give(line: string): void {
    this.#last = [...this.#last.slice(-9), line];
    this.#take(line);
  }
}
