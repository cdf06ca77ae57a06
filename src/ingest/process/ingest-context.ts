import type { Card } from '../../contract/card-words.ts';
import { type Clock, pause, systemClock } from '../../contract/clock.ts';
import { asMiroliveError } from '../../contract/errors.ts';
import type { Source } from '../../contract/models.ts';
import { sourceWords } from '../../contract/source-words.ts';
import { markOf, sourceKey } from '../child/mark.ts';
import { type Slice, WorkMark } from '../child/work-mark.ts';
import type { Guard } from '../guard/guard.ts';
import type { Size } from '../plan/output-size.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import { setAsideError } from '../pool/set-aside-error.ts';
import type { Work } from '../pool/turns.ts';
import type { Input } from '../sources/input.ts';
import { type FileFinding, type PreparedSource, Sources, type SourcesOptions } from '../sources/sources.ts';
import type { DirectorOptions } from './director/director-options.ts';
import { inTime } from './in-time.ts';
import type { RoomSources } from './players/player-maker.ts';
import { Publications } from './players/publications.ts';
import { publisherInput } from './players/publisher-input.ts';
import type { Routes } from './players/routes.ts';
import { noTurns, type WorkTurns } from './remote-turns.ts';
import { KeptSlates } from './slate/kept-slates.ts';
import { makeCards, makeSlate, type SlateOptions } from './slate/make-slate.ts';
import type { Slate } from './slate/slate.ts';
import { identityOf, type SlateContent } from './slate/slate-content.ts';
import { SharedWakes } from './splicer/shared-wakes.ts';

/** Opening one may take so long, in ms: a disk may be slow, an address far away. */
const openTimeoutMs = 15_000;
/** Looks at one are bounded each; so many times that long, and somebody in the kernel does not answer. */
const looksOfOne = 3;
/** The guard is asked for anew so soon, in ms: less than viewers see of a source that reads ahead. */
const guardPauseMs = 500;

/** What becomes of asking for a source while the guard is not there: it waits, or somebody hears of it. */
type WithoutGuard = 'waits' | 'fails';

/** What a process of the pool has, and a test does without. */
export interface Surroundings {
  readonly workMark?: WorkMark;
  readonly guard?: Guard;
  readonly turns?: WorkTurns;
  readonly clock?: Clock;
  /** Hears of what is found out of files. */
  readonly onFound?: (finding: FileFinding) => void;
}

/** What all programmes of a process share: how sources are opened, who publishes, slates that were made. */
export class IngestContext implements AsyncDisposable {
  /** Those that anybody may play. */
  readonly sources: Sources;
  readonly #options: SourcesOptions;
  readonly #publications = new Map<string, Publications>();
  readonly #workMark: WorkMark;
  readonly #turns: WorkTurns;
  readonly #clock: Clock;
  #setAside: ReadonlySet<string> = new Set();
  readonly #slates = new KeptSlates();

  readonly routes: Routes;
  /** When programmes look at what they have to do. */
  readonly wakes: Clock;

  private constructor(
    sources: Sources,
    options: SourcesOptions,
    routes: Routes,
    { workMark = new WorkMark(null), turns = noTurns, clock = systemClock }: Surroundings,
  ) {
    this.sources = sources;
    this.#options = options;
    this.routes = routes;
    this.#workMark = workMark;
    this.#turns = turns;
    this.#clock = clock;
    this.wakes = new SharedWakes(clock);
  }

  static async create(
    options: SourcesOptions,
    routes: Routes,
    surroundings: Surroundings = {},
  ): Promise<IngestContext> {
    const sources = await Sources.create(options, surroundings.guard, surroundings.onFound);
    return new IngestContext(sources, options, routes, surroundings);
  }

  /** Sources that are not opened any more, by their keys. */
  setAside(sources: readonly string[]): void {
    this.#setAside = new Set(sources);
  }

  /**
   * Runs work on what comes of a source in a room, marked.
   *
   * @throws MiroliveError SOURCE_QUARANTINED
   */
  slice(room: string, source: Source): Slice {
    if (this.#setAside.has(sourceKey(room, source))) throw setAsideError(room, sourceWords(source));
    return this.marked(room, source);
  }

  /** The same for what is played already. */
  marked(room: string, source: Source): Slice {
    return this.#workMark.slice(markOf(room, source));
  }

  /** Whether something of a room waits for an answer of the daemon: for its turn, or a route. */
  waitsForDaemon(room: string): boolean {
    return this.#turns.waits(room) || this.routes.waits(room);
  }

  /** Who publishes into a room. */
  publications(room: string): Publications {
    const known = this.#publications.get(room) ?? new Publications();
    this.#publications.set(room, known);
    return known;
  }

  /**
   * The sources of a room: those that anybody may play, and its own publishers. Waiting for a turn, or for the guard, has no
   * limit but whoever waits, and is no failure of a source; what is done then has one.
   */
  sourcesOf(room: string, withoutGuard: WithoutGuard = 'waits'): RoomSources {
    const sources = this.#sourcesOf(room);
    if (withoutGuard === 'fails') return sources;
    return {
      open: (source, signal, behind) => this.#served(signal, () => sources.open(source, signal, behind)),
      prepare: (source, rules, signal) => this.#served(signal, () => sources.prepare(source, rules, signal)),
      durationMs: (source, signal) => this.#served(signal, () => sources.durationMs(source, signal)),
      loudnessOf: (file, audio) => sources.loudnessOf(file, audio),
      callers: sources.callers,
    };
  }

  /**
   * Looks at a source before it is played; null: there is nothing to look at before somebody comes.
   *
   * @param room empty: nobody is to play it, and whoever comes is waited for a while
   */
  async lookFirst(
    room: string,
    source: Source,
    rules: PlanOptions,
    signal: AbortSignal,
  ): Promise<PreparedSource | null> {
    if (room !== '' && (await this.sources.canWait(source, room))) return null;
    return await this.sourcesOf(room, 'fails').prepare(source, rules, signal);
  }

  async #served<T>(signal: AbortSignal | undefined, attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (asMiroliveError(error).code !== 'INGEST_UNAVAILABLE') throw error;
        await pause(this.#clock, guardPauseMs, signal);
      }
    }
  }

  #sourcesOf(room: string): RoomSources {
    const { sources } = this;
    const publications = this.publications(room);
    const input = ({ key }: Extract<Source, { kind: 'publisher' }>) =>
      publisherInput(publications.get(key), key);
    return {
      open: async (source, signal, behind = false) => {
        const slice = this.slice(room, source);
        using turn = new DisposableStack();
        if (!behind) turn.use(await this.#turns.take(room, workOf('start', source), signal));
        const open = async (inner: AbortSignal) =>
          source.kind === 'publisher' ? input(source) : await sources.open(source, inner, room);
        const opened = await inTime(open, {
          ...{ timeoutMs: openTimeoutMs, clock: this.#clock, done: 'opened', signal },
          onLate: (late) => void late[Symbol.asyncDispose](),
        });
        return started(opened, slice, turn.move());
      },
      prepare: async (source, rules, signal) => {
        const subject = { path: sourceWords(source), sizeBytes: null };
        return await this.#look(room, source, signal, (inner, slice) =>
          source.kind === 'publisher'
            ? sources.look(input(source), subject, rules, inner, slice)
            : sources.prepare(source, rules, inner, room, slice),
        );
      },
      durationMs: (source, signal) =>
        this.#look(room, source, signal, (inner, slice) => sources.durationMs(source, inner, room, slice)),
      loudnessOf: (file, audio) => sources.loudnessOf(file, audio),
      callers: (source) => sources.callers(source, room),
    };
  }

  async #look<T>(
    room: string,
    source: Source,
    signal: AbortSignal | undefined,
    look: (signal: AbortSignal, slice: Slice) => Promise<T>,
  ): Promise<T> {
    const slice = this.slice(room, source);
    using _ = await this.#turns.take(room, workOf('look', source), signal);
    const timeoutMs = openTimeoutMs + looksOfOne * this.#options.probeTimeoutMs;
    return await inTime((inner) => look(inner, slice), {
      timeoutMs,
      clock: this.#clock,
      done: 'looked at',
      signal,
    });
  }

  /** The slate of a programme; its card, and the reason, where its image or clip cannot be used. */
  async slate(options: DirectorOptions): Promise<Slate> {
    try {
      return await this.#slate(options, options.slate);
    } catch (thrown) {
      const card = await this.#slate(options, { kind: 'card', ...options.card });
      return { ...card, problem: asMiroliveError(thrown).message };
    }
  }

  /** A picture in a file, as a slate of that size. @throws MiroliveError SLATE_NOT_USABLE */
  async picture(options: DirectorOptions, path: string, { width, height }: Size): Promise<Slate> {
    const { roots } = this.#options;
    return await this.#slate(options, { kind: 'image', path }, { roots, size: { width, height } });
  }

  /** The picture of sound in a file, by its stream, as a slate. @throws MiroliveError SLATE_NOT_USABLE */
  async cover(options: DirectorOptions, path: string, track: number): Promise<Slate> {
    return await this.#slate(options, { kind: 'cover', path, track }, { roots: this.#options.roots });
  }

  /** A card that does not change. */
  async card(options: DirectorOptions, { title, text }: Card): Promise<Slate> {
    return await this.#slate(options, { kind: 'card', title, text });
  }

  /** Cards of a second each, which nobody needs again. */
  async cards({ room, ffmpeg, rules }: DirectorOptions, cards: readonly Card[]): Promise<readonly Slate[]> {
    using _ = await this.#turns.take(room, { kind: 'start', remote: false });
    return await makeCards(cards, { ffmpeg, codec: rules.codec ?? 'h264' });
  }

  async #slate(
    { room, ffmpeg, rules }: DirectorOptions,
    content: SlateContent,
    how: Pick<SlateOptions, 'roots' | 'size'> = {},
  ): Promise<Slate> {
    const { ffprobe } = this.#options;
    const codec = rules.codec ?? 'h264';
    const identity = await identityOf(content);
    return await this.#slates.of(JSON.stringify([content, how, codec, ffmpeg]), identity, async () => {
      using _ = await this.#turns.take(room, { kind: 'start', remote: false });
      return await makeSlate({
        ...{ ffmpeg, ffprobe, codec, content, ...how },
        slice: (path) => this.slice(room, { kind: 'file', path, loop: false, audioTrack: null }),
      });
    });
  }

  async close(): Promise<void> {
    await this.sources.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function workOf(kind: Work['kind'], source: Source): Work {
  return { kind, remote: source.kind !== 'file' && source.kind !== 'test' };
}

/** An opened source whose start is over with the first that comes of it. */
function started(opened: Input, slice: Slice, turn: DisposableStack): Input {
  return {
    ...opened,
    slice: (work) => {
      turn.dispose();
      slice(work);
    },
    [Symbol.asyncDispose]: async () => {
      turn.dispose();
      await opened[Symbol.asyncDispose]();
    },
  };
}
