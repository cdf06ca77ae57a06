import { type FSWatcher, watch } from 'node:fs';
import type { Clock, Timer } from '../../contract/clock.ts';
import { asMiroliveError } from '../../contract/errors.ts';
import { pathBytes, textFromBytes } from '../../contract/path-bytes.ts';
import { FolderList, type FolderNews, restsMs } from './folder-list.ts';
import { type FolderEyes, type FolderFacts, quietMs } from './folder-look.ts';
import { isMediaName } from './media-names.ts';

/** What is heard within so long, in ms, is looked at together. */
const togetherMs = 200;
/** A folder is looked at so often, in ms, whether anything is heard of it or not. */
const pollMs = 10_000;

export interface FolderWatchOptions {
  readonly path: string;
  /** What of it is played already, with their stamps. */
  readonly taken: ReadonlyMap<string, string>;
  /** How many files are taken at most. */
  readonly most: number;
  readonly eyes: FolderEyes;
  readonly clock: Clock;
  /** Hears of each look that changed something, with how many files there are, and how many are left out since they are too many. */
  readonly onNews: (news: FolderNews, files: number, leftOut: number) => void;
  /** It cannot be seen, and its files stay as they were; null: it can again. */
  readonly onAway: (reason: string | null) => void;
  /** There is nothing to play in it, at first or any more. */
  readonly onEmpty: () => void;
}

/** Follows the files of a folder: by what the system tells of it, and by looks now and then, since of networks it tells nothing. */
export class FolderWatch {
  readonly #options: FolderWatchOptions;
  readonly #list: FolderList;
  #timer: Timer | null = null;
  #dueMs = Number.POSITIVE_INFINITY;
  #looking: Promise<void> | null = null;
  #facts: FolderFacts | null = null;
  /** How the folder was when its names were read last, and when that was. */
  #read: { readonly stamp: string | null; readonly atMs: number } | null = null;
  #watcher: FSWatcher | null = null;
  #watched: string | null = null;
  #first = true;
  #isHeard = false;
  #isEmpty = false;
  #away: string | null = null;
  #closed = false;

  constructor(options: FolderWatchOptions) {
    this.#options = options;
    this.#list = new FolderList(options.taken, options.most);
    this.#lookIn(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#unwatch();
    // A look at a mount that is dead takes its time, and does nothing any more.
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #lookIn(ms: number): void {
    const { clock } = this.#options;
    const dueMs = clock.nowMs() + ms;
    if (this.#closed || dueMs >= this.#dueMs) return;
    this.#timer?.cancel();
    this.#dueMs = dueMs;
    this.#timer = clock.after(ms, () => this.#begin());
  }

  #begin(): void {
    // What was heard since its beginning is looked at when it is over.
    if (this.#looking) return;
    this.#dueMs = Number.POSITIVE_INFINITY;
    const revisits = !this.#isHeard;
    this.#isHeard = false;
    this.#looking = this.#look(revisits)
      .catch((error: unknown) => this.#miss(asMiroliveError(error).message))
      .finally(() => {
        this.#looking = null;
        const leftMs = this.#dueMs - this.#options.clock.nowMs();
        if (leftMs <= 0) this.#dueMs = Number.POSITIVE_INFINITY;
        this.#lookIn(leftMs <= 0 ? togetherMs : this.#list.isSettling ? restsMs / 5 : pollMs);
      });
  }

  /** @param revisits nothing special was heard: it is one of those that come now and then */
  async #look(revisits: boolean): Promise<void> {
    const { path, eyes, clock } = this.#options;
    const facts = await eyes.folder(path);
    if (facts.identity !== this.#watched) await this.#watch(facts.identity);
    const atMs = clock.nowMs();
    const names = this.#knowsNames(facts, atMs) ? null : await eyes.names(path);
    const isAnother = this.#facts !== null && this.#facts.identity !== facts.identity;
    if (isAnother && names?.length === 0) {
      this.#miss('it is another folder now, without any file: was something mounted there?');
      return;
    }
    const files = await eyes.files(path, this.#list.toLookAt(names, revisits));
    if (this.#closed) return;
    const sight = { names, files, wallMs: clock.wallMs() };
    const news = this.#list.see(sight, clock.nowMs(), this.#first);
    this.#facts = facts;
    if (names) this.#read = { stamp: facts.stamp, atMs };
    this.#first = false;
    this.#tell(news);
  }

  /** While names come and go, they are read now and then only: most of it is heard of. */
  #knowsNames({ identity, stamp }: FolderFacts, nowMs: number): boolean {
    if (!this.#read || this.#facts?.identity !== identity) return false;
    return stamp === null ? nowMs - this.#read.atMs < quietMs : stamp === this.#read.stamp;
  }

  #tell(news: FolderNews): void {
    const { onNews, onAway, onEmpty } = this.#options;
    const files = this.#list.taken.size;
    if (this.#away !== null) onAway(null);
    this.#away = null;
    if (news.added.size + news.removed.length + news.replaced.size > 0)
      onNews(news, files, this.#list.leftOut);
    const wasEmpty = this.#isEmpty;
    this.#isEmpty = files === 0;
    if (this.#isEmpty && !wasEmpty) onEmpty();
  }

  #miss(reason: string): void {
    if (this.#closed || this.#away === reason) return;
    this.#away = reason;
    this.#options.onAway(reason);
  }

  async #watch(identity: string): Promise<void> {
    const { path, eyes } = this.#options;
    this.#unwatch();
    this.#watched = identity;
    if (!(await eyes.isTold(path)) || this.#closed) return;
    try {
      const watcher = watch(pathBytes(path), { encoding: 'buffer', persistent: false }, (_, name) =>
        this.#heard(name),
      );
      this.#watcher = watcher;
      // There are looks now and then.
      watcher.on('error', () => watcher.close());
    } catch {
      // The system has no more of them: there are looks now and then.
    }
  }

  #unwatch(): void {
    this.#watcher?.close();
    this.#watcher = null;
    this.#watched = null;
  }

  #heard(name: string | Buffer | null): void {
    const text = typeof name === 'string' ? name : name && textFromBytes(name);
    if (text !== null && !isMediaName(text)) return;
    if (text !== null) this.#list.heard(text);
    this.#isHeard = true;
    this.#lookIn(togetherMs);
  }
}
