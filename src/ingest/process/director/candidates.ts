import type { WantedCandidate } from '../../../contract/snapshot.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Candidate } from './candidate.ts';

/** What may be on air in a programme: what is wanted, the preferred one first, and what is leaving. Ends what is not needed any more. */
export class Candidates {
  #chain: readonly Candidate[] = [];
  #outgoing: Candidate | null = null;
  readonly #closings = new Set<Promise<void>>();

  get chain(): readonly Candidate[] {
    return this.#chain;
  }

  /** Not wanted any more, and on air until something else is. */
  get outgoing(): Candidate | null {
    return this.#outgoing;
  }

  /** From the one that is preferred to what is only on air until something else is. */
  get all(): readonly Candidate[] {
    return this.#outgoing ? [...this.#chain, this.#outgoing] : this.#chain;
  }

  get main(): Candidate | undefined {
    return this.#chain.find(({ name }) => name === 'main');
  }

  owner(feed: Feed): Candidate | undefined {
    return this.all.find((candidate) => candidate.owns(feed));
  }

  /**
   * Gives why what could not be followed could not; the rest is.
   *
   * @param stays whether one that is not wanted any more is still needed, where there is anything else
   */
  follow(
    wanted: readonly WantedCandidate[],
    open: (one: WantedCandidate) => Candidate,
    stays: (candidate: Candidate) => boolean,
  ): readonly unknown[] {
    const faults: unknown[] = [];
    const old = new Map(this.all.map((candidate) => [candidate.id, candidate]));
    this.#chain = wanted.flatMap((one) => {
      const known = old.get(one.id);
      try {
        known?.follow(one);
        return known ?? open(one);
      } catch (error) {
        faults.push(error);
        return known ?? [];
      }
    });
    this.#outgoing = null;
    const isElse = this.#chain.some(({ is }) => is.state !== 'blocked');
    for (const candidate of old.values()) {
      if (this.#chain.includes(candidate)) continue;
      if (isElse && stays(candidate)) this.#outgoing = candidate;
      else this.retire(candidate);
    }
    return faults;
  }

  /** It is not needed any more. */
  retire(candidate: Candidate): void {
    if (this.#outgoing === candidate) this.#outgoing = null;
    const closing = candidate.player.close().finally(() => this.#closings.delete(closing));
    this.#closings.add(closing);
  }

  async close(): Promise<void> {
    for (const candidate of this.all) this.retire(candidate);
    await Promise.all(this.#closings);
  }
}
