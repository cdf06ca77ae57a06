import type { Feed } from '../splicer/feed.ts';
import type { Candidate } from './candidate.ts';
import type { CandidateView } from './choice.ts';

/** The entries of a programme, the most preferred first, and which of them is on air. */
export class CandidateChain implements AsyncDisposable {
  /** What was put on air last; null: the slate, or nothing yet. */
  onAir: Candidate | null = null;
  readonly #entries: Candidate[] = [];
  readonly #retired = new Set<Promise<void>>();

  get entries(): readonly Candidate[] {
    return this.#entries;
  }

  /** Puts an entry behind all others. */
  append(entry: Candidate): void {
    this.#entries.push(entry);
  }

  /** Puts an entry above all others. */
  prefer(entry: Candidate): void {
    this.#entries.unshift(entry);
  }

  get main(): Candidate | undefined {
    return this.#entries.find(({ name }) => name === 'main');
  }

  /** What an operator took, without what is on its way out: the last one, and until it is on air the one before. */
  get takes(): readonly Candidate[] {
    return this.#entries.filter(({ name, leaving }) => name === 'take' && !leaving);
  }

  /** The entry that plays a feed. */
  owner(feed: Feed): Candidate | undefined {
    return this.#entries.find(({ sequence }) => sequence.owns(feed));
  }

  /** The entry whose playlist is on air, or else would be. */
  get listed(): Candidate | undefined {
    return this.onAir?.hasPlaylist ? this.onAir : this.#entries.find(({ hasPlaylist }) => hasPlaylist);
  }

  candidates(nowMs: number): CandidateView[] {
    return this.#entries.map((entry) => entry.candidate(nowMs));
  }

  /** The place of what is on air; the number of entries for the slate. */
  get place(): number {
    return this.onAir ? this.#entries.indexOf(this.onAir) : this.#entries.length;
  }

  /** It stays on air until something else is, where there is anything else. */
  demote(entry: Candidate): void {
    this.#remove(entry);
    if (entry === this.onAir && this.#entries.some(({ blocked }) => !blocked)) {
      entry.leaving = true;
      this.#entries.push(entry);
    } else this.retire(entry);
  }

  /** It is not needed any more. */
  retire(entry: Candidate): void {
    this.#remove(entry);
    const closing = entry.sequence.close().finally(() => this.#retired.delete(closing));
    this.#retired.add(closing);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.map(({ sequence }) => sequence.close()), ...this.#retired]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #remove(entry: Candidate): void {
    const index = this.#entries.indexOf(entry);
    if (index !== -1) this.#entries.splice(index, 1);
  }
}
