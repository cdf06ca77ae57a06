import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Logger } from 'pino';
import { BackOff } from '../../contract/back-off.ts';
import { type Clock, every, type Timer } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { builtProgram } from '../../contract/installation.ts';
import type { HealthListener } from '../../ingest/child/restarts.ts';
import type { HistoryAnswer, HistoryBatch, HistoryPart, HistoryTask } from './history-messages.ts';
import type { HistoryLimits, RemovedPast } from './history-table.ts';
import type { QueryOf, ResultOf, RowOf, TableName } from './tables.ts';

const part = 'history';
/** What has happened is written so long after it did, in ms, with what else has by then. */
const writeWithinMs = 250;
/** What waits to be written may take, in bytes: the newest goes where it is more, and is told as missing. */
const maxWaitingBytes = 8 * 1024 * 1024;
/** So many questions wait for the disk at most: one more is told that it does not answer. */
const maxQuestions = 100;
/** How often what is too old is removed, in ms. */
const tidyEveryMs = 60_000;
/** A disk that takes longer is told, in ms; the thread waits 5 s for who reads the file. */
const silentMs = 8000;
/** How long the end of the daemon waits for what is still to be written, in ms. */
const lastWriteMs = 1500;

export interface HistoryOptions {
  /** Path of the database. */
  readonly file: string;
  /** They may change while it runs. */
  readonly limits: () => HistoryLimits;
  readonly clock: Clock;
  readonly health: HealthListener;
  readonly log: Logger;
  /** Starts a thread. Default: a real one. */
  readonly start?: (program: URL, options: WorkerOptions) => Worker;
}

/** A task that the thread has not answered. */
interface Asked {
  readonly task: HistoryTask;
  readonly bytes: number;
  readonly answered: PromiseWithResolvers<unknown>;
}

/**
 * What has happened, in a file of its own beside the state, written and read by a thread of its own: neither a slow disk nor a long
 * answer is in anybody's way. It is bounded by age and by size. What it cannot write it holds in memory, as much as is reasonable.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #backOff = new BackOff();
  readonly #tidying: Timer;
  /** From when on what happens is given to it. */
  readonly #sinceMs: number;
  #thread: Worker | undefined;
  #pending: { table: TableName; row: unknown }[] = [];
  #pendingBytes = 0;
  /** In the order in which they were asked. */
  #asked: Asked[] = [];
  #timer: Timer | null = null;
  #silence: Timer | null = null;
  #restart: Timer | null = null;
  #lostMs: number | null = null;
  /** Rows that had no place since the disk answered last. */
  #dropped = 0;
  #closed = false;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#sinceMs = options.clock.wallMs();
    this.#tidying = every(options.clock, tidyEveryMs, () => this.#tidy());
  }

  /** Keeps a row. Nobody waits for it. @param bytes what it takes, about */
  add<N extends TableName>(table: N, row: RowOf<N>, bytes: number): void {
    if (this.#closed) return;
    const { clock } = this.#options;
    const waiting = this.#asked.reduce((sum, one) => sum + one.bytes, this.#pendingBytes);
    if (waiting + bytes > maxWaitingBytes) {
      this.#dropped += 1;
      this.lose();
      return;
    }
    this.#pending.push({ table, row });
    this.#pendingBytes += bytes;
    this.#timer ??= clock.after(writeWithinMs, () => this.#write());
  }

  /** Something is not kept: whoever reads is told that it is missing. */
  lose(): void {
    const { clock } = this.#options;
    this.#lostMs = clock.wallMs();
    this.#timer ??= clock.after(writeWithinMs, () => this.#write());
  }

  /**
   * Asks a table, once all that was kept so far is there.
   *
   * @returns null: there is no such part
   * @throws MiroliveError STATE_UNAVAILABLE
   */
  async read<N extends TableName>(
    table: N,
    query: QueryOf<N>,
    of: HistoryPart = 0,
  ): Promise<ResultOf<N> | null> {
    return (await this.#question({ do: 'read', table, query, part: of })) as ResultOf<N> | null;
  }

  /**
   * Removes what is kept of a room, once all that was kept so far is there.
   *
   * @returns how many rows of each table that were
   * @throws MiroliveError STATE_UNAVAILABLE; where the disk does not answer it may be done nevertheless, or later
   */
  async remove(what: RemovedPast): Promise<Record<TableName, number>> {
    return (await this.#question({ do: 'remove', what })) as Record<TableName, number>;
  }

  /** Writes what is to be written now; resolves when it is, or cannot be. */
  async flush(): Promise<void> {
    this.#writeNow();
    await Promise.allSettled(this.#asked.map(({ answered }) => answered.promise));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const late = this.#options.clock.after(lastWriteMs, resolve);
    await Promise.race([this.flush(), promise]);
    late.cancel();
    this.#closed = true;
    for (const timer of [this.#tidying, this.#timer, this.#silence, this.#restart]) timer?.cancel();
    const ended = new MiroliveError('SHUTTING_DOWN', 'the daemon is ending');
    for (const { answered } of this.#asked) answered.reject(ended);
    await this.#thread?.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Once what was given before is written: while a disk hangs, what comes meanwhile waits here, and not in many batches. */
  #write(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (!this.#asked.some(({ task }) => task.do === 'write')) this.#writeNow();
  }

  #writeNow(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#pending.length === 0 && this.#lostMs === null) return;
    const batch: HistoryBatch = this.#pending;
    const bytes = this.#pendingBytes;
    const lostMs = this.#lostMs;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#lostMs = null;
    this.#ask({ do: 'write', batch, lostMs, limits: this.#options.limits() }, bytes).catch(() => {});
  }

  /** It waits for nobody, and is not asked twice. */
  #tidy(): void {
    if (this.#asked.some(({ task }) => task.do === 'tidy')) return;
    this.#ask({ do: 'tidy', limits: this.#options.limits() }, 0).catch(() => {});
  }

  /** Somebody waits for it. */
  #question(task: HistoryTask): Promise<unknown> {
    if (this.#closed) return Promise.reject(new MiroliveError('SHUTTING_DOWN', 'the history is closed'));
    if (this.#asked.filter(({ task }) => isQuestion(task)).length >= maxQuestions)
      return Promise.reject(unreadable('the disk does not answer'));
    this.#writeNow();
    return this.#ask(task, 0);
  }

  #ask(task: HistoryTask, bytes: number): Promise<unknown> {
    const asked: Asked = { task, bytes, answered: Promise.withResolvers() };
    this.#asked.push(asked);
    this.#silence ??= this.#listen(1);
    if (this.#restart === null) this.#send([asked]);
    return asked.answered.promise;
  }

  #send(tasks: readonly Asked[]): void {
    try {
      this.#thread ??= this.#begin();
      for (const { task } of tasks) this.#thread.postMessage(task);
    } catch (error) {
      // A machine may be out of threads for a moment.
      this.#died((error as Error).message);
    }
  }

  #begin(): Worker {
    const { start = (program, options) => new Worker(program, options), file } = this.#options;
    const thread = start(builtProgram('daemon/history/history-thread'), {
      workerData: { file, sinceMs: this.#sinceMs },
      name: 'mirolive-history',
    });
    // It must not keep a process whose work is done.
    thread.unref();
    thread.on('message', (answer: HistoryAnswer) => this.#answered(answer));
    thread.on('error', (error) => this.#died((error as Error).message));
    return thread;
  }

  #answered({ result, problem, trouble, setAside }: HistoryAnswer): void {
    const { health, log } = this.#options;
    const asked = this.#asked.shift();
    this.#silence?.cancel();
    this.#silence = this.#asked.length === 0 ? null : this.#listen(1);
    if (setAside) log.error(setAside, 'the history cannot be read, is set aside, and begun anew');
    if (trouble) health.lost(part, trouble);
    else health.found(part);
    if (this.#dropped > 0)
      log.warn({ lost: this.#dropped }, 'the history had no place for what happened while its disk hung');
    this.#dropped = 0;
    if (this.#pending.length > 0 || this.#lostMs !== null)
      this.#timer ??= this.#options.clock.after(writeWithinMs, () => this.#write());
    this.#backOff.started(this.#options.clock.nowMs());
    if (problem === null) asked?.answered.resolve(result);
    else asked?.answered.reject(asked.task.do === 'remove' ? unremoved(problem) : unreadable(problem));
  }

  /** What was to be written is asked of the next thread; whoever reads is told. */
  #died(message: string): void {
    const { clock, health } = this.#options;
    this.#thread = undefined;
    this.#silence?.cancel();
    this.#silence = null;
    const questions = this.#asked.filter(({ task }) => isQuestion(task));
    this.#asked = this.#asked.filter(({ task }) => !isQuestion(task));
    for (const { task, answered } of questions) answered.reject(unanswered(task, message));
    if (this.#closed || this.#restart !== null) return;
    const nextTryMs = this.#backOff.failed(clock.nowMs());
    const { failures } = this.#backOff.state;
    health.lost(part, { reason: `its thread has died: ${message}`, failures, nextTryMs });
    this.#restart = clock.after(nextTryMs, () => {
      this.#restart = null;
      this.#send(this.#asked);
    });
  }

  /** @param times how often it was waited for an answer */
  #listen(times: number): Timer {
    const { clock, health } = this.#options;
    return clock.after(silentMs, () => {
      this.#silence = this.#listen(times + 1);
      const lost = this.#dropped === 0 ? '' : `, and there is no place for more: ${this.#dropped} are lost`;
      const reason = `what happens cannot be written down: the disk has not answered for ${(times * silentMs) / 1000} s${lost}`;
      health.lost(part, { reason, failures: times, nextTryMs: silentMs });
      // Nobody waits for what may never come.
      for (const { task, answered } of this.#asked)
        if (isQuestion(task)) answered.reject(unanswered(task, 'the disk does not answer'));
    });
  }
}

function isQuestion({ do: what }: HistoryTask): boolean {
  return what === 'read' || what === 'remove';
}

/** Nobody knows what became of it: a task that waits for a disk is done once that answers. */
function unanswered({ do: what }: HistoryTask, problem: string): MiroliveError {
  if (what !== 'remove') return unreadable(problem);
  return new MiroliveError(
    'STATE_UNAVAILABLE',
    `the removal was asked for, and is not known to be done: ${problem}`,
    { hint: 'It may be done later. See whether the disk answers, and ask again then: mirolive status' },
  );
}

function unremoved(problem: string): MiroliveError {
  return new MiroliveError('STATE_UNAVAILABLE', `what has happened cannot be removed: ${problem}`, {
    hint: 'See what is wrong: mirolive status',
  });
}

function unreadable(problem: string): MiroliveError {
  return new MiroliveError('STATE_UNAVAILABLE', `what has happened cannot be read: ${problem}`, {
    hint: 'See what is wrong: mirolive status',
  });
}
