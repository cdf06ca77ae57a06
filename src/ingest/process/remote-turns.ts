import type { Asker } from '../child/line.ts';
import type { DaemonCalls } from '../pool/calls.ts';
import type { Work } from '../pool/turns.ts';

/** Whoever needs a core waits here for its turn. */
export interface WorkTurns {
  /** Resolves when it is its turn, until that is disposed of; rejects when `signal` aborts. */
  take(room: string, work: Work, signal?: AbortSignal): Promise<Disposable>;
  /** Whether one is waited for in a room. */
  waits(room: string): boolean;
}

/** For whoever is alone. */
export const noTurns: WorkTurns = { take: async () => new DisposableStack(), waits: () => false };

/** The turns that the daemon gives to all ingest processes together. */
export class RemoteTurns implements WorkTurns {
  readonly #daemon: Pick<Asker<DaemonCalls>, 'hold'>;
  /** Rooms that wait, once for each turn. */
  readonly #waiting: string[] = [];

  constructor(daemon: Pick<Asker<DaemonCalls>, 'hold'>) {
    this.#daemon = daemon;
  }

  waits(room: string): boolean {
    return this.#waiting.includes(room);
  }

  async take(room: string, work: Work, signal?: AbortSignal): Promise<Disposable> {
    const over = new AbortController();
    const until = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
    this.#waiting.push(room);
    try {
      await this.#daemon.hold('turn', { room, work }, until);
      return { [Symbol.dispose]: () => over.abort() };
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(room), 1);
    }
  }
}
