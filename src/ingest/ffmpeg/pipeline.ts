import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { execa } from 'execa';
import { type Clock, systemClock, type Timer } from '../../contract/clock.ts';
import type { MediaFrame } from '../media/media-frame.ts';
import { FrameReader } from '../media/nut/frame-reader.ts';
import { Pace } from '../media/pace.ts';
import { soundFd, soundOutput } from './args.ts';
import { type Aside, asideFd, asideOf, type Called, named } from './aside.ts';
import { isComplaint, missesDescriptor } from './complaint.ts';
import { giveWay } from './give-way.ts';
import { heardFd, heardIn } from './sound-filters.ts';
import { StallWatch } from './stall-watch.ts';

/** Lines of ffmpeg's own words that are kept for an error message. */
const keptLines = 20;
const keptLineChars = 500;
/** So many of the last ones are in it, behind the first complaint, which says most. */
const shownLines = 3;
/** What reads ahead or encodes pictures can wait, or has to; what sends packets cannot. */
export const niceness = 5;
/** After SIGTERM, before SIGKILL, in ms. */
const killDelayMs = 1500;
/** What waits in a pipe whose ffmpeg has ended is read in so many ms; a pipe that is open for longer is somebody else's. */
const leftOverMs = 500;

/** How a pipeline ended: at the end of its source, by a failure of ffmpeg, or because it was closed. */
export type PipelineEnd =
  | { readonly kind: 'finished' }
  /** `start`: there is no such program; `killed`: by a signal that is not ours, whatever became of its source. */
  | { readonly kind: 'failed'; readonly at: 'start' | 'ffmpeg' | 'killed'; readonly message: string }
  | { readonly kind: 'closed' };

export interface PipelineOptions {
  /** Path or name of the ffmpeg program. */
  readonly ffmpeg: string;
  /** Arguments that make it write NUT to its standard output, and to `soundOutput` where that is among them. */
  readonly args: readonly string[];
  /** Added to its environment; default nothing. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it finds at its file descriptor 3; default nothing. */
  readonly aside?: Aside | undefined;
  /** Viewers wait for what it passes on, and it is little work: it gives way to nobody. Default false. */
  readonly urgent?: boolean;
  /** What its words call the source, where nobody else does. */
  readonly called?: Called | undefined;
  /** Without output for so long after its start it is killed, in ms; default `stallTimeoutMs`. */
  readonly startTimeoutMs?: number;
  /** Without output for so long while some is wanted, ffmpeg counts as stuck and is killed. */
  readonly stallTimeoutMs: number;
  /** Its output comes when it is due: where that is seldom, more time is given for it. Default false. */
  readonly isDue?: boolean;
  /** What ffmpeg's words mean, where that is known; default: they speak for themselves. */
  readonly explain?: (words: string) => Error | null | Promise<Error | null>;
  /** Runs each piece of work on its output; default at once. */
  readonly slice?: ((work: () => void) => void) | undefined;
  readonly onFrames: (frames: MediaFrame[]) => void;
  /** Hears of the loudness of the last 0.4 s of sound, in LUFS, each 0.1 s of it; `args` must have it told. Default: it is not told. */
  readonly onHeard?: ((lufs: number) => void) | undefined;
  /** Whether it takes commands while it runs; `args` must not have `-nostdin` then. Default false. */
  readonly commanded?: boolean;
  readonly clock?: Clock;
}

/** What whoever plays something needs of a pipeline. */
export type RunningPipeline = Pick<
  Pipeline,
  'ended' | 'pid' | 'paused' | 'pause' | 'resume' | 'command' | 'close'
>;
export type StartPipeline = (options: PipelineOptions) => RunningPipeline;

/** One supervised ffmpeg process that turns a source into timed frames. Pausing it lets the pipe fill, and ffmpeg waits. */
export class Pipeline {
  readonly ended: Promise<PipelineEnd>;
  readonly #options: PipelineOptions;
  readonly #clock: Clock;
  readonly #process: ReturnType<typeof spawn>;
  /** What it writes frames to. */
  readonly #outputs: readonly Readable[];
  readonly #words: string[] = [];
  /** A line that has not come as a whole. */
  #line = '';
  readonly #stall: StallWatch;
  readonly #pace: Pace | undefined;
  #failure: string | undefined;
  /** It has given a frame. */
  #begun = false;
  /** It says that there is nothing at a descriptor that it was given. */
  #misses = false;
  #closed = false;
  #exited = false;
  #leftOver: Timer | undefined;

  static start(options: PipelineOptions): Pipeline {
    return new Pipeline(options);
  }

  private constructor(options: PipelineOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#stall = new StallWatch(this.#clock, (ms) => this.#fail(`no output for ${ms} ms`));
    this.#process = spawn(options);
    if (this.#process.pid !== undefined) giveWay(this.#process.pid, options.urgent ? 0 : niceness);
    this.#pace = options.isDue ? new Pace() : undefined;
    const { slice = (work) => work() } = options;
    const sound = this.#process.stdio[soundFd] as Readable | null;
    this.#outputs = sound ? [this.#process.stdout, sound] : [this.#process.stdout];
    for (const output of this.#outputs) {
      const reader = new FrameReader();
      output.on('data', (chunk: Buffer) => slice(() => this.#read(reader, chunk)));
    }
    if (options.onHeard) this.#hear(options.onHeard);
    // A command to an ffmpeg that has ended is lost; how it ended says more.
    this.#process.stdin?.on('error', () => {});
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => this.#listen(text));
    this.#process.nodeChildProcess.once('exit', () => this.#readLeftOver());
    this.#stall.await(options.startTimeoutMs ?? options.stallTimeoutMs);
    this.ended = this.#end();
  }

  /** Undefined where ffmpeg could not be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  get paused(): boolean {
    return this.#process.stdout.isPaused();
  }

  /** Not where ffmpeg has ended: what it left is little, and how it ended is to be known at once. */
  pause(): void {
    if (this.#exited) return;
    this.#stall.stop();
    for (const output of this.#outputs) output.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.#awaitMore();
    this.#resumeOutputs();
  }

  /** Tells a filter of its something, such as `volume`, `volume` and `0.5`; heard with what ffmpeg reads from then on. */
  command(filter: string, command: string, argument: string): void {
    // ffmpeg's key for a command, its target, its time (-1: at once), itself (https://ffmpeg.org/ffmpeg-filters.html, `Changing options at runtime`).
    this.#process.stdin?.write(`c${filter} -1 ${command} ${argument}\n`);
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#stop('SIGTERM');
    }
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #resumeOutputs(): void {
    for (const output of this.#outputs) output.resume();
  }

  /** It is read at all times: ffmpeg waits for nobody who wants to know how loud it is. */
  #hear(onHeard: (lufs: number) => void): void {
    let rest = '';
    this.#heard?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(0, keptLineChars);
      if (!this.#closed) for (const lufs of heardIn(lines)) onHeard(lufs);
    });
  }

  get #heard(): Readable | null {
    return (this.#process.stdio as (Readable | null | undefined)[])[heardFd] ?? null;
  }

  #read(reader: FrameReader, chunk: Buffer): void {
    if (this.#closed || this.#failure !== undefined) return;
    this.#awaitMore();
    const frames = this.#framesOf(reader, chunk);
    if (frames.length === 0) return;
    this.#begun = true;
    this.#pace?.note(this.#clock.nowMs());
    this.#awaitMore();
    this.#options.onFrames(frames);
  }

  #awaitMore(): void {
    const { stallTimeoutMs, startTimeoutMs = stallTimeoutMs } = this.#options;
    // The head of the container comes long before the first frame where it reads its way there.
    const timeoutMs = this.#begun ? stallTimeoutMs : Math.max(startTimeoutMs, stallTimeoutMs);
    this.#stall.await(timeoutMs + (this.#pace?.usualMs ?? 0));
  }

  #framesOf(reader: FrameReader, chunk: Buffer): MediaFrame[] {
    try {
      return reader.push(chunk);
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
      return [];
    }
  }

  #listen(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = (lines.pop() ?? '').slice(0, keptLineChars);
    this.#misses ||= lines.some(missesDescriptor);
    this.#words.push(
      ...lines
        .filter((line) => line.trim() !== '' && !answersCommand.test(line))
        .map((line) => named(line, this.#options.aside, this.#options.called).slice(0, keptLineChars)),
    );
    this.#words.splice(0, this.#words.length - keptLines);
  }

  #fail(message: string): void {
    this.#failure ??= message;
    this.#stop('SIGKILL');
  }

  /** A pipe that nobody reads would keep a terminated ffmpeg from ending, so the rest is read and dropped. */
  #stop(signal: NodeJS.Signals): void {
    this.#stall.stop();
    this.#resumeOutputs();
    this.#process.kill(signal);
  }

  /** No more than a pipe holds: what a script leaves running behind it is ended, and not waited for where it has gone its own way. */
  #readLeftOver(): void {
    this.#exited = true;
    this.#process.kill('SIGKILL');
    this.#resumeOutputs();
    this.#leftOver = this.#clock.after(leftOverMs, () => {
      for (const output of this.#outputs) output.destroy();
      this.#process.stderr.destroy();
      this.#heard?.destroy();
    });
  }

  async #end(): Promise<PipelineEnd> {
    // ffmpeg may have ended while its last output still waits in the pipe.
    const read = this.#outputs.map((output) => finished(output, { writable: false }).catch(() => {}));
    const [result] = await Promise.all([this.#process, ...read]);
    this.#stall.stop();
    this.#leftOver?.cancel();
    if (this.#closed) return { kind: 'closed' };
    if (this.#failure === undefined && result.exitCode === 0) return { kind: 'finished' };
    this.#listen('\n');
    const known = this.#misses
      ? `${this.#options.ffmpeg}${closesDescriptors}`
      : (await this.#options.explain?.(this.#words.join('; ')))?.message;
    const how = this.#failure ?? this.#howItEnded(result);
    const complaint = this.#words.filter(isComplaint).slice(0, 1);
    const words = [...new Set([...complaint, ...this.#words.slice(-shownLines)])].join('; ');
    const message = known ?? (words === '' ? how : `${how}: ${words}`);
    const isKilled = this.#failure === undefined && result.signal !== undefined;
    return { kind: 'failed', at: this.pid === undefined ? 'start' : isKilled ? 'killed' : 'ffmpeg', message };
  }

  #howItEnded({ exitCode, signal, code }: Awaited<ReturnType<typeof spawn>>): string {
    if (signal) return `ffmpeg was ended by ${signal}`;
    if (exitCode !== undefined) return `ffmpeg ended with code ${exitCode}`;
    return `${this.#options.ffmpeg}${notStarted}${code ?? 'no reason given'}`;
  }
}

/** What ffmpeg says where it takes a command. */
const answersCommand = /^(?:Enter command|Command reply for stream)/;

const closesDescriptors = ` does not pass on the descriptors that it is given: expected ffmpeg, or a script that leaves ${asideFd} to ${heardFd} open`;

const notStarted = ' cannot be started: ';

/** Whether a pipeline's message says that there is no such program. */
export function saysUnstartable(message: string): boolean {
  return message.includes(notStarted);
}

function spawn({ ffmpeg, args, env = {}, aside, commanded = false, onHeard }: PipelineOptions) {
  const sound = args.includes(soundOutput) ? 'pipe' : 'ignore';
  return execa(ffmpeg, args, {
    env,
    buffer: false,
    reject: false,
    stdio: [
      commanded ? 'pipe' : 'ignore',
      'pipe',
      'pipe',
      asideOf(aside),
      sound,
      onHeard ? 'pipe' : 'ignore',
    ],
    encoding: 'buffer',
    forceKillAfterDelay: killDelayMs,
    // `media.ffmpeg` may be a script around it; and Ctrl-C on the daemon's terminal is not meant for ffmpeg.
    killDescendants: true,
  });
}
