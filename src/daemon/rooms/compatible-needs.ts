import type { Clock, Timer } from '../../contract/clock.ts';
import type { CompatibleCodec } from '../../contract/plan.ts';

/** It is made for so long behind the last one who needs it, in ms: whoever loads the page anew finds it there. */
const graceMs = 10_000;

/** Viewers need what is on air in this codec, which takes about so many cores. */
export interface CompatibleNeed {
  readonly codec: CompatibleCodec;
  readonly cores: number;
}

interface Kept {
  readonly need: CompatibleNeed;
  viewers: number;
  /** Runs while there is none. */
  timer: Timer | undefined;
}

/** Which viewers need what is on air in another codec: it is made as long as there are any, and for a while after that. */
export class CompatibleNeeds {
  readonly #clock: Clock;
  readonly #onChange: (needs: readonly CompatibleNeed[]) => void;
  readonly #kept = new Map<CompatibleCodec, Kept>();

  constructor(clock: Clock, onChange: (needs: readonly CompatibleNeed[]) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** Whether it is made already. */
  has(codec: CompatibleCodec): boolean {
    return this.#kept.has(codec);
  }

  /** One more needs it. Gives the function that says that he does not any more; calling it twice is harmless. */
  add(need: CompatibleNeed): () => void {
    const before = this.#kept.get(need.codec);
    const kept = before ?? { need, viewers: 0, timer: undefined };
    kept.timer?.cancel();
    kept.timer = undefined;
    kept.viewers++;
    this.#kept.set(need.codec, kept);
    if (!before) this.#tell();
    let needs = true;
    return () => {
      if (needs) this.#leave(kept);
      needs = false;
    };
  }

  close(): void {
    for (const { timer } of this.#kept.values()) timer?.cancel();
    this.#kept.clear();
  }

  #leave(kept: Kept): void {
    const { codec } = kept.need;
    if (--kept.viewers > 0 || this.#kept.get(codec) !== kept) return;
    kept.timer = this.#clock.after(graceMs, () => {
      this.#kept.delete(codec);
      this.#tell();
    });
  }

  #tell(): void {
    this.#onChange([...this.#kept.values()].map(({ need }) => need));
  }
}
