import type { Timer } from '../../../contract/clock.ts';
import { clock as clockWords } from '../../../contract/media-time.ts';
import type { Plan } from '../../../contract/plan.ts';
import { beganFarBefore } from '../../ffmpeg/complaint.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { SeenPicture } from '../../plan/plan.ts';
import type { Input } from '../../sources/input.ts';
import type { Slate } from '../slate/slate.ts';
import { Feed } from '../splicer/feed.ts';
import { type Gap, isGap } from './gap-watch.ts';
import { KeyFrameWatch } from './key-frame-watch.ts';
import { LatePicture } from './late-picture.ts';
import type { Planned, PlayedSource, Seen } from './played-source.ts';
import { type Fill, layersOf, type Player, type PlayerNews } from './player.ts';
import { maxFailures, type Progress, worthUs } from './progress.ts';
import { mayPass, outcomeOf, type RunOutcome, unsought } from './run-outcome.ts';
import { SoundRun } from './sound-run.ts';
import { OtherFile, type RunEnd, type RunFailure, SourceRun } from './source-run.ts';

/** Failures in a row before the source has given a single frame, after which it is given up: whoever started it is waiting. */
const maxFirstFailures = 2;
/** What is left out is asked for so often again, before it goes on behind that. */
const gapTries = 2;
/** A copy is begun so much before its place: at the key frame before that. */
const copyRunUpUs = 5_000_000;
/** Less than the distance of two pictures. */
const encoderStepUs = 1000;
/** What begins nearer to the beginning than this, in µs, and this much before its place was not sought: key frames are rarely so far apart. */
const elsewhereUs = 10_000_000;

export interface FilePlayerOptions extends PlayedSource {
  readonly planned: Planned;
  /** Place in the source to begin at. */
  readonly startUs: number;
  /** Place in the source to end at; null: its end. */
  readonly stopUs: number | null;
  /** It is a file of this machine. */
  readonly isLocal: boolean;
  /** The file that was looked at; undefined: whatever is there is played. */
  readonly identity: string | undefined;
  /** How long the source says that it is; null: it does not. */
  readonly lengthUs: number | null;
  readonly maxKeyframeIntervalMs: number;
  /** Whether somebody waits for its first frame, and wants to hear soon that none will come. */
  readonly awaited: boolean;
  readonly progress: Progress;
  readonly seen: Seen;
  /** What is shown until its picture begins; undefined: it is not made yet. */
  readonly slate: () => Slate | undefined;
}

/** Plays a source that can be begun anywhere: reads ahead, and goes on without a seam where ffmpeg fails. */
export class FilePlayer implements Player {
  readonly feed: Feed;
  readonly #options: FilePlayerOptions;
  readonly #fill: Fill;
  readonly #late: LatePicture;
  #plan: Plan;
  /** What was seen of its picture. */
  #picture: SeenPicture | undefined;
  readonly #keyFrames: KeyFrameWatch;
  #volumePercent: number;
  #run: SourceRun | undefined;
  /** Whose the sound is, since the volume was changed; undefined: the run's. */
  #sound: SoundRun | undefined;
  /** What is to take the sound over. */
  #joining: SoundRun | undefined;
  /** What has been read to its end: the source, but for its sound, where that is another's. */
  #read = false;
  #soundRead = false;
  /** Where ffmpeg was begun last, in µs, and whether it has given anything. */
  #fromUs = 0;
  #gave = false;
  /** Starts in a row that gave nothing. */
  #barren = 0;
  /** Nothing can be sought in it, as has turned out. */
  #passes = false;
  /** How far it had come when it ended before its end, in µs. */
  #brokenOffUs = Number.NEGATIVE_INFINITY;
  #closed = false;
  #stopped: Promise<unknown> = Promise.resolve();
  #retry: Timer | undefined;

  private constructor(options: FilePlayerOptions) {
    this.#options = options;
    const { kinds, planned, startUs, volumePercent, tell, fillFor, seen } = options;
    this.#picture = seen.picture;
    const plan = seen.picture ? planned.replan(seen.picture) : planned.plan;
    this.#plan = plan;
    const { maxKeyframeIntervalMs: maxIntervalMs } = options;
    this.#keyFrames = new KeyFrameWatch({ layer: layersOf(plan) - 1, maxIntervalMs, measured: true });
    this.#fill = fillFor(plan);
    this.#late = new LatePicture(plan.video ? layersOf(plan) : 0, options.slate);
    this.#volumePercent = volumePercent;
    const onRoom = () => {
      if (!this.feed.fullOf('video')) this.#run?.resume();
      if (!this.feed.fullOf('audio')) this.#sound?.resume();
      tell({ type: 'room' });
    };
    this.feed = new Feed(kinds, { fromUs: startUs, layers: layersOf(plan), onRoom });
  }

  static start(options: FilePlayerOptions): FilePlayer {
    const player = new FilePlayer(options);
    player.#begin(options.startUs);
    return player;
  }

  get plan(): Plan {
    return this.#plan;
  }

  setVolume(percent: number): void {
    if (percent === this.#volumePercent) return;
    this.#volumePercent = percent;
    // What is still to begin does so at this volume.
    if (this.#run?.commanded === false || this.#read) this.#beginSound();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#retry?.cancel();
    this.#stop();
    await this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(startUs: number): void {
    const { tell, awaited, planned } = this.#options;
    const { lookMs, inPieces } = planned;
    const passes = this.#passes;
    if (passes && !mayPass(startUs)) {
      this.#outOfReach(startUs);
      return;
    }
    // One start is waited for longer: what hangs would be waited for again and again.
    const patient = this.#barren === 1;
    this.#fromUs = startUs;
    this.#gave = false;
    const run = SourceRun.start({
      ...{
        ...this.#options,
        plan: this.#plan,
        lookMs,
        inPieces,
        startUs,
        passes,
        patient,
        placed: this.#placed,
        silentOnwards: true,
        volume: () => this.#volumePercent,
      },
      open: (signal, behind) => this.#open(signal, behind),
      behind: !awaited || this.feed.queuedToUs !== undefined,
      takerOf: () => ({
        onFrame: (frame) => {
          if (this.#run !== run || this.#isElsewhere(frame)) return;
          if (this.#isReplanned(frame)) return;
          this.#gave = true;
          this.#barren = 0;
          for (const one of this.#late.take(frame, this.feed.leftUs))
            if (one.kind === 'video' || !this.#sound) this.feed.push(one);
            else this.feed.passBy(one);
          for (const filling of this.#fill(frame)) this.feed.push(filling);
        },
        onFed: () => {
          if (this.#run !== run) return;
          if (this.feed.fullOf('video')) run.pause();
          tell({ type: 'fed' });
        },
        onGap: (gap, reason) => this.#run === run && this.#leftOut(run, gap, reason),
      }),
      onPipeline: (pid, plan) => tell({ type: 'pipeline.started', pid, plan }),
    });
    this.#run = run;
    void run.ended.then((end) => this.#run === run && this.#ended(end));
  }

  #ended(end: RunEnd): void {
    this.#run = undefined;
    if (this.feed.ended) return;
    this.#read = end.kind === 'finished';
    const isElsewhere = end.kind === 'failed' && !this.#gave && !this.#passes && beganFarBefore(end.message);
    if (isElsewhere && this.#fromUs > 0) this.#pass();
    else if (end.kind === 'failed') this.#failed(end);
    else if (end.kind === 'finished' && (!this.#sound || this.#soundRead || this.#isCut(end.refusal)))
      this.#finished(end.refusal);
  }

  /** Opens what was looked at; where it goes on, whatever is there. */
  async #open(signal: AbortSignal, behind: boolean): Promise<Input> {
    const { open, identity } = this.#options;
    const input = await open(signal, behind);
    if (identity === undefined || input.identity === identity || this.feed.queuedToUs !== undefined)
      return input;
    await input[Symbol.asyncDispose]();
    throw new OtherFile('it is another file than was looked at');
  }

  /** Whether ffmpeg began far before its place, where nothing can be sought: it is begun anew, to read its way there. */
  #isElsewhere({ ptsUs }: MediaFrame): boolean {
    const fromUs = this.#fromUs;
    const isNear = ptsUs >= elsewhereUs || ptsUs >= fromUs - elsewhereUs;
    if (this.#gave || this.#passes || this.feed.queuedToUs !== undefined || isNear) return false;
    this.#pass();
    return true;
  }

  /**
   * Whether it goes on behind what is read by another plan: a copied picture has turned out to have no key frames, or none where it
   * begins.
   */
  #isReplanned(frame: MediaFrame): boolean {
    const { planned, tell, seen } = this.#options;
    if (this.#plan.video?.action !== 'copy') return false;
    const found = this.#keyFrames.see(frame);
    if (found) seen.picture = found;
    else if (!frame.refreshes || this.#keyFrames.hasKey) return false;
    this.#stop();
    this.#picture = found ?? { intraRefresh: true };
    this.#plan = planned.replan(this.#picture);
    tell({ type: 'planned', plan: this.#plan });
    this.#begin(this.#resumeAtUs());
    return true;
  }

  /** Nothing can be sought in it: what is before its place is read, and dropped. */
  #pass(): void {
    const fromUs = this.#fromUs;
    this.#stop();
    this.#passes = true;
    this.#begin(fromUs);
  }

  /** Pictures alone may be far apart: what is missing between them cannot be told from a jump. */
  get #placed(): boolean {
    return !this.#options.isLocal && this.#plan.audio !== null;
  }

  #outOfReach(fromUs: number): void {
    this.#complete({ message: unsought(fromUs), outOfReach: true });
  }

  /** Something could not be had: it is asked for again, a few times, as servers are away for a moment. */
  #leftOut(run: SourceRun, { fromUs: leftUs, toUs }: Gap, reason: string): boolean {
    // What was read before is read again where a copy is begun anew.
    const fromUs = Math.max(leftUs, this.feed.queuedToUs ?? leftUs);
    if (!isGap({ fromUs, toUs })) return false;
    const message = `${clockWords(fromUs / 1000)} to ${clockWords(toUs / 1000)} cannot be had: ${reason}`;
    if (this.#triesAgain(fromUs)) {
      run.fail(message);
      return true;
    }
    if (this.feed.leaveOut(fromUs, toUs))
      this.#options.tell({ type: 'gap', missingMs: Math.round((toUs - fromUs) / 1000), message });
    return false;
  }

  /** Whether what is missing from a place on is asked for once more. */
  #triesAgain(fromUs: number): boolean {
    const { tries } = this.#options.seen;
    const atUs = [...tries.keys()].find((us) => Math.abs(us - fromUs) < worthUs) ?? fromUs;
    const tried = tries.get(atUs) ?? 0;
    if (tried < gapTries) tries.set(atUs, tried + 1);
    return tried < gapTries;
  }

  /** ffmpeg has read all that there is, as far as it knows. */
  #finished(refusal: RunFailure | null): void {
    const { lengthUs, seen } = this.#options;
    const { endUs } = this.feed;
    const outcome = this.#outcome(refusal, endUs);
    if (outcome.is === 'unsought') this.#pass();
    else if (outcome.is === 'failed') {
      if (refusal === null || lengthUs === null) this.#brokenOffUs = Math.max(endUs, this.#brokenOffUs);
      this.#failed({ at: refusal?.at ?? 'ffmpeg', message: outcome.message });
    } else {
      seen.endedUs = outcome.short === null ? null : endUs;
      // It may be longer the next time.
      if (outcome.short !== null) this.feed.forget();
      this.#complete({ message: null, short: outcome.short });
    }
  }

  /** What it comes to that nothing more of it came, where it was read up to a place. */
  #outcome(refusal: RunFailure | null, reachedUs: number): RunOutcome {
    const { lengthUs, stopUs, isLocal, seen } = this.#options;
    const { queuedToUs, countsOn } = this.feed;
    const endsThere = seen.endedUs !== null && Math.abs(reachedUs - seen.endedUs) < worthUs;
    return outcomeOf({
      ...{ fromUs: this.#fromUs, passes: this.#passes, gave: this.#gave, isLocal },
      refusal: refusal?.message ?? null,
      readToUs: queuedToUs === undefined ? undefined : reachedUs,
      endUs: lengthUs === null || !countsOn ? null : Math.min(lengthUs, stopUs ?? lengthUs),
      again: queuedToUs !== undefined && (reachedUs <= this.#brokenOffUs || endsThere),
    });
  }

  /** Whether one of its tracks was cut off. @param endUs of that track; default of both */
  #isCut(refusal: RunFailure | null, endUs = this.feed.endUs): refusal is RunFailure {
    return refusal !== null && this.#outcome(refusal, endUs).is === 'failed';
  }

  /** Reads the sound anew, at the volume of now; one at a time, so that many changes in a row are not many of ffmpeg. */
  #beginSound(): void {
    if (this.#closed || this.#joining || !this.#plan.audio) return;
    const { startUs, stopUs, tell } = this.#options;
    if (this.#passes && !mayPass(this.feed.soundFromUs ?? startUs)) {
      tell({ type: 'failed', message: 'its volume cannot be changed here, as nothing can be sought in it' });
      return;
    }
    const sound = SoundRun.start({
      ...{
        source: { ...this.#options, passes: this.#passes, placed: this.#placed },
        plan: this.#plan,
        startUs,
        stopUs,
        feed: this.feed,
      },
      volumePercent: this.#volumePercent,
      onJoined: () => {
        void this.#sound?.close();
        this.#sound = sound;
        this.#soundRead = false;
        this.#joining = undefined;
        if (sound.volumePercent !== this.#volumePercent) this.#beginSound();
      },
      onFed: () => tell({ type: 'fed' }),
    });
    this.#joining = sound;
    void sound.ended.then((end) => this.#soundEnded(sound, end));
  }

  #soundEnded(sound: SoundRun, end: RunEnd): void {
    if (this.#closed || end.kind === 'closed') return;
    if (sound === this.#sound) {
      this.#soundRead = true;
      if (this.feed.ended) return;
      if (end.kind === 'failed') this.#failed(end);
      else if (this.#isCut(end.refusal, this.feed.soundEndUs)) this.#failed(end.refusal);
      else if (this.#read) this.#finished(null);
    } else if (sound === this.#joining) {
      this.#joining = undefined;
      // What has been read stays as it is, and what follows is read at this volume.
      if (end.kind === 'failed' && !this.#read) this.#failed(end);
      else if (sound.volumePercent !== this.#volumePercent) this.#beginSound();
    }
  }

  /** Goes on where the feed ends, unless that has failed too often without any progress. */
  #failed({ message, at }: RunFailure): void {
    this.#stop();
    if (at === 'changed') {
      this.#complete({ message, changed: true });
      return;
    }
    const { awaited, progress, tell, clock, encoderFailed, planned } = this.#options;
    const { queuedToUs } = this.feed;
    const reachedUs = queuedToUs ?? Number.NEGATIVE_INFINITY;
    const isEncoder = encoderFailed(this.#plan, message, progress.isAgain(reachedUs));
    const blamed = isEncoder ? 'plan' : at === 'way' ? 'nobody' : 'source';
    const delayMs = progress.failed(message, blamed, clock.nowMs(), reachedUs);
    if (isEncoder) this.#plan = planned.replan(this.#picture);
    const most = awaited && queuedToUs === undefined ? maxFirstFailures : maxFailures;
    if (at === 'limit' || progress.failures >= most) {
      this.#complete({ message });
      return;
    }
    tell({ type: 'failed', message });
    if (isEncoder) tell({ type: 'planned', plan: this.#plan });
    if (!this.#gave) this.#barren++;
    const startUs = this.#resumeAtUs();
    this.#retry = clock.after(delayMs, () => this.#begin(startUs));
  }

  /** Ends all that reads. */
  #stop(): void {
    const reading = [this.#run, this.#sound, this.#joining];
    this.#run = undefined;
    this.#sound = undefined;
    this.#joining = undefined;
    this.#soundRead = false;
    this.#read = false;
    this.#stopped = Promise.all([this.#stopped, ...reading.map((one) => one?.close())]);
  }

  /**
   * Where ffmpeg has to begin so that the feed goes on without a seam. A copy begins well before, since it can only begin
   * at a key frame, and the feed drops what it has; a new encoder begins with a key frame, exactly behind the last picture.
   * In whole milliseconds, as ffmpeg is told, so that times stay what they are.
   */
  #resumeAtUs(): number {
    const { startUs } = this.#options;
    const plan = this.#plan;
    const copied = plan.video?.action === 'copy';
    // Beside a copied picture encoders begin early too, with pictures that are not those that were sent.
    const encoded = copied ? (plan.video?.lower ?? []).map((_, layer) => layer) : [];
    const lastUs = this.feed.resume(encoded);
    if (lastUs === undefined) return startUs;
    return Math.max(0, Math.round((lastUs + (copied ? -copyRunUpUs : encoderStepUs)) / 1000) * 1000);
  }

  #complete({ message, ...how }: Omit<Extract<PlayerNews, { type: 'over' }>, 'type'>): void {
    this.feed.end();
    const nothing = this.feed.barren ? 'ffmpeg gave no frame of it' : null;
    this.#options.tell({ type: 'over', message: message ?? nothing, ...how });
  }
}
