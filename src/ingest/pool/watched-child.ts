import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { every, systemClock, type Timer } from '../../contract/clock.ts';
import { endFamily, familyVariable } from '../process/descendants.ts';
import type { Mark } from './mark.ts';
import { MarkFile } from './mark-file.ts';
import { memoryOf } from './process-memory.ts';
import type { DeathCause } from './suspects.ts';

/** How often it is looked after, in ms. */
const lookMs = 500;
/** So long it may take to begin, in ms, on a machine that has much else to do. */
const startMs = 20_000;
/** What it says last is read for so long after its end, in ms: what it has started may hold its standard error open. */
const lastWordsMs = 1000;
/** Of what it says before it dies, this much is kept. */
const maxComplaint = 4000;
/** What was worked on so long before the end, in ms, may have filled the memory: it is looked at about as often. */
const filledMs = 2 * lookMs;
/** Ended from outside with so much of its bound in use, it was most likely the kernel, for want of memory. */
const muchMemory = 0.8;

/** What holds for a process that does the daemon's work. */
export interface ProcessBounds {
  /** It says so often that its loop turns; without a word for so long, in ms, it is ended. */
  readonly silenceMs: number;
  /** More memory than this, in bytes, and it is ended. */
  readonly maxMemoryBytes: number;
  /** It ends by itself when it is let go; after so long, in ms, it is ended. */
  readonly endMs: number;
}

/** Five seconds: a loaded machine delays a process, but not for so long. */
export const usualBounds: Omit<ProcessBounds, 'maxMemoryBytes'> = { silenceMs: 5000, endMs: 1500 };

/** How a process ended that was not let go. */
export interface ProcessDeath {
  readonly cause: DeathCause;
  /** In words. */
  readonly message: string;
  readonly mark: Mark | null;
}

/**
 * One life of a process of ours, which does what should not harm the daemon. It is ended where it says nothing or takes too much memory,
 * and whatever it has started ends with it.
 */
export class WatchedChild<Request extends Serializable, Report> {
  /** What it and all that it starts have in their environment. */
  readonly family = randomBytes(12).toString('base64url');
  readonly marks = MarkFile.create();
  /** Resolves when it is gone, and all that it had started. */
  readonly ended: Promise<ProcessDeath>;
  readonly #child: ChildProcess;
  readonly #bounds: ProcessBounds;
  readonly #timer: Timer;
  /** Since its last word, or since its start. */
  #silentMs = 0;
  #begun = false;
  #memoryBytes = 0;
  #complaint = '';
  #verdict: { readonly cause: DeathCause; readonly message: string } | undefined;

  /** @param onReport hears of what it reports */
  constructor(entry: URL, bounds: ProcessBounds, onReport: (report: Report) => void) {
    this.#bounds = bounds;
    this.#child = fork(fileURLToPath(entry), [], {
      env: { ...process.env, [familyVariable]: this.family },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', this.marks?.descriptor ?? 'ignore'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-maxComplaint);
    });
    this.#child.on('message', (report) => {
      this.#silentMs = 0;
      this.#begun = true;
      onReport(report as Report);
    });
    this.#timer = every(systemClock, lookMs, () => void this.#look());
    this.ended = this.#end();
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Whether it may be asked anything: whoever waits for `ended` hears of its end later. */
  get alive(): boolean {
    return !this.#verdict && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  send(request: Request): void {
    // What cannot be sent any more is to a process that is about to be found dead.
    if (this.#child.connected) this.#child.send(request, () => {});
  }

  /** Lets it go; resolves when it is gone. */
  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = systemClock.after(this.#bounds.endMs, () => this.#child.kill('SIGKILL'));
    await this.ended;
    timer.cancel();
  }

  /** By turns of this process's own loop, so that a pause of the daemon is not taken for one of the other. */
  async #look(): Promise<void> {
    const { silenceMs, maxMemoryBytes } = this.#bounds;
    this.#silentMs += lookMs;
    const limitMs = this.#begun ? silenceMs : startMs;
    if (this.#silentMs > limitMs) {
      const missed = this.#begun ? 'did not answer for' : 'was not ready within';
      this.#condemn('spun', `it ${missed} ${limitMs / 1000} s`);
      return;
    }
    this.#memoryBytes = (await memoryOf(this.pid)) ?? this.#memoryBytes;
    if (this.#memoryBytes > maxMemoryBytes)
      this.#condemn('grew', `it took more than ${Math.round(maxMemoryBytes / 1024 ** 2)} MiB of memory`);
  }

  #condemn(cause: DeathCause, message: string): void {
    this.#verdict ??= { cause, message };
    this.#child.kill('SIGKILL');
  }

  async #end(): Promise<ProcessDeath> {
    const child = this.#child;
    // Not 'close': it does not come where the channel was closed from this side.
    const said = child.stderr ? finished(child.stderr).catch(() => {}) : undefined;
    const how = await once(child, 'exit').then(
      ([code, signal]) => this.#howItEnded(code, signal),
      (error: Error) => ({ cause: 'crashed' as const, message: error.message }),
    );
    this.#timer.cancel();
    const marked = this.marks?.read();
    const idleMs = systemClock.wallMs() - (this.marks?.markedAtMs ?? 0);
    this.marks?.close();
    // What it had started has its standard error too, and would keep it open.
    await endFamily(this.family);
    const unheard = systemClock.after(lastWordsMs, () => child.stderr?.destroy());
    await said;
    unheard.cancel();
    const { cause, message } = this.#verdict ?? how;
    // Memory is filled piece by piece: what is found out between two of them may be due to the one just before.
    const blamed = marked?.now || (cause === 'grew' && idleMs < filledMs);
    const mark = marked && blamed ? marked.mark : null;
    const error = this.#complaint.split('\n').findLast((line) => /^(\w*Error\b|FATAL ERROR)/.test(line));
    return { cause, message: error === undefined ? message : `${message}: ${error}`, mark };
  }

  #howItEnded(code: number | null, signal: NodeJS.Signals | null): { cause: DeathCause; message: string } {
    if (signal === null) return { cause: 'crashed', message: `it ended with code ${code}` };
    const message = `it was ended by ${signal}`;
    if (signal !== 'SIGKILL') return { cause: 'crashed', message };
    const full = this.#memoryBytes > muchMemory * this.#bounds.maxMemoryBytes;
    return { cause: full ? 'grew' : 'killed', message };
  }
}
