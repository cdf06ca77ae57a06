import type { Slate } from './slate.ts';

/** What all slates that are kept may take, in bytes: two of the largest, or some hundred cards. Those in use are held by who shows them. */
const maxKeptBytes = 128 * 1024 * 1024;

interface Kept {
  readonly identity: string | null;
  readonly made: Promise<Slate>;
  /** 0 while it is made. */
  bytes: number;
}

/** Slates that were made, the same one once: rooms come and go, and most have the same kind. */
export class KeptSlates {
  readonly #maxBytes: number;
  /** The one asked for the longest ago comes first. */
  readonly #kept = new Map<string, Kept>();

  constructor(maxBytes = maxKeptBytes) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The slate that was made of the same, or is being made of it; what fails is made anew when it is asked for again.
   *
   * @param identity of its file: of another one it is made anew; null: it has none, or that cannot be seen now
   */
  of(content: string, identity: string | null, make: () => Promise<Slate>): Promise<Slate> {
    const known = this.#kept.get(content);
    const isSame = known && (identity === null || known.identity === identity);
    const kept = isSame ? known : this.#begin(content, identity, make);
    this.#kept.delete(content);
    this.#kept.set(content, kept);
    return kept.made;
  }

  #begin(content: string, identity: string | null, make: () => Promise<Slate>): Kept {
    const kept: Kept = { identity, made: make(), bytes: 0 };
    kept.made.then(
      ({ frames }) => {
        kept.bytes = frames.reduce((sum, { data }) => sum + data.length, 0);
        this.#drop();
      },
      () => this.#kept.get(content) === kept && this.#kept.delete(content),
    );
    return kept;
  }

  #drop(): void {
    let left = [...this.#kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [content, { bytes }] of this.#kept) {
      if (left <= this.#maxBytes) return;
      if (bytes > 0) this.#kept.delete(content);
      left -= bytes;
    }
  }
}
