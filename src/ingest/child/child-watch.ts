import type { ProcessUse } from './process-use.ts';

/**
 * How a process ended: it did not answer any more, it took too much memory, it ended by itself, or somebody else ended it:
 * an operator, or the kernel for want of memory.
 */
export type DeathCause = 'spun' | 'grew' | 'crashed' | 'killed';

/** What holds for a process that does the daemon's work. */
export interface ChildBounds {
  /** It says so often that its loop turns; without a word for so long, in ms, it is ended. */
  readonly silenceMs: number;
  /** More memory than this, in bytes, and it is ended. */
  readonly maxMemoryBytes: number;
  /** It ends by itself when it is let go; after so long, in ms, it is ended. */
  readonly endMs: number;
}

/** Five seconds: a loaded machine delays a process, but not for so long. */
export const usualBounds: Omit<ChildBounds, 'maxMemoryBytes'> = { silenceMs: 5000, endMs: 1500 };

export interface Verdict {
  readonly cause: DeathCause;
  /** In words. */
  readonly message: string;
}

/** How often a process is looked after, in ms. */
export const lookMs = 500;
/** So long it may take to begin, in ms, on a machine that has much else to do. */
const startMs = 20_000;
/** One that waits for a CPU that others have is not silent meanwhile; yet nothing takes more than so many times its limit. */
const mostPatience = 6;
/** Ended from outside with so much of its bound in use, it was most likely the kernel, for want of memory. */
const muchMemory = 0.8;

/**
 * Judges one process by what is heard of it and what it takes. Time is counted in looks, which are turns of this process's own
 * loop, so that a pause of the daemon is not taken for one of the other.
 */
export class ChildWatch {
  readonly #bounds: ChildBounds;
  #ready = false;
  /** Since its last word, or since its start. */
  #sinceMs = 0;
  /** The same without what it waited for a CPU. */
  #silentMs = 0;
  #waitedMs = 0;
  #memoryBytes = 0;

  constructor(bounds: ChildBounds) {
    this.#bounds = bounds;
  }

  /** It has begun. */
  ready(): void {
    this.#ready = true;
    this.#speaks();
  }

  /** Its loop turns, which says nothing of whether it ever begins. */
  heard(): void {
    if (this.#ready) this.#speaks();
  }

  /** One look more: why it is to be ended; null: it is not. */
  look({ memoryBytes, waitedMs }: ProcessUse): Verdict | null {
    const { silenceMs, maxMemoryBytes } = this.#bounds;
    const limitMs = this.#ready ? silenceMs : startMs;
    const waited = waitedMs === null ? 0 : waitedMs - this.#waitedMs;
    this.#sinceMs += lookMs;
    this.#silentMs += Math.max(0, lookMs - waited);
    this.#waitedMs = waitedMs ?? this.#waitedMs;
    this.#memoryBytes = memoryBytes ?? this.#memoryBytes;
    if (this.#silentMs > limitMs || this.#sinceMs > mostPatience * limitMs) {
      const missed = this.#ready ? 'did not answer for' : 'was not ready within';
      return { cause: 'spun', message: `it ${missed} ${limitMs / 1000} s` };
    }
    if (this.#memoryBytes <= maxMemoryBytes) return null;
    const message = `it took more than ${Math.round(maxMemoryBytes / 1024 ** 2)} MiB of memory`;
    return { cause: 'grew', message };
  }

  #speaks(): void {
    this.#sinceMs = 0;
    this.#silentMs = 0;
  }

  /** Of one that nobody has condemned. */
  howItEnded(code: number | null, signal: NodeJS.Signals | null): Verdict {
    if (signal === null) return { cause: 'crashed', message: `it ended with code ${code}` };
    const message = `it was ended by ${signal}`;
    if (signal !== 'SIGKILL') return { cause: 'crashed', message };
    const full = this.#memoryBytes > muchMemory * this.#bounds.maxMemoryBytes;
    return { cause: full ? 'grew' : 'killed', message };
  }
}
