import type { Clock } from '../../contract/clock.ts';

/** What is used of the cores is known as the mean of the last minute, in ms: what was granted since is not all in it. */
const unseenMs = 60_000;

/** Cores that were granted of late, so that many who ask at one moment are not all granted the same ones. */
export class RecentGrants {
  readonly #clock: Clock;
  #grants: readonly { readonly cores: number; readonly atMs: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Grants so many of the spare cores, unless others have them already. */
  grant(cores: number, spare: number): boolean {
    const atMs = this.#clock.nowMs();
    this.#grants = this.#grants.filter((grant) => atMs - grant.atMs < unseenMs);
    const taken = this.#grants.reduce((sum, grant) => sum + grant.cores, 0);
    if (taken + cores > spare) return false;
    this.#grants = [...this.#grants, { cores, atMs }];
    return true;
  }
}
