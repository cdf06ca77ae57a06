import type { Config } from '../../contract/config.ts';
import { MiroliveError } from '../../contract/errors.ts';

/** A burst may be this many times the rate: everybody behind one address opens the link at the same moment. */
const burstFactor = 3;
/** Addresses whose rate is remembered; beyond it the oldest is forgotten. */
const maxRemembered = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Bounds what viewers may use: how many at once, how many from one address, and how fast they join. */
export class Admission {
  readonly #limits: Config['limits'];
  readonly #now: () => number;
  readonly #present = new Map<string, number>();
  readonly #buckets = new Map<string, Bucket>();
  #total = 0;

  constructor(limits: Config['limits'], now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Takes one viewer in, or throws LIMIT_REACHED. Gives the function that lets it out again; calling it twice is harmless. */
  admit(address: string): () => void {
    const { viewers, viewersPerAddress, joinsPerSecond } = this.#limits;
    this.#spendToken(address, joinsPerSecond);
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

  #spendToken(address: string, perSecond: number): void {
    const now = this.#now();
    const burst = perSecond * burstFactor;
    const bucket = this.#buckets.get(address) ?? { tokens: burst, atMs: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) / 1000) * perSecond);
    this.#buckets.delete(address);
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined && this.#buckets.size >= maxRemembered) this.#buckets.delete(oldest);
    this.#buckets.set(address, { tokens: Math.max(0, tokens - 1), atMs: now });
    if (tokens < 1)
      throw limit('limits.joinsPerSecond', `expected at most ${perSecond} joins per second from ${address}`);
  }
}

function limit(key: string, message: string): MiroliveError {
  return new MiroliveError('LIMIT_REACHED', message, { details: { key } });
}
