import { readFileSync } from 'node:fs';

/** How often it is looked how long they have waited, in ms. */
const everyMs = 100;
/** Waits add up over so long, in ms: what is read ahead, and the start of an ffmpeg, are over by then. */
const windowMs = 3000;
/** Whoever waits for less in that time is in time all the same, in ms: a frame may be late by half a second. */
const bridgedMs = 400;

interface Wait {
  readonly pid: number;
  readonly atMs: number;
  readonly ms: number;
}

/**
 * Notes how long processes that send wait for a CPU that the machine gives to others. By it a gap that a busy machine makes is
 * told from one that is a fault: who is stuck, blocked or stopped does not wait for a CPU.
 */
export class Turns implements Disposable {
  readonly #pids: () => readonly number[];
  readonly #waits: Wait[] = [];
  readonly #waitedMs = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;

  /** @param pids who sends now; whoever is new has just been started */
  constructor(pids: () => readonly number[]) {
    this.#pids = pids;
    for (const pid of pids()) this.#waitedMs.set(pid, waitedMs(pid) ?? 0);
    this.#timer = setInterval(() => this.#look(), everyMs).unref();
  }

  /** The most that they waited since a moment of performance.now(), one for the other, within the time that is bridged; 0 where it was bridged. */
  missedMs(sinceMs: number): number {
    this.#look();
    const waits = this.#waits.filter(({ atMs }) => atMs >= sinceMs);
    const missed = Math.max(0, ...waits.map(({ atMs }) => within(waits, atMs)));
    return missed < bridgedMs ? 0 : missed;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const atMs = performance.now();
    for (const pid of this.#pids()) {
      const now = waitedMs(pid);
      if (now === undefined) continue;
      this.#waits.push({ pid, atMs, ms: now - (this.#waitedMs.get(pid) ?? 0) });
      this.#waitedMs.set(pid, now);
    }
  }
}

function within(waits: readonly Wait[], fromMs: number): number {
  return waits.reduce(
    (sum, { atMs, ms }) => (atMs >= fromMs && atMs < fromMs + windowMs ? sum + ms : sum),
    0,
  );
}

/** How long the first thread of a process has waited for a CPU since it was started; undefined: it is gone. */
function waitedMs(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return undefined;
  }
}
