import { MiroliveError } from '../../../contract/errors.ts';
import type { Slate } from './slate.ts';

/** What all slates that are kept may take, in bytes: two of the largest, or some hundred cards. */
const maxKeptBytes = 128 * 1024 * 1024;
/** The same with those that are only held by who shows them, of the 1 GiB that a process has by default for all. */
const maxHeldBytes = 256 * 1024 * 1024;
/** What is smaller than this part of it is always to be had, as a card is, which stands in for what is not. */
const smallPart = 0.01;

interface Kept {
  readonly identity: string | null;
  /** Being made; kept; or had only by who shows it, if anybody does. */
  made: Promise<Slate> | Slate | WeakRef<Slate>;
}

/** Slates that were made, the same one once: rooms come and go, and most have the same kind. */
export class KeptSlates {
  readonly #maxBytes: number;
  readonly #maxHeldBytes: number;
  /** All that somebody holds, with their sizes. */
  #held: { readonly slate: WeakRef<Slate>; readonly bytes: number }[] = [];
  /** The one asked for the longest ago comes first. */
  readonly #kept = new Map<string, Kept>();

  constructor(maxBytes = maxKeptBytes, maxHeld = maxHeldBytes) {
    this.#maxBytes = maxBytes;
    this.#maxHeldBytes = maxHeld;
  }

  /**
   * The slate that was made of the same, or is being made of it; what fails is made anew when it is asked for again.
   *
   * @param identity of its file: of another one it is made anew; null: it has none, or that cannot be seen now
   */
  of(content: string, identity: string | null, make: () => Promise<Slate>): Promise<Slate> {
    const known = this.#kept.get(content);
    const isSame = known && (identity === null || known.identity === identity);
    const there = isSame ? thereOf(known) : undefined;
    const made = there ?? this.#make(content, make);
    this.#kept.delete(content);
    this.#kept.set(content, { identity: isSame && there ? known.identity : identity, made });
    return Promise.resolve(made);
  }

  #make(content: string, make: () => Promise<Slate>): Promise<Slate> {
    const made = make().then((slate) => this.#hold(slate));
    const keptNow = () => {
      const kept = this.#kept.get(content);
      return kept?.made === made ? kept : undefined;
    };
    made.then(
      (slate) => {
        const kept = keptNow();
        if (kept) kept.made = slate;
        this.#drop(this.#maxBytes);
      },
      () => keptNow() && this.#kept.delete(content),
    );
    return made;
  }

  /** @throws MiroliveError SLATE_NOT_USABLE where too much is held already */
  #hold(slate: Slate): Slate {
    const bytes = bytesOf(slate);
    this.#held = this.#held.filter(({ slate: one }) => one.deref() !== undefined);
    const all = this.#held.reduce((sum, one) => sum + one.bytes, bytes);
    if (all > this.#maxHeldBytes && bytes > smallPart * this.#maxHeldBytes) {
      // What nobody shows is gone when this is tried again.
      this.#drop(0);
      throw new MiroliveError('SLATE_NOT_USABLE', 'the slates that are in use take too much memory already', {
        hint: 'Use shorter clips, or the same one in several rooms',
      });
    }
    this.#held.push({ slate: new WeakRef(slate), bytes });
    return slate;
  }

  /** Keeps no more than so much, in bytes; what is shown is still to be had. */
  #drop(mostBytes: number): void {
    let left = [...this.#kept.values()].reduce((sum, { made }) => sum + keptBytes(made), 0);
    for (const [content, kept] of this.#kept) {
      const { made } = kept;
      if (left > mostBytes && 'frames' in made) {
        left -= bytesOf(made);
        kept.made = new WeakRef(made);
      } else if (thereOf(kept) === undefined) this.#kept.delete(content);
    }
  }
}

/** undefined: nobody has it any more. */
function thereOf({ made }: Kept): Promise<Slate> | Slate | undefined {
  return made instanceof WeakRef ? made.deref() : made;
}

function keptBytes(made: Kept['made']): number {
  return 'frames' in made ? bytesOf(made) : 0;
}

function bytesOf({ frames }: Slate): number {
  return frames.reduce((sum, { data }) => sum + data.length, 0);
}
