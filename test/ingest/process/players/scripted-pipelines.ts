import type { Plan } from '../../../../src/contract/plan.ts';
import { timeOffsetMs } from '../../../../src/ingest/ffmpeg/args.ts';
import type {
  PipelineEnd,
  PipelineOptions,
  RunningPipeline,
  StartPipeline,
} from '../../../../src/ingest/ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { inTime } from '../../../../src/ingest/process/in-time.ts';
import type { PlayerNews } from '../../../../src/ingest/process/players/player.ts';
import { type Input, plainInput } from '../../../../src/ingest/sources/input.ts';
import type { VirtualClock } from '../../../helpers/virtual-clock.ts';

/** What one ffmpeg does: gives these frames of the source, as far as they are behind its place, and then this; 'silence': nothing more, ever; 'goes on': the same again and again. */
export interface Script {
  readonly frames?: readonly MediaFrame[];
  /** How long it takes until then; default 0. */
  readonly afterMs?: number;
  /** It is well for so long before it is killed; default 0. */
  readonly lastsMs?: number;
  /** The same in pieces, each so long after its start. */
  readonly parts?: readonly { readonly afterMs: number; readonly frames: readonly MediaFrame[] }[];
  /** What comes so much later. */
  readonly later?: { readonly afterMs: number; readonly frames: readonly MediaFrame[] };
  /** What it does with a place before its input: begins at it; default; passes over all there is; takes no notice. */
  readonly seeks?: 'nowhere' | 'to its beginning';
  readonly end: 'finishes' | 'fails' | 'is killed' | 'is not there' | 'silence' | 'goes on';
}

/** Starts scripted pipelines: the n-th does what the n-th script says, the last one all that follow. On virtual time. */
export class ScriptedPipelines {
  readonly started: { readonly args: readonly string[]; readonly commands: string[]; closed: boolean }[] = [];
  readonly #scripts: readonly Script[];
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock, scripts: readonly Script[]) {
    this.#clock = clock;
    this.#scripts = scripts;
  }

  get running(): number {
    return this.started.filter(({ closed }) => !closed).length;
  }

  readonly start: StartPipeline = (options) => {
    const script = this.#scripts[Math.min(this.started.length, this.#scripts.length - 1)] as Script;
    const log = { args: options.args, commands: [] as string[], closed: false };
    this.started.push(log);
    return this.#run(script, options, log);
  };

  #run(
    { frames = [], afterMs = 0, lastsMs = 0, parts = [], later, seeks, end: how }: Script,
    options: PipelineOptions,
    log: { commands: string[]; closed: boolean },
  ): RunningPipeline {
    const ended = Promise.withResolvers<PipelineEnd>();
    const settle = (result: PipelineEnd) => {
      if (log.closed) return;
      log.closed = true;
      stall.cancel();
      ended.resolve(result);
    };
    const fail = async (words: string, at: 'start' | 'ffmpeg' | 'killed' = 'ffmpeg') => {
      const message = (await options.explain?.(words))?.message ?? words;
      settle({ kind: 'failed', at, message });
    };
    const stallMs =
      how === 'goes on' || lastsMs > 0
        ? 600_000
        : frames.length > 0
          ? options.stallTimeoutMs
          : (options.startTimeoutMs ?? 0);
    const stall = this.#clock.after(stallMs, () => void fail(`no output for ${stallMs} ms`));
    this.#clock.after(afterMs, () => {
      if (log.closed) return;
      const isSought =
        options.args.indexOf('-ss') < options.args.indexOf('-i') && options.args.includes('-ss');
      const passed = isSought && seeks === 'nowhere' ? [] : frames;
      const anywhere = isSought && seeks === 'to its beginning';
      const placed = framesFrom(passed, startUsIn(options.args), anywhere);
      if (placed.length > 0) options.onFrames(placed);
      if (how === 'finishes') settle({ kind: 'finished' });
      if (how === 'fails') void fail('ffmpeg ended with code 1');
      if (how === 'is not there') void fail('ffmpeg cannot be started: ENOENT', 'start');
      if (how === 'is killed')
        this.#clock.after(lastsMs, () => void fail('ffmpeg was ended by SIGKILL', 'killed'));
    });
    for (const part of parts)
      this.#clock.after(part.afterMs, () => {
        if (!log.closed) options.onFrames(framesFrom(part.frames, startUsIn(options.args)));
      });
    if (later)
      this.#clock.after(afterMs + later.afterMs, () => {
        if (!log.closed) options.onFrames(framesFrom(later.frames, startUsIn(options.args)));
      });
    return {
      ...{ ended: ended.promise, pid: 1, paused: false, pause: () => {}, resume: () => {} },
      command: (...words) => log.commands.push(words.join(' ')),
      close: async () => settle({ kind: 'closed' }),
    };
  }
}

function startUsIn(args: readonly string[]): number {
  const at = args.indexOf('-ss');
  return at === -1 ? 0 : Number(args[at + 1]) * 1e6;
}

/** As ffmpeg gives them: counted from its place. */
function framesFrom(frames: readonly MediaFrame[], startUs: number, anywhere = false): MediaFrame[] {
  return frames
    .filter(({ ptsUs }) => anywhere || ptsUs >= startUs - 10_000)
    .map((frame) => ({ ...frame, ptsUs: frame.ptsUs - startUs + timeOffsetMs * 1000 }));
}

/** What a player says, as words. */
export function heard(): { readonly words: string[]; readonly tell: (news: PlayerNews) => void } {
  const words: string[] = [];
  const tell = (news: PlayerNews) => {
    if ('message' in news) words.push(`${news.type}: ${news.message}`);
    else if (news.type === 'fed' && !words.includes('frames')) words.push('frames');
  };
  return { words, tell };
}

/** An input that nothing opens; `closed` tells when it is disposed of. */
export function inputOf(closed: () => void = () => {}, live = false): Input {
  const plain = plainInput([{ options: [], location: 'source' }], { live });
  return { ...plain, [Symbol.asyncDispose]: async () => closed() };
}

export const transcoded: Plan = {
  video: {
    ...{ index: 0, action: 'transcode', reasons: [], from: 'mpeg2video', codec: 'h264', name: 'source' },
    ...{ width: 320, height: 180, fps: 25, bitrateBps: 1_000_000, lower: [], deinterlace: false },
  },
  audio: {
    index: 1,
    track: 0,
    action: 'transcode',
    reasons: [],
    from: 'aac',
    codec: 'opus',
    bitrateBps: null,
  },
};

/** Opens a source as players expect it: within 15 s, or until its owner waits no more. */
export function opensInTime(
  clock: VirtualClock,
  open: () => Promise<Input>,
): (signal: AbortSignal) => Promise<Input> {
  return (signal) =>
    inTime(open, {
      ...{ timeoutMs: 15_000, clock, done: 'opened', signal },
      onLate: (late) => void late[Symbol.asyncDispose](),
    });
}
