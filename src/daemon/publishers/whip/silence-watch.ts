import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';

interface SilenceEvents {
  /** Nothing comes any more, for now. */
  silent: [];
  /** Something comes again. */
  heard: [];
  /** Nothing has come for too long. */
  lost: [];
}

/**
 * Notices a publisher that vanishes without a word, which ICE does after 30 s only (RFC 7675, 5.1). mediasoup tells that a
 * stream pauses by a score of 0, after 1.5 s.
 */
export class SilenceWatch extends EventEmitter<SilenceEvents> {
  readonly #producers: readonly types.Producer[];
  readonly #lostAfterMs: number;
  #silent = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(producers: readonly types.Producer[], lostAfterMs: number) {
    super();
    this.#producers = producers;
    this.#lostAfterMs = lostAfterMs;
    for (const producer of producers) producer.on('score', () => this.#look());
  }

  /** Begins to wait for the first media. */
  start(): void {
    if (this.#silent) this.#timer ??= setTimeout(() => this.emit('lost'), this.#lostAfterMs);
  }

  close(): void {
    this.removeAllListeners();
    clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #look(): void {
    const silent = this.#producers.every(({ score }) => score.every((stream) => stream.score === 0));
    if (silent === this.#silent) return;
    this.#silent = silent;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (silent) this.start();
    this.emit(silent ? 'silent' : 'heard');
  }
}
