import { MiroliveError } from '../../contract/errors.ts';

/** A burst may be this many times the rate: everybody behind one address opens the link at the same moment. */
const burstFactor = 3;
/** Addresses whose rate is remembered; beyond it the oldest is forgotten. */
const maxRemembered = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Bounds how fast clients of one address come. */
export class JoinRate {
  readonly #perSecond: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#now = now;
  }

  /** Somebody comes from an address; throws LIMIT_REACHED. */
  spend(address: string): void {
    const perSecond = this.#perSecond;
    const now = this.#now();
    const burst = perSecond * burstFactor;
    const bucket = this.#buckets.get(address) ?? { tokens: burst, atMs: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) / 1000) * perSecond);
    this.#buckets.delete(address);
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined && this.#buckets.size >= maxRemembered) this.#buckets.delete(oldest);
    this.#buckets.set(address, { tokens: Math.max(0, tokens - 1), atMs: now });
    if (tokens >= 1) return;
    throw new MiroliveError(
      'LIMIT_REACHED',
      `expected at most ${perSecond} joins per second from ${address}`,
      {
        details: { key: 'limits.joinsPerSecond' },
      },
    );
  }
}
