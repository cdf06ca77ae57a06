import { type Clock, every, type Timer } from '../../contract/clock.ts';
import { eachOf } from '../each-of.ts';
import type { Seat } from './attendance.ts';

/** How often some of the viewers are asked what leaves for them, in ms. */
const lookMs = 1000;
/** How many of them: all of 2,000 within 20 s, those first who are new. */
const atOnce = 100;

export interface EgressMeterOptions {
  readonly present: () => Iterable<Pick<Seat, 'viewer' | 'figures'>>;
  /** What may leave, in bit/s; null: as much as it takes, and nothing is measured. */
  readonly most: () => number | null;
  readonly clock: Clock;
}

/** What leaves for all viewers together, while that has a limit: measured of a few at a time; those who were not asked yet count as the others do. */
export class EgressMeter {
  readonly #options: EgressMeterOptions;
  readonly #timer: Timer;
  /** By the ids of viewers, who was asked last stands last. */
  #measured = new Map<string, number>();
  #bps = 0;
  #isLooking = false;

  constructor(options: EgressMeterOptions) {
    this.#options = options;
    this.#timer = every(options.clock, lookMs, () => void this.#look());
  }

  /** Whether as much leaves as may. */
  get isSated(): boolean {
    const most = this.#options.most();
    return most !== null && this.#bps >= most;
  }

  close(): void {
    this.#timer.cancel();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #look(): Promise<void> {
    if (this.#isLooking || this.#options.most() === null) return;
    this.#isLooking = true;
    const seats = new Map(
      [...this.#options.present()].flatMap((seat) =>
        seat.viewer?.state === 'playing' ? [[seat.viewer.id, seat] as const] : [],
      ),
    );
    const fresh = [...seats.keys()].filter((id) => !this.#measured.has(id));
    const turn = [...fresh, ...this.#measured.keys()].filter((id) => seats.has(id)).slice(0, atOnce);
    const found = await eachOf(turn, async (id) => (await seats.get(id)?.figures())?.bitrateBps ?? 0);
    this.#isLooking = false;
    const before = [...this.#measured].filter(([id]) => seats.has(id) && !turn.includes(id));
    this.#measured = new Map([...before, ...turn.map((id, place) => [id, found[place] ?? 0] as const)]);
    const sum = [...this.#measured.values()].reduce((total, bps) => total + bps, 0);
    this.#bps = this.#measured.size === 0 ? 0 : (sum / this.#measured.size) * seats.size;
  }
}
