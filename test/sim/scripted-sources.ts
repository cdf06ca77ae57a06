import type { Clock, Timer } from '../../src/contract/clock.ts';
import type { Source } from '../../src/contract/models.ts';
import type { Plan } from '../../src/contract/plan.ts';
import type { MediaFrame } from '../../src/ingest/media/media-frame.ts';
import type { DirectorParts } from '../../src/ingest/process/director/director-parts.ts';
import { FeedPlayer } from '../../src/ingest/process/players/feed-player.ts';
import type { Player } from '../../src/ingest/process/players/player.ts';
import type { PlayerPlace, Prepared } from '../../src/ingest/process/players/player-maker.ts';
import type { Slate } from '../../src/ingest/process/slate/slate.ts';
import { SlateFeed } from '../../src/ingest/process/slate/slate-feed.ts';
import { Feed } from '../../src/ingest/process/splicer/feed.ts';

/** How a source is. `dry`: opened, and never a frame; `stuck`: gives what it has given, and nothing more; `brief`: over after a moment; `late`: as late as an ffmpeg may be; `dark`: black and silent; `black`: with sound. */
export type Manner =
  | 'well'
  | 'late'
  | 'slow'
  | 'dry'
  | 'stuck'
  | 'brief'
  | 'gone'
  | 'soundOnly'
  | 'dark'
  | 'black';

export const manners: readonly Manner[] = [
  'well',
  'slow',
  'dry',
  'stuck',
  'brief',
  'gone',
  'soundOnly',
  'dark',
];

/** Distance of frames, in ms: enough to decide by, and few. */
const stepMs = 250;
/** A file is so long, in ms. */
export const fileMs = 30_000;
const openMs = {
  well: 200,
  late: 1500,
  slow: 4000,
  dry: 200,
  stuck: 200,
  brief: 200,
  gone: 200,
  soundOnly: 200,
  dark: 200,
  black: 200,
};
/** A live source that is away is looked for so often, in ms. */
const lookMs = 1000;
/** A player that gets nothing says so after so long, in ms. */
const startTimeoutMs = 15_000;

const nothing: Plan = { video: null, audio: null };

/** A clip of a second, whose frames say what they are. */
export function clip(words: string): Slate {
  const frames = [0, 1, 2, 3].flatMap((step) => framesAt(words, step * stepMs * 1000, true));
  return { frames, durationUs: 1_000_000 };
}

export const sound = Buffer.from([0x7c, 1, 2, 3]);

function framesAt(words: string, ptsUs: number, key: boolean): MediaFrame[] {
  return [
    { kind: 'video', layer: 0, ptsUs, key, data: Buffer.from(words) },
    { kind: 'audio', layer: 0, ptsUs, key: true, data: sound },
  ];
}

/** Sources that do as a history says, and the players of them. What they are called is their path, or their key. */
export class ScriptedSources {
  readonly #clock: Clock;
  readonly #manners = new Map<string, Manner>();
  readonly #hearing = new Set<() => void>();
  /** When each was started, in ms. */
  readonly starts = new Map<string, number[]>();
  /** Players that were not closed. */
  readonly open = new Set<Player>();
  /** Whoever waits for a daemon that stands still; null: it does not. */
  #held: (() => void)[] | null = null;
  readonly maker: DirectorParts['maker'];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.maker = {
      volumePercent: 100,
      rules: {} as DirectorParts['maker']['rules'],
      prepare: (source, signal) => this.#prepare(source, signal),
      known: (source) => Promise.resolve(this.#prepared(source)),
      durationMs: async () => null,
      measureAhead: async () => {},
      start: (prepared, place) => this.#start(prepared, place),
      still: async ({ source }) => {
        await this.#wait(300);
        if (this.mannerOf(nameOf(source)) === 'gone') throw new Error('there is no such picture');
        return clip(`still ${nameOf(source)}`);
      },
    };
  }

  /** The daemon stands still, or goes on. */
  set daemonStands(stands: boolean) {
    const held = this.#held ?? [];
    this.#held = stands ? held : null;
    if (!stands) for (const go of held) go();
  }

  /** Whether a look waits for its turn. */
  get waits(): boolean {
    return this.#held !== null && this.#held.length > 0;
  }

  mannerOf(name: string): Manner {
    return this.#manners.get(name) ?? 'well';
  }

  set(name: string, manner: Manner): void {
    this.#manners.set(name, manner);
    for (const hear of [...this.#hearing]) hear();
  }

  /** The ffmpeg that plays a live source is killed. */
  crash(name: string): void {
    for (const player of this.open) if (player instanceof ScriptedLive) player.crash(name);
  }

  allWell(): void {
    for (const name of this.#manners.keys()) this.set(name, 'well');
  }

  hear(listener: () => void): () => void {
    this.#hearing.add(listener);
    return () => this.#hearing.delete(listener);
  }

  async #prepare(source: Source, signal: AbortSignal): Promise<Prepared> {
    if (this.#held) await new Promise<void>((resolve) => this.#held?.push(resolve));
    if (source.kind !== 'publisher') await this.#wait(openMs[this.mannerOf(nameOf(source))] / 2);
    signal.throwIfAborted();
    if (source.kind !== 'publisher' && this.mannerOf(nameOf(source)) === 'gone')
      throw new Error(`there is no ${nameOf(source)}`);
    return this.#prepared(source);
  }

  #prepared(source: Source): Prepared {
    const live = source.kind === 'publisher' || source.kind === 'test' || source.kind === 'slate';
    const durationMs = live ? null : fileMs;
    const picture = source.kind === 'slate' ? clip('slate') : undefined;
    return { source, planned: null, live, exclusive: false, durationMs, probe: null, picture };
  }

  #start(prepared: Prepared, place: PlayerPlace): Player {
    if (prepared.picture) {
      const { feed } = new SlateFeed(prepared.picture);
      place.tell({ type: 'fed' });
      return new FeedPlayer(feed);
    }
    const name = nameOf(prepared.source);
    this.starts.set(name, [...(this.starts.get(name) ?? []), this.#clock.nowMs()]);
    const player = prepared.live
      ? new ScriptedLive(this, this.#clock, name, place)
      : new ScriptedFile(this, this.#clock, name, place);
    this.open.add(player);
    return player;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.after(ms, resolve));
  }
}

export function nameOf(source: Source): string {
  if (source.kind === 'file') return source.path;
  if (source.kind === 'publisher') return source.key;
  return source.kind;
}

abstract class Scripted implements Player {
  readonly plan = nothing;
  protected readonly sources: ScriptedSources;
  protected readonly clock: Clock;
  protected readonly name: string;
  protected readonly place: PlayerPlace;
  protected closed = false;
  protected timer: Timer | undefined;
  readonly #deaf: () => void;
  abstract readonly feed: Feed | undefined;

  constructor(sources: ScriptedSources, clock: Clock, name: string, place: PlayerPlace) {
    this.sources = sources;
    this.clock = clock;
    this.name = name;
    this.place = place;
    this.#deaf = sources.hear(() => this.changed());
  }

  setVolume(): void {}

  async close(): Promise<void> {
    this.closed = true;
    this.timer?.cancel();
    this.#deaf();
    this.sources.open.delete(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  protected get manner(): Manner {
    return this.sources.mannerOf(this.name);
  }

  protected abstract changed(): void;

  protected give(feed: Feed, ptsUs: number): void {
    const frames = framesAt(`source ${this.name}`, ptsUs, true);
    for (const frame of frames) feed.push(frame);
  }

  protected after(ms: number, act: () => void): void {
    this.timer?.cancel();
    this.timer = this.clock.after(ms, () => {
      if (!this.closed) act();
    });
  }
}

/** A file: read ahead for as long as its feed has room. */
class ScriptedFile extends Scripted {
  readonly feed: Feed;
  #nextUs: number;
  #state: 'opening' | 'reading' | 'over' = 'opening';

  constructor(...args: ConstructorParameters<typeof Scripted>) {
    super(...args);
    const { startUs } = this.place;
    this.#nextUs = startUs;
    this.feed = new Feed(['video', 'audio'], { fromUs: startUs, onRoom: () => this.#room() });
    this.after(openMs[this.manner], () => this.#opened());
  }

  protected override changed(): void {
    if (this.closed || this.#state !== 'reading') return;
    if (this.manner === 'gone' || this.manner === 'dry') this.#over('it has gone');
    else this.after(0, () => this.#read());
  }

  #opened(): void {
    this.#state = 'reading';
    if (this.manner === 'gone') this.#over('it is not there');
    else if (this.manner === 'dry') this.after(startTimeoutMs, () => this.#over('no output'));
    else this.#read();
  }

  #room(): void {
    this.place.tell({ type: 'room' });
    if (!this.closed && this.#state === 'reading') this.after(0, () => this.#read());
  }

  #read(): void {
    if (this.#state !== 'reading' || this.manner === 'stuck' || this.manner === 'dry') return;
    const briefUs = this.manner === 'brief' ? this.place.startUs + 500_000 : Number.POSITIVE_INFINITY;
    const endUs = Math.min(fileMs * 1000, this.place.stopUs ?? Number.POSITIVE_INFINITY, briefUs);
    while (!this.feed.full && this.#nextUs < endUs) {
      this.give(this.feed, this.#nextUs);
      this.#nextUs += stepMs * 1000;
    }
    if (this.#nextUs >= endUs) this.#over(null);
    else this.place.tell({ type: 'fed' });
  }

  #over(message: string | null): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.feed.end();
    this.place.tell({ type: 'over', message: message ?? (this.feed.barren ? 'it gave no frame' : null) });
  }
}

/** A source at its own pace: there or not, and looked for again. */
class ScriptedLive extends Scripted {
  feed: Feed | undefined;
  #nextUs = 0;

  constructor(...args: ConstructorParameters<typeof Scripted>) {
    super(...args);
    this.after(openMs[this.manner], () => this.#look());
  }

  protected override changed(): void {
    if (!this.closed && this.feed && this.manner === 'gone') this.#lose();
  }

  #look(): void {
    if (this.manner === 'gone') {
      this.place.tell({ type: 'away', message: `nobody sends ${this.name}` });
      this.after(lookMs, () => this.#look());
      return;
    }
    if (this.manner !== 'dry') this.feed ??= new Feed(['video', 'audio'], { live: true });
    this.#give();
  }

  #give(): void {
    if (this.manner === 'brief' && this.#nextUs > 0 && this.#nextUs % 1_000_000 === 0) {
      this.#nextUs += stepMs * 1000;
      this.#lose();
      return;
    }
    if (this.feed && this.manner !== 'stuck' && this.manner !== 'dry') {
      this.give(this.feed, this.#nextUs);
      this.#nextUs += stepMs * 1000;
      this.place.tell({ type: 'fed' });
    }
    this.after(stepMs, () => (this.feed ? this.#give() : this.#look()));
  }

  crash(name: string): void {
    if (name === this.name && this.feed) this.#lose('crashed', 'ffmpeg was ended by SIGKILL');
  }

  #lose(type: 'away' | 'crashed' = 'away', message = `${this.name} has left`): void {
    this.feed?.end();
    this.feed = undefined;
    this.place.tell({ type, message });
    this.after(lookMs, () => this.#look());
  }
}
