import { readdirSync, readFileSync } from 'node:fs';
import { type Wait, Witness } from './witness.ts';

/** How often it is looked how long they have waited, in ms. */
const everyMs = 100;
/** Waits add up over so long, in ms: what is read ahead, and the start of an ffmpeg, are over by then. */
const windowMs = 3000;
/** Whoever waits for less in that time is in time all the same, in ms: a frame may be late by half a second. */
const bridgedMs = 400;

/**
 * Notes how long processes that send wait for a CPU that the machine gives to others, and how long the machine itself stood
 * still. By it a gap that a busy machine makes is told from one that is a fault: who is stuck, blocked or stopped does not wait for a CPU.
 */
export class Turns implements Disposable {
  readonly #pids: () => readonly number[];
  readonly #waits: Wait[] = [];
  /** By threads. */
  readonly #waitedMs = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #witness = new Witness();

  /** @param pids who sends now; whoever is new has just been started */
  constructor(pids: () => readonly number[]) {
    this.#pids = pids;
    for (const pid of pids()) this.#longestMs(pid);
    this.#timer = setInterval(() => this.#look(), everyMs).unref();
  }

  /** The most that they waited since a moment of performance.now(), one for the other, within the time that is bridged; 0 where it was bridged. */
  missedMs(sinceMs: number): number {
    this.#look();
    const waits = this.#waits.filter(({ atMs }) => atMs >= sinceMs);
    const missed = Math.max(mostWithin(waits), mostWithin(this.#witness.since(sinceMs)));
    return missed < bridgedMs ? 0 : missed;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#witness[Symbol.dispose]();
  }

  #look(): void {
    const atMs = performance.now();
    for (const pid of this.#pids()) this.#waits.push({ atMs, ms: this.#longestMs(pid) });
  }

  /** How long that of its threads has waited since the last look which waited the longest: the others wait for it. */
  #longestMs(pid: number): number {
    let longestMs = 0;
    for (const [thread, ms] of waitedMs(pid)) {
      longestMs = Math.max(longestMs, ms - (this.#waitedMs.get(thread) ?? 0));
      this.#waitedMs.set(thread, ms);
    }
    return longestMs;
  }
}

/** Encoders and servers that the tests of this process have started. What is on air waits for them, as they wait for a CPU. */
export function feeders(): number[] {
  const children = readdirSync('/proc/self/task').flatMap((thread) =>
    textOf(`/proc/self/task/${thread}/children`).split(' ').filter(Boolean),
  );
  return children.filter((pid) => !ours.test(textOf(`/proc/${pid}/comm`))).map(Number);
}

/** What the product starts, by the names that the kernel knows; and browsers, in which the product is watched. */
const ours = /^(node|MainThread|mirolive|mediasoup|chrom|$)/;

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The most that was waited in any time of that length, in ms. */
function mostWithin(waits: readonly Wait[]): number {
  return Math.max(0, ...waits.map(({ atMs }) => within(waits, atMs)));
}

function within(waits: readonly Wait[], fromMs: number): number {
  return waits.reduce(
    (sum, { atMs, ms }) => (atMs >= fromMs && atMs < fromMs + windowMs ? sum + ms : sum),
    0,
  );
}

/** How long each thread of a process, by its number, has waited for a CPU since it was started; none: it is gone. */
function waitedMs(pid: number): (readonly [thread: number, ms: number])[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => {
      const [, waitedNs] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
      return [Number(thread), Number(waitedNs) / 1e6];
    });
  } catch {
    return [];
  }
}
