import type { Config } from '../../contract/config.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { JoinRate } from './join-rate.ts';

/** Bounds what viewers may use: how many at once, how many from one address, and how fast they join. */
export class Admission {
  readonly #limits: Config['limits'];
  readonly #rate: JoinRate;
  readonly #present = new Map<string, number>();
  #total = 0;

  constructor(limits: Config['limits'], now?: () => number) {
    this.#limits = limits;
    this.#rate = new JoinRate(limits.joinsPerSecond, now);
  }

  /** Takes one viewer in, or throws LIMIT_REACHED. Gives the function that lets it out again; calling it twice is harmless. */
  admit(address: string): () => void {
    const { viewers, viewersPerAddress } = this.#limits;
    this.#rate.spend(address);
    if (this.#total >= viewers) throw limit('limits.viewers', `expected at most ${viewers} viewers at once`);
    const here = this.#present.get(address) ?? 0;
    if (here >= viewersPerAddress) {
      throw limit(
        'limits.viewersPerAddress',
        `expected at most ${viewersPerAddress} viewers at once from ${address}`,
      );
    }
    this.#total++;
    this.#present.set(address, here + 1);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#total--;
      const left = (this.#present.get(address) ?? 1) - 1;
      if (left === 0) this.#present.delete(address);
      else this.#present.set(address, left);
    };
  }
}

function limit(key: string, message: string): MiroliveError {
  return new MiroliveError('LIMIT_REACHED', message, { details: { key } });
}
