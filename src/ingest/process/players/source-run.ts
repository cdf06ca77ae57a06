import type { Clock } from '../../../contract/clock.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import type { Plan } from '../../../contract/plan.ts';
import { encodesSound, ffmpegArgs, takesCommands, timeOffsetMs } from '../../ffmpeg/args.ts';
import type { RunningPipeline, StartPipeline } from '../../ffmpeg/pipeline.ts';
import { gainOf, isFollowed, volumeFilter } from '../../ffmpeg/sound-filters.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { Input } from '../../sources/input.ts';
import { EndedSound } from './ended-sound.ts';
import { type Gap, GapWatch } from './gap-watch.ts';
import { layersOf } from './player.ts';
import { passingSpeed } from './run-outcome.ts';
import { SlowGain, type StandingGain } from './slow-gain.ts';
import { SoundHoles } from './sound-holes.ts';
import { SourceRate } from './source-rate.ts';

/** The way to the first frame at its place may take so long, in ms: a disk may be slow, a GOP long, an address far away. */
const startTimeoutMs = 15_000;
/** Key frames are no further apart than this lets be decoded, in ms. */
const mostDecodedMs = 45_000;
/** An encoder in hardware that takes pictures and gives none is known to be stuck sooner, in ms: nothing is lost by x264 in its place. */
const hardwareStartTimeoutMs = 3000;

/** Of what comes in pieces of some seconds none for so long, in ms, is none any more: most are no longer, and servers take their time for each. */
const piecesApartMs = 10_000;

/** What is left out is a jump of the source's times if it is longer than this, in µs, and nothing was refused: as ffmpeg takes it, by itself. */
const mendedUs = 10_000_000;

/** How one source is read, as often as it takes. */
export interface ReadSource {
  /** Opens it, in time or not at all; `behind` what plays already. */
  readonly open: (signal: AbortSignal, behind: boolean) => Promise<Input>;
  readonly ffmpeg: string;
  /** Without output for so long ffmpeg counts as stuck, in ms. */
  readonly stallTimeoutMs: number;
  /** What it may give for each second of it, over some seconds; null: as much as it has, or whoever takes it in sees to that. */
  readonly maxBitrateBps: number | null;
  readonly startPipeline: StartPipeline;
  readonly clock: Clock;
  /** Nothing can be sought in it: all before its place is read and dropped. Default false. */
  readonly passes?: boolean;
  /** Whatever may be missing of it, its times say where in it they are. Default false. */
  readonly placed?: boolean;
  /** Where its gain stands, where that follows what is heard: each run goes on with it. Default: each begins at 0. */
  readonly standing?: StandingGain;
}

/** Takes what comes. */
export interface Taker {
  /** A frame, at its time in the source. */
  onFrame(frame: MediaFrame): void;
  /** All of a piece was given. @param measured the plan with the rate of its picture, where that has turned out to be much */
  onFed(measured: Plan | null): void;
  /** Something was left out, as it could not be had, before what comes next: gives whether it is begun anew, and nothing more of this is wanted. */
  onGap?(gap: Gap, reason: string): boolean;
}

export interface SourceRunOptions extends ReadSource {
  readonly plan: Plan;
  /** What it takes until its source gives anything, in ms; null: not known. */
  readonly lookMs: number | null;
  /** It comes in pieces of some seconds: between two of them nothing does. Default false. */
  readonly inPieces?: boolean | undefined;
  readonly behind: boolean;
  /** A start at this place was in vain: it may be that much has to be decoded before it. Default false. */
  readonly patient?: boolean;
  /** Place in the source to begin at, and to end at, in µs, where it can be begun anywhere; default 0, and its end. */
  readonly startUs?: number;
  readonly stopUs?: number | null;
  /** Loudness, asked when ffmpeg is started. */
  readonly volume: () => number;
  /** Its loudness is changed by commands, where its sound is decoded. Default false. */
  readonly commanded?: boolean;
  /** Its sound goes on as silence where that ends before its picture, and nobody else sees to it. Default false. */
  readonly silentOnwards?: boolean;
  /** It is open. */
  readonly takerOf: (input: Input) => Taker;
  /** ffmpeg has been started. */
  readonly onPipeline?: (pid: number, plan: Plan) => void;
}

/** Why nothing more came, and where it failed: it was not even begun, or is another file; ffmpeg failed, or was killed; what leads to its source died; it gave more than it may. */
export interface RunFailure {
  readonly at: 'start' | 'changed' | 'ffmpeg' | 'killed' | 'way' | 'limit';
  readonly message: string;
}

/** How a run ended: by itself, and what of its source could not be had just now, if anything; or not. */
export type RunEnd =
  | { readonly kind: 'finished'; readonly refusal: RunFailure | null }
  | { readonly kind: 'closed' }
  | ({ readonly kind: 'failed' } & RunFailure);

/** A file was replaced, or written, since it was looked at. */
export class OtherFile extends Error {}

/** One ffmpeg that reads a source, from its opening to its end. */
export class SourceRun {
  /** Never rejects. */
  readonly ended: Promise<RunEnd>;
  readonly #options: SourceRunOptions;
  readonly #standing: StandingGain;
  readonly #closing = new AbortController();
  #pipeline: RunningPipeline | undefined;
  #commanded: boolean | null = null;
  #volumePercent = 100;
  /** Why it was given up. */
  #failure: RunEnd | null = null;
  /** Finding out why something was left out; what comes meanwhile waits. */
  #asking: Promise<void> | undefined;

  private constructor(options: SourceRunOptions) {
    this.#options = options;
    this.#standing = options.standing ?? { db: 0 };
    this.ended = this.#play()
      .catch(failedToStart)
      .then((end) => (this.#closing.signal.aborted ? { kind: 'closed' } : end));
  }

  static start(options: SourceRunOptions): SourceRun {
    return new SourceRun(options);
  }

  /** Whether it takes commands for its sound; null: ffmpeg is not started yet. */
  get commanded(): boolean | null {
    return this.#commanded;
  }

  setVolume(percent: number): void {
    if (!this.#commanded) return;
    this.#volumePercent = percent;
    this.#setGain();
  }

  #setGain(): void {
    const { level } = this.#options.plan.audio ?? {};
    const db = level ? (level.gainDb ?? this.#standing.db) : 0;
    this.#pipeline?.command(volumeFilter, 'volume', gainOf(this.#volumePercent, db));
  }

  pause(): void {
    this.#pipeline?.pause();
  }

  resume(): void {
    this.#pipeline?.resume();
  }

  /** It is of no use. */
  fail(message: string, at: 'ffmpeg' | 'limit' = 'ffmpeg'): void {
    this.#failure ??= { kind: 'failed', at, message };
    void this.#pipeline?.close();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#pipeline?.close();
    await this.ended;
  }

  async #play(): Promise<RunEnd> {
    const { open, behind, volume, startPipeline, onPipeline, ...how } = this.#options;
    const { plan, startUs = 0, stopUs = null } = how;
    const { signal } = this.#closing;
    await using input = await open(signal, behind);
    if (signal.aborted) return { kind: 'closed' };
    const volumePercent = volume();
    this.#volumePercent = volumePercent;
    const commanded = how.commanded === true && encodesSound(plan.audio, volumePercent);
    const { passes, placed } = how;
    const place = {
      passes,
      placed,
      startMs: startUs / 1000,
      ...(stopUs !== null && { stopMs: stopUs / 1000 }),
    };
    let isCutOff = false;
    const explain = async (words: string) => {
      const known = await input.explain(words);
      isCutOff = isOurs(known);
      return known;
    };
    const pipeline = startPipeline({
      ...{ ffmpeg: how.ffmpeg, stallTimeoutMs: stallTimeoutOf(how), clock: how.clock },
      commanded: takesCommands(plan.audio, { commanded }),
      onHeard: this.#follow(),
      startTimeoutMs: startTimeoutOf(how),
      args: ffmpegArgs(plan, input, { ...place, volumePercent, commanded, fromDb: this.#standing.db }),
      ...{ env: input.env, aside: input.aside, called: input.called, slice: input.slice, explain },
      ...{ urgent: isUrgent(plan, input), isDue: isDue(input) },
      onFrames: this.#framesTo(input, volumePercent, () => explain('')),
    });
    this.#pipeline = pipeline;
    this.#commanded = commanded;
    if (pipeline.pid !== undefined) onPipeline?.(pipeline.pid, plan);
    const end = await pipeline.ended;
    while (this.#asking) await this.#asking;
    if (this.#failure) return this.#failure;
    if (end.kind === 'closed') return end;
    if (end.kind === 'finished') {
      const refusal = await explain('');
      const at = isCutOff ? 'way' : 'ffmpeg';
      return { kind: 'finished', refusal: refusal && { at, message: refusal.message } };
    }
    return isCutOff ? { ...end, at: 'way' } : end;
  }

  /** What brings its sound to its loudness as it is heard; undefined: nothing has to. */
  #follow(): ((lufs: number) => void) | undefined {
    const { audio } = this.#options.plan;
    if (!audio?.level || !isFollowed(audio)) return undefined;
    const gain = new SlowGain(audio.level.targetLufs, this.#standing);
    return (lufs) => {
      if (gain.hear(lufs)) this.#setGain();
    };
  }

  #framesTo(
    input: Input,
    volumePercent: number,
    explain: () => Promise<Error | null>,
  ): (frames: readonly MediaFrame[]) => void {
    const {
      plan,
      takerOf,
      maxBitrateBps,
      startUs = 0,
      behind,
      placed = false,
      silentOnwards,
    } = this.#options;
    const { slice = (work) => work() } = input;
    const taker = takerOf(input);
    // Where nothing plays yet, the source may begin later than its place.
    const isWatched = plan.audio !== null && taker.onGap !== undefined;
    const mostUs = placed ? Number.POSITIVE_INFINITY : undefined;
    const gaps = isWatched
      ? new GapWatch(behind && startUs > 0 ? timeOffsetMs * 1000 : undefined, mostUs)
      : null;
    const ended = silentOnwards ? new EndedSound() : null;
    const waiting: MediaFrame[] = [];
    const holes = new SoundHoles(plan.audio, volumePercent);
    const rate = new SourceRate(layersOf(plan), maxBitrateBps);
    let shiftUs = startUs - timeOffsetMs * 1000;
    const take = (frames: readonly MediaFrame[]) => {
      if (this.#closing.signal.aborted || this.#failure) return;
      for (const frame of holes.filled(frames)) {
        rate.see(frame);
        for (const given of ended?.take(frame) ?? [frame])
          taker.onFrame({ ...given, ptsUs: given.ptsUs + shiftUs });
      }
      if (rate.excess === null) taker.onFed(rate.measured(plan));
      else this.fail(rate.excess, 'limit');
    };
    const ask = async ({ fromUs, toUs }: Gap) => {
      const reason = (await explain())?.message;
      const gap = { fromUs: fromUs + shiftUs, toUs: toUs + shiftUs };
      this.#asking = undefined;
      slice(() => {
        const rest = waiting.splice(0);
        const isRefused = reason !== undefined;
        if (isRefused && taker.onGap?.(gap, reason)) return;
        const isJump = !isRefused && toUs - fromUs > mendedUs;
        ended?.leaveOut();
        if (placed && isJump) shiftUs -= toUs - fromUs;
        if (placed && (isRefused || isJump)) holes.leaveOut();
        see(rest);
      });
    };
    const see = (came: readonly MediaFrame[]) => {
      const frames = ended ? came.filter((frame) => !ended.isLate(frame)) : came;
      const found = gaps?.see(frames);
      take(frames.slice(0, found?.at));
      if (!found) return;
      waiting.push(...frames.slice(found.at));
      this.#asking = ask(found.gap);
    };
    return (frames) => {
      if (this.#asking) waiting.push(...frames);
      else see(frames);
    };
  }
}

/** What comes when it is due. */
function isDue({ live, realTime = true }: Input): boolean {
  return live === true && realTime;
}

/** The same, with pictures that are copied. */
function isUrgent({ video }: Plan, input: Input): boolean {
  const encodes = video !== null && (video.action === 'transcode' || video.lower.length > 0);
  return isDue(input) && !encodes;
}

type RunsHow = Pick<SourceRunOptions, 'plan' | 'lookMs' | 'passes' | 'startUs' | 'patient'>;

function startTimeoutOf({ plan, lookMs, passes, startUs = 0, patient = false }: RunsHow): number {
  if (passes) return startTimeoutMs + startUs / 1000 / passingSpeed;
  const { action, encoder: { name } = { name: 'x264' } } = plan.video ?? {};
  // An encoder gets nothing before all since the key frame before its place is decoded, which may be minutes of it.
  const decodeMs =
    patient && action === 'transcode' ? Math.min(startUs / 1000 / passingSpeed, mostDecodedMs) : 0;
  if (name === 'x264' || lookMs === null) return startTimeoutMs + decodeMs;
  return Math.min(startTimeoutMs, lookMs + hardwareStartTimeoutMs);
}

function stallTimeoutOf({ inPieces, stallTimeoutMs }: Pick<SourceRunOptions, 'inPieces' | 'stallTimeoutMs'>) {
  return inPieces ? Math.max(piecesApartMs, stallTimeoutMs) : stallTimeoutMs;
}

export function failedToStart(error: unknown): RunEnd {
  const message = error instanceof Error ? error.message : String(error);
  const at = isOurs(error) ? 'way' : error instanceof OtherFile ? 'changed' : 'start';
  return { kind: 'failed', at, message };
}

/** Whether it is one of our own processes that died. */
function isOurs(error: unknown): boolean {
  return error instanceof MiroliveError && error.code === 'INGEST_UNAVAILABLE';
}
