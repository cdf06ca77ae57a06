import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { every, systemClock, type Timer } from '../../contract/clock.ts';
import { childEnvironment } from './child-environment.ts';
import { type ChildBounds, ChildWatch, type DeathCause, lookMs, type Verdict } from './child-watch.ts';
import { endFamily, familyVariable } from './descendants.ts';
import { goneWord } from './family-watch.ts';
import { type AnswerSenses, type Answers, type Asker, beat, type Calls, Line, type Senses } from './line.ts';
import type { Mark } from './mark.ts';
import { MarkFile } from './mark-file.ts';
import { message as messageSchema } from './message.ts';
import { ownPages } from './own-pages.ts';
import { parentDescriptor } from './parent-watch.ts';
import { processUse } from './process-use.ts';
import type { Life } from './restarts.ts';
import { Nonsense, refusalOf, sense } from './told.ts';
import { markDescriptor } from './work-mark.ts';

/** What it says last is read for so long after its end, in ms: what it has started may hold its standard error open. */
const lastWordsMs = 300;
/** One that waits in the kernel for a disk that is dead does not even end when it is killed: nobody waits for it longer than this, in ms. */
const killedMs = 300;
/** Threads for files and names: libuv's 4 are soon lost, four to each mount that is dead. They take no memory until they are needed. */
const fileThreads = 32;
/**
 * Young objects take up to three times this, in MB. What a process handles is mostly of one moment: Node's 16 would be filled
 * before they are looked at, in each process.
 */
const youngMb = 4;

/** Of what it says before it dies, this much is kept. */
const maxComplaint = 4000;

/** What was worked on so long before the end, in ms, may have filled the memory: it is looked at about as often. */
const filledMs = 2 * lookMs;

/** What any process is asked first: it has begun once it has answered. */
export type Begins<Theirs> = { readonly begin: (what: never) => unknown } & Calls<Theirs>;
type Begun<Theirs extends Begins<Theirs>> = ReturnType<Theirs['begin']>;

export interface ChildOptions<Theirs extends Begins<Theirs>, Ours extends Calls<Ours>> {
  /** A module that calls `runChild`. */
  readonly entry: URL;
  readonly bounds: ChildBounds;
  readonly begin: Parameters<Theirs['begin']>[0];
  readonly answerSenses: AnswerSenses<Theirs>;
  /** What it may ask, and tell. */
  readonly answers: Answers<Ours>;
  readonly senses: Senses<Ours>;
  /** What whoever has asked it hears, once it is gone. */
  readonly gone: (reason: string) => Error;
  /** `none`: it starts no program. */
  readonly environment: 'needed' | 'none';
}

/** How a process ended that was not let go. */
export interface ChildDeath extends Verdict {
  /** When it was begun, and when it ended, in ms since 1970. */
  readonly begunMs: number;
  readonly atMs: number;
  /** What it worked on then; null: nothing, or nobody knows. */
  readonly mark: Mark | null;
}

/**
 * One life of a process of ours, which does what should not harm the daemon. It is ended where it says nothing or takes too much memory,
 * and whatever it has started ends with it.
 */
export class WatchedChild<Theirs extends Begins<Theirs>, Ours extends Calls<Ours>> implements Life {
  /** Rejects where it ends before, or cannot begin, which ends it. */
  readonly ready: Promise<Begun<Theirs>>;
  /** Resolves when it is gone; what it had started is being ended then. */
  readonly ended: Promise<ChildDeath>;
  /** Resolves when that is gone too, or cannot be had within a second. */
  readonly over: Promise<void>;
  readonly #child: ChildProcess;
  readonly #begunMs = systemClock.wallMs();
  readonly #line: Line<Theirs>;
  readonly #watch: ChildWatch;
  readonly #endMs: number;
  readonly #gone: (reason: string) => Error;
  readonly #marks: MarkFile | null;
  readonly #timer: Timer;
  #complaint = '';
  #closing: Promise<void> | undefined;
  #verdict: Verdict | undefined;

  constructor(options: ChildOptions<Theirs, Ours>) {
    const { entry, bounds, gone, environment, answerSenses } = options;
    // What it and all that it starts have in their environment.
    const family = randomBytes(12).toString('base64url');
    this.#watch = new ChildWatch(bounds);
    this.#endMs = bounds.endMs;
    this.#gone = gone;
    this.#marks = MarkFile.create();
    const descriptor = this.#marks ? `${markDescriptor}` : '';
    this.#child = fork(fileURLToPath(entry), [descriptor], {
      env: {
        ...(environment === 'needed' && childEnvironment(process.env)),
        ...compileCache(),
        ...{ UV_THREADPOOL_SIZE: `${fileThreads}`, [familyVariable]: family },
        ...ownPages,
      },
      execArgv: [`--max-semi-space-size=${youngMb}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', this.#marks?.descriptor ?? 'ignore', 'pipe'],
    });
    // Whoever would read it is gone as well.
    this.#parentChannel?.on('error', () => {});
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-maxComplaint);
    });
    // What cannot be sent any more is to a process that is about to be found dead.
    this.#line = new Line(
      (message) => this.#child.connected && this.#child.send(message, () => {}),
      answerSenses,
    );
    this.#child.on('message', (message) => {
      this.#watch.heard();
      if (message !== beat) this.#hear(message, options);
    });
    this.#timer = every(systemClock, lookMs, () => this.#look());
    const exited = once(this.#child, 'exit').then(
      ([code, signal]) => this.#watch.howItEnded(code, signal),
      (error: Error) => ({ cause: 'crashed' as const, message: error.message }),
    );
    this.ended = this.#end(exited);
    this.over = exited.then(() => endFamily(family));
    void this.ended.then(({ message }) => this.#line.end(gone(message)));
    this.ready = this.#begin(options);
    // Whoever waits for it hears of it all the same.
    this.ready.catch(() => {});
  }

  /** Whoever waits for `ended` hears of its end before those who wait for answers. */
  get line(): Asker<Theirs> {
    return this.#line;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Whether it may be asked anything: whoever waits for `ended` hears of its end later. */
  get alive(): boolean {
    return !this.#verdict && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Lets it go; resolves when it is gone, and all that it had started, or cannot be ended. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const given = Promise.withResolvers<void>();
    let timer = systemClock.after(this.#endMs, () => {
      this.#child.kill('SIGKILL');
      timer = systemClock.after(killedMs, given.resolve);
    });
    await Promise.race([this.ended, given.promise]);
    timer.cancel();
    // Whoever waits for its answers waits no longer either.
    if (this.alive) this.#line.end(this.#gone('it cannot be ended'));
    else await this.over;
  }

  async #begin({ begin }: ChildOptions<Theirs, Ours>): Promise<Begun<Theirs>> {
    try {
      const answer = await this.#line.ask('begin', begin);
      this.#watch.ready();
      return answer;
    } catch (error) {
      this.#condemn({ cause: 'crashed', message: (error as Error).message });
      throw error;
    }
  }

  /** One that speaks what makes no sense has been made to by what it reads. */
  #hear(message: unknown, { answers, senses }: ChildOptions<Theirs, Ours>): void {
    try {
      const refusal = refusalOf(message);
      if (refusal !== null) throw new Nonsense(refusal);
      this.#line.handle(sense(messageSchema, message), answers, senses);
    } catch (error) {
      if (!(error instanceof Nonsense)) throw error;
      this.#condemn({ cause: 'crashed', message: error.message });
    }
  }

  /** Its end tells the process that this one is gone. */
  get #parentChannel(): Writable | undefined {
    return (this.#child.stdio as readonly unknown[])[parentDescriptor] as Writable | undefined;
  }

  /** Ends it, as what it is of no use for. */
  #condemn(verdict: Verdict): void {
    this.#verdict ??= verdict;
    this.#child.kill('SIGKILL');
  }

  #look(): void {
    const verdict = this.#watch.look(processUse(this.pid));
    if (verdict) this.#condemn(verdict);
  }

  async #end(exited: Promise<Verdict>): Promise<ChildDeath> {
    const { stderr } = this.#child;
    // Not 'close': it does not come where the channel was closed from this side.
    const said = stderr ? finished(stderr).catch(() => {}) : undefined;
    const how = await exited;
    const channel = this.#parentChannel;
    channel?.end(goneWord, () => channel.destroy());
    const atMs = systemClock.wallMs();
    this.#timer.cancel();
    const { cause, message } = this.#verdict ?? how;
    const mark = this.#marks && blamed(this.#marks, cause, atMs);
    this.#marks?.close();
    const unheard = systemClock.after(lastWordsMs, () => stderr?.destroy());
    await said;
    unheard.cancel();
    const error = this.#complaint.split('\n').findLast((line) => /^(\w*Error\b|FATAL ERROR)/.test(line));
    const words = error === undefined ? message : `${message}: ${error}`;
    return { cause, message: words, begunMs: this.#begunMs, atMs, mark };
  }
}

/** A quarter of a process's start is compiling: what was compiled once need not be again. Each version of Node has a folder of its own in it. */
function compileCache(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}

/** What a process worked on when it ended; null: nothing, or nobody knows. */
function blamed(marks: MarkFile, cause: DeathCause, atMs: number): Mark | null {
  const marked = marks.read();
  // Memory is filled piece by piece: what is found out between two of them may be due to the one just before.
  const filled = cause === 'grew' && atMs - marks.markedAtMs < filledMs;
  return marked && (marked.now || filled) ? marked.mark : null;
}
