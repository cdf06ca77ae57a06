import { BackOff } from '../../../contract/back-off.ts';
import type { Clock } from '../../../contract/clock.ts';
import type { ContentFault, SoundLevels } from '../../../contract/content.ts';
import type { VideoCodec } from '../../../contract/plan.ts';
import type { MatroskaFrame } from '../../media/matroska/matroska-writer.ts';
import { ContentDecoder, type ContentDecoderOptions, soundChannels } from './content-decoder.ts';
import { type ContentLimits, type ContentNews, ContentWatch } from './content-watch.ts';
import { isBlack, isSame } from './picture-look.ts';
import { SoundMeter } from './sound-look.ts';

/** Key frames are looked at this far apart at least, in ms: each costs some milliseconds. */
const lookMs = 1900;
/** A source that gives key frames only when it is asked for one is asked so seldom, in ms, since each costs its encoder sharpness, and so often while its picture is black. */
const askMs = { bright: 60_000, black: 3000 } as const;

/** Levels that are older than this, in ms, are of something else: sound is given to who looks each second. */
const levelsMs = 4000;

/** What viewers are given now. */
export interface ContentSubject {
  /** Another one is something else, of which nothing is known. */
  readonly id: string;
  /** What is no fault of it. */
  readonly exempt: ReadonlySet<ContentFault>;
  /** Nothing comes of one of its tracks; default it does of all. */
  readonly lacking?: boolean;
}

export interface ContentMonitorOptions {
  readonly ffmpeg: string;
  readonly video: VideoCodec | null;
  readonly audio: boolean;
  readonly limits: ContentLimits;
  readonly clock: Clock;
  /** Gives numbers from 0 to below 1; default the machine's. */
  readonly random?: (() => number) | undefined;
  readonly onNews: (news: readonly ContentNews[]) => void;
  /** Default a real one. */
  readonly decoder?: (
    options: ContentDecoderOptions,
  ) => Pick<ContentDecoder, 'ended' | 'busy' | 'write' | 'close'>;
}

/** A decoder that has taken nothing for so long, in ms, hangs. */
const stuckMs = 10_000;

type Decoder = ReturnType<NonNullable<ContentMonitorOptions['decoder']>>;

/** Looks at what leaves: at a key frame every two seconds, and at all sound. It never holds up what is looked at. */
export class ContentMonitor implements AsyncDisposable {
  readonly #options: ContentMonitorOptions;
  readonly #watch: ContentWatch;
  readonly #meter = new SoundMeter(soundChannels);
  readonly #backOff: BackOff;
  #decoder: Decoder | undefined;
  #startedMs = 0;
  /** When it was not busy last. */
  #tookMs = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #subject: ContentSubject | null = null;
  #subjectMs = 0;
  #sounds: MatroskaFrame[] = [];
  #levels: { readonly levels: SoundLevels; readonly atMs: number } | null = null;
  /** The key frame that was looked at last, and when. */
  #picture: Buffer | null = null;
  #pictureMs = Number.NEGATIVE_INFINITY;
  /** When a key frame was asked for last. */
  #askedMs = Number.NEGATIVE_INFINITY;
  /** What it was, small. */
  #points: Uint8Array | null = null;
  #closed = false;

  constructor(options: ContentMonitorOptions) {
    this.#options = options;
    this.#watch = new ContentWatch(options.limits);
    this.#backOff = new BackOff(undefined, options.random);
  }

  /** What is wrong now and was told, and since when, in ms. */
  get wrong(): ContentWatch['wrong'] {
    return this.#watch.wrong;
  }

  /** There is nothing to be seen or heard, for so long that it was told. */
  get blank(): boolean {
    return this.#watch.blank;
  }

  /** Since when it is not black and silent at once any more, in ms; null: it is, or nothing is known. */
  get fineSinceMs(): number | null {
    return this.#watch.fineSinceMs;
  }

  /** How loud the last second was that is known; null: none is, or it is long over. */
  get levels(): SoundLevels | null {
    return this.#levels && this.#nowMs - this.#levels.atMs <= levelsMs ? this.#levels.levels : null;
  }

  /** Gives whether a key frame is to be asked for, as none has come for long; it counts as asked for then. */
  asks(): boolean {
    const { video, limits } = this.#options;
    if (!this.#subject || video === null || limits.black === null || this.#subject.exempt.has('black'))
      return false;
    const isBright = !this.#points || !isBlack(this.#points);
    const sinceMs = Math.max(this.#subjectMs, this.#pictureMs, this.#askedMs);
    if (this.#nowMs - sinceMs < (isBright ? askMs.bright : askMs.black)) return false;
    this.#askedMs = this.#nowMs;
    return true;
  }

  /** A packet of sound leaves that belongs to what is looked at. */
  hear(data: Buffer): void {
    if (this.#subject && this.#listens) this.#sounds.push({ kind: 'audio', atMs: this.#nowMs, data });
  }

  /**
   * To be called every second.
   *
   * @param subject null: nothing that anybody could complain of
   * @param picture the last key frame that has left of it; null: none yet
   */
  tick(subject: ContentSubject | null, picture: Buffer | null): void {
    if (this.#closed) return;
    this.#follow(subject);
    const sounds = this.#sounds;
    this.#sounds = [];
    if (!subject || !this.#hasWork) return;
    const decoder = this.#decoder ?? this.#start();
    if (!decoder || this.#waitsFor(decoder)) return;
    // One that begins now hears nothing of what was before.
    const frames = [...sounds.filter(({ atMs }) => atMs >= this.#startedMs), ...this.#next(picture)];
    decoder.write(frames.map((frame) => ({ ...frame, atMs: frame.atMs - this.#startedMs })));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#decoder?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #nowMs(): number {
    return this.#options.clock.nowMs();
  }

  get #looks(): boolean {
    const { video, limits } = this.#options;
    return video !== null && (limits.black ?? limits.frozen) !== null;
  }

  get #listens(): boolean {
    const { audio, limits } = this.#options;
    return audio && (limits.silent ?? limits.clipping) !== null;
  }

  get #hasWork(): boolean {
    return this.#looks || this.#listens;
  }

  #follow(subject: ContentSubject | null): void {
    if (subject?.id === this.#subject?.id) {
      this.#subject = subject;
      if (subject) this.#tell(this.#watch.excuse(subject.exempt, this.#nowMs, subject.lacking));
      return;
    }
    this.#subject = subject;
    this.#subjectMs = this.#nowMs;
    this.#sounds = [];
    this.#points = null;
    this.#levels = null;
    this.#meter.reset();
    this.#tell(this.#watch.begin());
  }

  #next(picture: Buffer | null): MatroskaFrame[] {
    if (!this.#looks || !picture || picture === this.#picture || this.#nowMs - this.#pictureMs < lookMs)
      return [];
    this.#picture = picture;
    this.#pictureMs = this.#nowMs;
    return [{ kind: 'video', atMs: this.#nowMs, data: picture }];
  }

  /** One that takes nothing for long is replaced, and nothing is known of what it did not see. */
  #waitsFor(decoder: Decoder): boolean {
    if (!decoder.busy) {
      this.#tookMs = this.#nowMs;
      return false;
    }
    if (this.#nowMs - this.#tookMs >= stuckMs) {
      this.#tell(this.#watch.begin());
      void decoder.close();
    }
    return true;
  }

  /** Undefined: it is too soon after the one before. */
  #start(): Decoder | undefined {
    if (this.#nowMs < this.#notBeforeMs) return undefined;
    const { ffmpeg, video, decoder = (options) => new ContentDecoder(options) } = this.#options;
    this.#startedMs = this.#nowMs;
    this.#tookMs = this.#nowMs;
    this.#meter.reset();
    this.#backOff.started(this.#nowMs);
    const started = decoder({
      ...{ ffmpeg, video: this.#looks ? video : null, audio: this.#listens },
      onPicture: (points, atMs) => this.#seen(points, this.#startedMs + atMs),
      onSound: (samples, atMs) => this.#heard(samples, this.#startedMs + atMs),
    });
    this.#decoder = started;
    const over = () => {
      this.#decoder = undefined;
      this.#notBeforeMs = this.#nowMs + this.#backOff.failed(this.#nowMs);
    };
    started.ended.then(over, over);
    return started;
  }

  #seen(points: Uint8Array, atMs: number): void {
    if (!this.#subject || atMs < this.#subjectMs) return;
    // What is read of ffmpeg comes in large pieces: a view would keep all of one.
    const now = Uint8Array.from(points);
    const black = isBlack(now);
    // A black picture that stands still is told once.
    const frozen = this.#points ? !black && isSame(this.#points, now) : undefined;
    this.#points = now;
    this.#look({ black, ...(frozen !== undefined && { frozen }) }, atMs);
  }

  #heard(samples: Int16Array, atMs: number): void {
    if (!this.#subject || atMs < this.#subjectMs) return;
    const look = this.#meter.push(samples);
    if (!look) return;
    const { levels, ...found } = look;
    this.#levels = { levels, atMs };
    this.#look(found, atMs);
  }

  #look(look: Partial<Record<ContentFault, boolean>>, atMs: number): void {
    const exempt = this.#subject?.exempt;
    const counted = Object.entries(look).filter(([fault]) => !exempt?.has(fault as ContentFault));
    this.#tell(this.#watch.look(Object.fromEntries(counted), atMs));
  }

  #tell(news: readonly ContentNews[]): void {
    if (news.length > 0 && !this.#closed) this.#options.onNews(news);
  }
}
