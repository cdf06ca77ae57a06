import type { Source } from '../../contract/models.ts';
import { sourceWords } from '../../contract/source-words.ts';
import type { Guard } from '../guard/guard.ts';
import { markOf, sourceKey } from '../pool/mark.ts';
import { setAsideError } from '../pool/set-aside-error.ts';
import type { Work } from '../pool/turns.ts';
import type { Input } from '../sources/input.ts';
import { Sources, type SourcesOptions } from '../sources/sources.ts';
import type { DirectorOptions } from './director/director-options.ts';
import { Publications } from './players/publications.ts';
import { publisherInput } from './players/publisher-input.ts';
import type { Routes } from './players/routes.ts';
import { noTurns, type WorkTurns } from './remote-turns.ts';
import { makeSlateOrCard } from './slate/make-slate.ts';
import type { Slate } from './slate/slate.ts';
import { type Slice, WorkMark } from './work-mark.ts';

/** Slates that are kept: rooms come and go, and most have the same kind. */
const maxSlates = 50;

/** How sources are opened and looked at. */
export type RoomSources = Pick<Sources, 'open' | 'prepare' | 'durationMs'>;

/** What a process of the pool has, and a test does without. */
export interface Surroundings {
  readonly workMark?: WorkMark;
  readonly guard?: Guard;
  readonly turns?: WorkTurns;
}

/** What all programmes of a process share: how sources are opened, who publishes, slates that were made. */
export class IngestContext implements AsyncDisposable {
  /** Those that anybody may play. */
  readonly sources: Sources;
  readonly #ffprobe: string;
  readonly #publications = new Map<string, Publications>();
  readonly #workMark: WorkMark;
  readonly #turns: WorkTurns;
  #setAside: ReadonlySet<string> = new Set();
  readonly #slates = new Map<string, Promise<Slate>>();

  readonly routes: Routes;

  private constructor(
    sources: Sources,
    ffprobe: string,
    routes: Routes,
    { workMark = new WorkMark(null), turns = noTurns }: Surroundings,
  ) {
    this.sources = sources;
    this.#ffprobe = ffprobe;
    this.routes = routes;
    this.#workMark = workMark;
    this.#turns = turns;
  }

  static async create(
    options: SourcesOptions,
    routes: Routes,
    surroundings: Surroundings = {},
  ): Promise<IngestContext> {
    const sources = await Sources.create(options, surroundings.guard);
    return new IngestContext(sources, options.ffprobe, routes, surroundings);
  }

  /** Sources that are not opened any more, by their keys. */
  setAside(sources: readonly string[]): void {
    this.#setAside = new Set(sources);
  }

  /** Runs work on what comes of a source in a room, marked. */
  slice(room: string, source: Source): Slice {
    return this.#workMark.slice(markOf(room, source));
  }

  /** Who publishes into a room. */
  publications(room: string): Publications {
    const known = this.#publications.get(room) ?? new Publications();
    this.#publications.set(room, known);
    return known;
  }

  /** The sources of a room: those that anybody may play, and its own publishers. */
  sourcesOf(room: string): RoomSources {
    const { sources } = this;
    const publications = this.publications(room);
    const input = ({ key }: Extract<Source, { kind: 'publisher' }>) =>
      publisherInput(publications.get(key), key);
    return {
      open: async (source, signal) => {
        this.#refuse(room, source);
        const done = await this.#turns.take(room, workOf('start', source), signal);
        try {
          const opened = source.kind === 'publisher' ? input(source) : await sources.open(source, signal);
          return started(opened, this.slice(room, source), done);
        } catch (error) {
          done();
          throw error;
        }
      },
      prepare: async (source, rules, signal) => {
        this.#refuse(room, source);
        const subject = { path: sourceWords(source), sizeBytes: null };
        return await this.#look(room, source, signal, () =>
          source.kind === 'publisher'
            ? sources.look(input(source), subject, rules, signal)
            : sources.prepare(source, rules, signal),
        );
      },
      durationMs: (source, signal) =>
        this.#look(room, source, signal, () => sources.durationMs(source, signal)),
    };
  }

  async #look<T>(
    room: string,
    source: Source,
    signal: AbortSignal | undefined,
    look: () => Promise<T>,
  ): Promise<T> {
    const done = await this.#turns.take(room, workOf('look', source), signal);
    try {
      return await look();
    } finally {
      done();
    }
  }

  #refuse(room: string, source: Source): void {
    if (this.#setAside.has(sourceKey(room, source))) throw setAsideError(room, sourceWords(source));
  }

  /** The slate of a programme; its card where its image or clip cannot be used. */
  slate({ ffmpeg, slate, card, rules }: DirectorOptions): Promise<Slate> {
    const codec = rules.codec ?? 'h264';
    const key = JSON.stringify([slate, card, codec, ffmpeg]);
    const made =
      this.#slates.get(key) ??
      makeSlateOrCard({ ffmpeg, ffprobe: this.#ffprobe, codec, content: slate }, card).then(
        ({ slate }) => slate,
      );
    this.#slates.set(key, made);
    made.catch(() => this.#slates.delete(key));
    const [oldest] = this.#slates.keys();
    if (this.#slates.size > maxSlates && oldest !== undefined) this.#slates.delete(oldest);
    return made;
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
function started(opened: Input, slice: Slice, done: () => void): Input {
  let over = false;
  const end = () => {
    if (!over) done();
    over = true;
  };
  return {
    ...opened,
    slice: (work) => {
      end();
      slice(work);
    },
    [Symbol.asyncDispose]: async () => {
      end();
      await opened[Symbol.asyncDispose]();
    },
  };
}
