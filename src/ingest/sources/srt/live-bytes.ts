import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { type Clock, systemClock, type Timer } from '../../../contract/clock.ts';
import { KeptBytes } from './kept-bytes.ts';

/** A first picture is waited for so long, in ms: sound alone has none. */
const pictureMs = 1500;
/** A first key frame is waited for so long, in ms; some send one every ten seconds. */
const keyFrameMs = 12_000;
/** Where nothing has come for so long, in ms, what is kept is old: nobody is given it as if it came now. */
const stillMs = 500;

/** Whoever sends the bytes, and can be made to wait. */
export interface ByteSource {
  pause(): unknown;
  resume(): unknown;
}

/** What one connection gives, for any number of readers at any time: those who look at it, and those who play it. */
export class LiveBytes {
  readonly #source: ByteSource;
  readonly #clock: Clock;
  readonly #readers = new Set<Socket>();
  readonly #kept = new KeptBytes();
  readonly #begun = Promise.withResolvers<void>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #news = new EventEmitter<{ news: [] }>().setMaxListeners(0);
  #lastMs = Number.NEGATIVE_INFINITY;
  #limit: Timer | undefined;
  #empty = true;
  #ended = false;

  constructor(source: ByteSource, clock: Clock = systemClock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Nothing has come. */
  get empty(): boolean {
    return this.#empty;
  }

  /** So much of it shows a reader who begins now what comes, in ms of its own time. */
  get analyseMs(): number {
    return this.#kept.analyseMs;
  }

  /** Resolves once something has come, or it has ended. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** Resolves once a reader need not wait for its first key frame, is not worth waiting for one, or it has ended. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** It is there, and gives nothing just now. */
  get isStill(): boolean {
    return !this.#empty && !this.#ended && this.#clock.nowMs() - this.#lastMs > stillMs;
  }

  /** Resolves once it goes on, or has ended; rejects when `signal` aborts. */
  async goesOn(signal?: AbortSignal): Promise<void> {
    while (this.isStill) await once(this.#news, 'news', { signal });
  }

  /** Gives a reader what there is, so that it can begin, and all that comes. @param plays it does not only look */
  give(reader: Socket, plays: boolean): void {
    if (reader.destroyed) return;
    reader.write(this.#kept.first);
    if (plays) this.#kept.taken();
    if (this.#ended) {
      reader.end();
      return;
    }
    this.#readers.add(reader);
    reader.on('drain', () => this.#goOn()).once('close', () => this.#left(reader));
  }

  pass(chunk: Buffer): void {
    if (this.#empty) this.#begin();
    this.#lastMs = this.#clock.nowMs();
    this.#kept.push(chunk);
    this.#news.emit('news');
    if (this.#kept.canBegin) this.#beReady();
    for (const reader of this.#readers) reader.write(chunk);
    if (this.#waits) this.#source.pause();
  }

  /** Nothing more will come. */
  end(): void {
    this.#ended = true;
    this.#news.emit('news');
    this.#begun.resolve();
    this.#beReady();
    for (const reader of this.#readers) reader.end();
  }

  #begin(): void {
    this.#empty = false;
    this.#begun.resolve();
    this.#limit = this.#clock.after(pictureMs, () => {
      if (!this.#kept.hasVideo) this.#beReady();
      else this.#limit = this.#clock.after(keyFrameMs - pictureMs, () => this.#beReady());
    });
  }

  #beReady(): void {
    this.#limit?.cancel();
    this.#limit = undefined;
    this.#ready.resolve();
  }

  /** A reader that is behind. */
  get #waits(): boolean {
    return [...this.#readers].some((reader) => reader.writableNeedDrain);
  }

  #goOn(): void {
    if (!this.#waits) this.#source.resume();
  }

  #left(reader: Socket): void {
    this.#readers.delete(reader);
    this.#goOn();
  }
}
