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

export type TurnReport =
  | { readonly type: 'turn.wanted'; readonly turn: number; readonly room: string; readonly work: Work }
  /** It is over, or nobody waits for it any more. */
  | { readonly type: 'turn.over'; readonly turn: number };

/** The turns that the daemon gives to all ingest processes together. */
export class RemoteTurns implements WorkTurns {
  readonly #report: (report: TurnReport) => void;
  readonly #waiting = new Map<number, { readonly room: string; readonly go: () => void }>();
  #count = 0;

  constructor(report: (report: TurnReport) => void) {
    this.#report = report;
  }

  /** It is a turn's time. */
  go(turn: number): void {
    this.#waiting.get(turn)?.go();
    this.#waiting.delete(turn);
  }

  waits(room: string): boolean {
    return [...this.#waiting.values()].some((one) => one.room === room);
  }

  async take(room: string, work: Work, signal?: AbortSignal): Promise<Disposable> {
    signal?.throwIfAborted();
    const turn = ++this.#count;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => reject(signal?.reason);
    this.#waiting.set(turn, { room, go: resolve });
    signal?.addEventListener('abort', leave, { once: true });
    this.#report({ type: 'turn.wanted', turn, room, work });
    try {
      await promise;
      return { [Symbol.dispose]: () => this.#over(turn) };
    } catch (error) {
      this.#over(turn);
      throw error;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  #over(turn: number): void {
    this.#waiting.delete(turn);
    this.#report({ type: 'turn.over', turn });
  }
}
