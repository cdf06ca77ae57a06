import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { every, systemClock, type Timer } from '../../contract/clock.ts';
import { childEnvironment } from './child-environment.ts';
import { type ChildBounds, ChildWatch, type DeathCause, lookMs, type Verdict } from './child-watch.ts';
import { endFamily, familyVariable } from './descendants.ts';
import type { Mark } from './mark.ts';
import { MarkFile } from './mark-file.ts';
import { memoryOf } from './process-memory.ts';
import { markDescriptor } from './work-mark.ts';

/** What it says last is read for so long after its end, in ms: what it has started may hold its standard error open. */
const lastWordsMs = 300;
/** Threads for files and names: libuv's 4 are soon lost, four to each mount that is dead. They take no memory until they are needed. */
const fileThreads = 32;
/** Of what it says before it dies, this much is kept. */
const maxComplaint = 4000;

/** What was worked on so long before the end, in ms, may have filled the memory: it is looked at about as often. */
const filledMs = 2 * lookMs;

export interface ChildOptions<Request> {
  /** A module that calls `runChild`. */
  readonly entry: URL;
  readonly bounds: ChildBounds;
  /** The first that is asked of it; it answers that it is `ready`. */
  readonly begin: Request;
  /** `none`: it starts no program. */
  readonly environment: 'needed' | 'none';
  /** It marks what it works on. */
  readonly marks: boolean;
}

/** What it says once it has begun, and all else that it says. */
type Ready<Report> = Extract<Report, { type: 'ready' }>;
type News<Report> = Exclude<Report, { type: 'ready' }>;

/** How a process ended that was not let go. */
export interface ChildDeath extends Verdict {
  /** In ms since 1970. */
  readonly atMs: number;
  /** What it worked on then; null: nothing, or nobody knows. */
  readonly mark: Mark | null;
}

/**
 * One life of a process of ours, which does what should not harm the daemon. It is ended where it says nothing or takes too much memory,
 * and whatever it has started ends with it.
 */
export class WatchedChild<Request extends Serializable, Report extends { readonly type: string }> {
  /** Rejects where it ends before. */
  readonly ready: Promise<Ready<Report>>;
  /** Resolves when it is gone; what it had started is being ended then. */
  readonly ended: Promise<ChildDeath>;
  /** Resolves when that is gone too, or cannot be had within a second. */
  readonly over: Promise<void>;
  readonly #child: ChildProcess;
  readonly #watch: ChildWatch;
  readonly #endMs: number;
  readonly #marks: MarkFile | null;
  readonly #timer: Timer;
  #complaint = '';
  #verdict: Verdict | undefined;

  /** @param onReport hears of what it reports, but of its beats */
  constructor(
    { entry, bounds, begin, environment, marks }: ChildOptions<Request>,
    onReport: (report: News<Report>) => void,
  ) {
    const ready = Promise.withResolvers<Ready<Report>>();
    // What it and all that it starts have in their environment.
    const family = randomBytes(12).toString('base64url');
    this.ready = ready.promise;
    this.#watch = new ChildWatch(bounds);
    this.#endMs = bounds.endMs;
    this.#marks = marks ? MarkFile.create() : null;
    const descriptor = this.#marks ? `${markDescriptor}` : '';
    this.#child = fork(fileURLToPath(entry), [`${process.pid}`, descriptor], {
      env: {
        ...(environment === 'needed' && childEnvironment(process.env)),
        ...{ UV_THREADPOOL_SIZE: `${fileThreads}`, [familyVariable]: family },
      },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', this.#marks?.descriptor ?? 'ignore'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-maxComplaint);
    });
    this.#child.on('message', (message) => {
      const report = message as Report;
      this.#watch.heard();
      if (report.type === 'ready') {
        this.#watch.ready();
        ready.resolve(report as Ready<Report>);
      } else if (report.type !== 'beat') onReport(report as News<Report>);
    });
    this.#timer = every(systemClock, lookMs, () => void this.#look());
    const exited = once(this.#child, 'exit').then(
      ([code, signal]) => this.#watch.howItEnded(code, signal),
      (error: Error) => ({ cause: 'crashed' as const, message: error.message }),
    );
    this.ended = this.#end(exited);
    this.over = exited.then(() => endFamily(family));
    void this.ended.then(({ message }) => ready.reject(new Error(message)));
    // Whoever waits for it hears of it all the same.
    this.ready.catch(() => {});
    this.send(begin);
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

  /** Ends it, as what it is of no use for. */
  condemn(verdict: Verdict): void {
    this.#verdict ??= verdict;
    this.#child.kill('SIGKILL');
  }

  /** Lets it go; resolves when it is gone, and all that it had started. */
  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = systemClock.after(this.#endMs, () => this.#child.kill('SIGKILL'));
    await this.ended;
    timer.cancel();
    await this.over;
  }

  async #look(): Promise<void> {
    const verdict = this.#watch.look(await memoryOf(this.pid));
    if (verdict) this.condemn(verdict);
  }

  async #end(exited: Promise<Verdict>): Promise<ChildDeath> {
    const { stderr } = this.#child;
    // Not 'close': it does not come where the channel was closed from this side.
    const said = stderr ? finished(stderr).catch(() => {}) : undefined;
    const how = await exited;
    const atMs = systemClock.wallMs();
    this.#timer.cancel();
    const { cause, message } = this.#verdict ?? how;
    const mark = this.#marks && blamed(this.#marks, cause, atMs);
    this.#marks?.close();
    const unheard = systemClock.after(lastWordsMs, () => stderr?.destroy());
    await said;
    unheard.cancel();
    const error = this.#complaint.split('\n').findLast((line) => /^(\w*Error\b|FATAL ERROR)/.test(line));
    return { cause, message: error === undefined ? message : `${message}: ${error}`, atMs, mark };
  }
}

/** What a process worked on when it ended; null: nothing, or nobody knows. */
function blamed(marks: MarkFile, cause: DeathCause, atMs: number): Mark | null {
  const marked = marks.read();
  // Memory is filled piece by piece: what is found out between two of them may be due to the one just before.
  const filled = cause === 'grew' && atMs - marks.markedAtMs < filledMs;
  return marked && (marked.now || filled) ? marked.mark : null;
}
