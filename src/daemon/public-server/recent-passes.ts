import type { Clock } from '../../contract/clock.ts';
import { tokenHash } from '../access/token-secret.ts';

/** An answer that is lost on its way is asked for anew within this, in ms. */
const forMs = 60_000;
/** More are not remembered: the oldest is forgotten, and asked for anew it is a use of its own. */
const maxRemembered = 1000;

/** The passes given lately: a browser that asks once more for the one that it has not got spends nothing. */
export class RecentPasses {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #given = new Map<string, { readonly pass: string; readonly atMs: number }>();

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#given.size;
  }

  /** What this browser got for this link lately, where that is `good` still; else what `give` gives. */
  of(link: string, browser: string, good: (pass: string) => boolean, give: () => string): string {
    const nowMs = this.#clock.nowMs();
    for (const [key, { atMs }] of this.#given) {
      if (nowMs - atMs < forMs && this.#given.size < maxRemembered) break;
      this.#given.delete(key);
    }
    const key = tokenHash(`${link} ${browser}`);
    const before = this.#given.get(key);
    if (before && good(before.pass)) return before.pass;
    const pass = give();
    this.#given.delete(key);
    this.#given.set(key, { pass, atMs: nowMs });
    return pass;
  }
}
