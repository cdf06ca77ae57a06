import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { type Clock, every, type Timer } from '../../contract/clock.ts';
import type { Trouble } from '../child/restarts.ts';

/** Certificates are renewed beside a running server: their files are looked at this often, in ms. */
const lookEveryMs = 60_000;

/** Paths of a certificate with its chain, and of its private key; one file may have both. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** What is in them, PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface WatchedPairOptions {
  readonly clock: Clock;
  readonly files: CertificateFiles;
  /** Who goes on with the old one, as in `RTMPS keeps the old one`. */
  readonly who: string;
  /** Hears at each look why the files cannot be used; null: they can again. */
  readonly tell: (trouble: Trouble | null) => void;
}

/** A certificate of files with its key, as it was the last time that they could be used. */
export class WatchedPair {
  readonly #options: WatchedPairOptions;
  #places: CertificateFiles;
  #held: Pair;
  #adopt: (pair: Pair) => void = () => {};
  #timer: Timer | undefined;
  #failures = 0;

  /** @throws Error if the files cannot be read, or are no certificate with its key */
  constructor(options: WatchedPairOptions) {
    this.#options = options;
    this.#places = options.files;
    this.#held = readPair(options.files);
  }

  /** What a server is to show. */
  get held(): Pair {
    return this.#held;
  }

  /** Looks at the files from now on, until it is closed. @param adopt has a running server show another one */
  watch(adopt: (pair: Pair) => void): void {
    this.#adopt = adopt;
    // It may have been certified anew since the server was made.
    adopt(this.#held);
    this.#timer ??= every(this.#options.clock, lookEveryMs, () => this.#look());
  }

  /** Goes by these files from now on, and looks at them at once. */
  certify(files: CertificateFiles): void {
    this.#places = files;
    this.#look();
  }

  close(): void {
    this.#timer?.cancel();
  }

  #look(): void {
    const { who, tell } = this.#options;
    try {
      const fresh = readPair(this.#places);
      if (fresh.cert !== this.#held.cert || fresh.key !== this.#held.key) {
        this.#adopt(fresh);
        this.#held = fresh;
      }
      if (this.#failures > 0) tell(null);
      this.#failures = 0;
    } catch (error) {
      const reason = `${who} keeps the old one: ${(error as Error).message}`;
      tell({ reason, failures: ++this.#failures, nextTryMs: lookEveryMs });
    }
  }
}

/** Reads a pair and has OpenSSL say whether they belong together. @throws Error */
function readPair({ cert, key }: CertificateFiles): Pair {
  const pair = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  createSecureContext(pair);
  return pair;
}
