import type { Clock, Timer } from '../../contract/clock.ts';

/** What may have to wait for others than a core counts for so long, in ms. */
export const turnMs = 2000;
/** Nothing counts for longer, in ms: what needs a core has had it by then, and waits for a disk or a folder of the network. */
export const longestTurnMs = 5000;
/** Starts in a row, while somebody waits to hear of a source. */
const maxStarts = 2;

/** What needs a core for a while. */
export interface Work {
  /** ffmpeg that is started has viewers waiting behind it, and comes before looks at sources. */
  readonly kind: 'start' | 'look';
  /** It comes over a network, or at its own pace. */
  readonly remote: boolean;
}

interface Turn {
  readonly room: string;
  readonly work: Work;
  readonly order: number;
  readonly go: () => void;
}

/**
 * Lets few of those work at once that need a core each: as many as there are. Between rooms it is fair: the one that had its
 * last turn the longest ago comes first, and no room has all of them, since its sources may all be in a place that is dead.
 */
export class Turns {
  readonly #most: number;
  readonly #mostOfRoom: number;
  readonly #clock: Clock;
  readonly #waiting = new Set<Turn>();
  readonly #working = new Set<Turn>();
  /** When rooms that wait, or waited just now, had their last turns. */
  readonly #last = new Map<string, number>();
  #count = 0;
  #startsInRow = 0;

  constructor(most: number, clock: Clock) {
    this.#most = most;
    this.#mostOfRoom = Math.max(1, most - 1);
    this.#clock = clock;
  }

  /** Who waits. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Calls `go` when it is its turn; gives what ends it, or leaves the queue. */
  ask(room: string, work: Work, go: () => void): () => void {
    let lapse: Timer | undefined;
    const turn: Turn = {
      ...{ room, work, order: ++this.#count },
      go: () => {
        this.#working.add(turn);
        const lapsesMs = work.remote ? turnMs : longestTurnMs;
        lapse = this.#clock.after(lapsesMs, () => this.#done(turn));
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

  #done(turn: Turn): void {
    this.#working.delete(turn);
    this.#next();
  }

  #next(): void {
    while (this.#working.size < this.#most) {
      const first = this.#first();
      if (!first) break;
      this.#waiting.delete(first);
      this.#last.set(first.room, ++this.#count);
      this.#startsInRow = first.work.kind === 'start' ? this.#startsInRow + 1 : 0;
      first.go();
    }
    if (this.#waiting.size + this.#working.size === 0) this.#last.clear();
  }

  #first(): Turn | undefined {
    const ofRoom = (room: string) => [...this.#working].filter((turn) => turn.room === room).length;
    const open = [...this.#waiting].filter(({ room }) => ofRoom(room) < this.#mostOfRoom);
    const kind = this.#startsInRow < maxStarts ? 'start' : 'look';
    const preferred = open.filter(({ work }) => work.kind === kind);
    const [first] = (preferred.length > 0 ? preferred : open).toSorted((a, b) => this.#compare(a, b));
    return first;
  }

  #compare(a: Turn, b: Turn): number {
    const [lastA, lastB] = [this.#last.get(a.room) ?? 0, this.#last.get(b.room) ?? 0];
    return lastA - lastB || a.order - b.order;
  }
}
