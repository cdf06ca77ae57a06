import type { Clock, Timer } from '../../contract/clock.ts';

/** What may have to wait for others than a core counts for so long, in ms. */
export const turnMs = 2000;

/** What needs a core for a while. */
export interface Work {
  /** ffmpeg that is started has viewers waiting behind it, and comes before looks at sources. */
  readonly kind: 'start' | 'look';
  /** It comes over a network, or at its own pace. */
  readonly remote: boolean;
}

interface Waiting {
  readonly room: string;
  readonly work: Work;
  readonly order: number;
  readonly go: () => void;
}

/**
 * Lets few of those work at once that need a core each: as many as there are. Between rooms it is fair: the one that had its
 * last turn the longest ago comes first.
 */
export class Turns {
  readonly #most: number;
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  readonly #working = new Set<object>();
  /** When rooms that wait, or waited just now, had their last turns. */
  readonly #last = new Map<string, number>();
  #count = 0;

  constructor(most: number, clock: Clock) {
    this.#most = most;
    this.#clock = clock;
  }

  /** Who waits. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Calls `go` when it is its turn; gives what ends it, or leaves the queue. */
  ask(room: string, work: Work, go: () => void): () => void {
    let lapse: Timer | undefined;
    const turn: Waiting = {
      ...{ room, work, order: ++this.#count },
      go: () => {
        this.#working.add(turn);
        if (work.remote) lapse = this.#clock.after(turnMs, () => this.#done(turn));
        go();
      },
    };
    this.#waiting.add(turn);
    this.#next();
    return () => {
      lapse?.cancel();
      this.#waiting.delete(turn);
      this.#done(turn);
    };
  }

  #done(turn: object): void {
    this.#working.delete(turn);
    this.#next();
  }

  #next(): void {
    while (this.#working.size < this.#most && this.#waiting.size > 0) {
      const [first] = [...this.#waiting].sort((a, b) => this.#compare(a, b));
      if (!first) return;
      this.#waiting.delete(first);
      this.#last.set(first.room, ++this.#count);
      first.go();
    }
    if (this.#waiting.size + this.#working.size === 0) this.#last.clear();
  }

  #compare(a: Waiting, b: Waiting): number {
    if (a.work.kind !== b.work.kind) return a.work.kind === 'start' ? -1 : 1;
    const [lastA, lastB] = [this.#last.get(a.room) ?? 0, this.#last.get(b.room) ?? 0];
    return lastA - lastB || a.order - b.order;
  }
}
