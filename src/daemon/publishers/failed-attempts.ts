import { networkOf } from '../../contract/network-of.ts';

/** Failures of one address that are told, one after the other … */
const burst = 5;
/** … and then one for each of these, in ms. */
const refillMs = 10_000;
/** Addresses that are remembered; beyond it the oldest is forgotten. */
const maxRemembered = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Bounds how often failed attempts from one address are told: an encoder with a wrong key tries again for ever. Keys are too
 * long to be guessed, so that a valid one is taken at any time.
 */
export class FailedAttempts {
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Notes a failure; whether it is to be told. */
  note(address: string): boolean {
    const network = networkOf(address);
    const now = this.#now();
    const { tokens, at } = this.#buckets.get(network) ?? { tokens: burst, at: now };
    const filled = Math.min(burst, tokens + (now - at) / refillMs);
    this.#buckets.delete(network);
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined && this.#buckets.size >= maxRemembered) this.#buckets.delete(oldest);
    this.#buckets.set(network, { tokens: Math.max(0, filled - 1), at: now });
    return filled >= 1;
  }
}
