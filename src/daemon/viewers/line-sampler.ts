import { type Clock, every, pause, type Timer } from '../../contract/clock.ts';
import { eachOf } from '../each-of.ts';
import type { Seat } from './attendance.ts';

/** So many lines of viewers are looked at in a second: of 2,000 each within 50 s. */
export const looksPerSecond = 40;
/** How often some of the viewers are looked at, in ms. */
const lookMs = 1000;
/** Nobody is looked at again sooner than this, in ms; a little less than five looks, since timers are late now and then. */
const againMs = 4500;
/** So many who are new are looked at for who lists viewers, who waits for so long at most, in ms: the turns of the next second come anyway. */
const [mostNew, newMs] = [40, 500];

export interface LineSamplerOptions {
  readonly present: () => Iterable<Pick<Seat, 'viewer' | 'sample' | 'judge'>>;
  /** How many are looked at in a second, at most: each look is two questions to a worker. */
  readonly perSecond: () => number;
  readonly clock: Clock;
}

/** Looks at the lines of viewers all the time, a few in a second: at each every five seconds, or as often as there are turns; at who is new, first. Who suffers is told of by each look. */
export class LineSampler {
  readonly #options: LineSamplerOptions;
  readonly #timer: Timer;
  /** When each was looked at last, by id; who was last stands last. */
  #lookedAtMs = new Map<string, number>();
  #isLooking = false;

  constructor(options: LineSamplerOptions) {
    this.#options = options;
    this.#timer = every(options.clock, lookMs, () => {
      for (const seat of options.present()) seat.judge();
      void this.#look();
    });
  }

  close(): void {
    this.#timer.cancel();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Looks at some of those who have come so lately that nobody has looked at them yet; whoever lists viewers waits for it, but not long.
   *
   * @param room where they are; undefined: anywhere
   */
  async lookAtNew(room: string | undefined): Promise<void> {
    const { present, clock } = this.#options;
    const fresh = [...present()].filter(
      ({ viewer }) =>
        viewer?.state === 'playing' && !viewer.lookedAt && (room === undefined || viewer.room === room),
    );
    if (fresh.length === 0) return;
    const looked = Promise.all(fresh.slice(0, mostNew).map((seat) => seat.sample()));
    const enough = new AbortController();
    await Promise.race([looked, pause(clock, newMs, enough.signal)]).finally(() => enough.abort());
  }

  /** A worker that is slow to answer is asked less. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { present, perSecond, clock } = this.#options;
    const nowMs = clock.nowMs();
    const seats = new Map(
      [...present()].flatMap((seat) =>
        seat.viewer?.state === 'playing' ? [[seat.viewer.id, seat] as const] : [],
      ),
    );
    const before = [...this.#lookedAtMs].filter(([id]) => seats.has(id));
    const due = before.filter(([, atMs]) => nowMs - atMs >= againMs).map(([id]) => id);
    const fresh = [...seats.keys()].filter((id) => !this.#lookedAtMs.has(id));
    const turn = new Set([...fresh, ...due].slice(0, perSecond()));
    const rest = before.filter(([id]) => !turn.has(id));
    this.#lookedAtMs = new Map([...rest, ...[...turn].map((id) => [id, nowMs] as const)]);
    try {
      await eachOf([...turn], async (id) => seats.get(id)?.sample());
    } finally {
      this.#isLooking = false;
    }
  }
}
