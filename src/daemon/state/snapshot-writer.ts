import { Worker, type WorkerOptions } from 'node:worker_threads';
import { BackOff } from '../../contract/back-off.ts';
import type { Clock, Timer } from '../../contract/clock.ts';
import { builtProgram } from '../../contract/installation.ts';
import { keptPart as part } from '../../contract/kept-part.ts';
import type { HealthListener } from '../../ingest/child/restarts.ts';
import { logLookMs } from './log-watch.ts';
import {
  merged,
  type SnapshotAnswer,
  type SnapshotBatch,
  type SnapshotChanges,
  type SnapshotTask,
} from './snapshot-batch.ts';

/** What is seen of broadcasts is written so long after it was, in ms: each tells it once a second, and a place is to be right to 2 s. */
const seenWithinMs = 500;
/** How long the end of the daemon, and whoever ends or keeps a broadcast, waits for what is still to be written, in ms. */
const lastWriteMs = 1500;

/** A disk that takes longer to write it, in ms, is told: the thread waits 5 s for who else writes. */
const silentMs = 8000;

const logPart = 'log of the state';
const unwritten = 'what is to go on after a restart cannot be written';

export interface SnapshotWriterOptions {
  /** Path of the database, which the main thread has opened. */
  readonly file: string;
  readonly clock: Clock;
  readonly health: HealthListener;
  /** Starts a thread. Default: a real one. */
  readonly start?: (program: URL, options: WorkerOptions) => Worker;
}

/**
 * Writes down what is to go on after a restart, in a thread of its own: it changes all the time, and no disk, however slow, is to be in
 * the way of what else the daemon does. No more is held than the newest of each room, and what is being written.
 */
export class SnapshotWriter {
  readonly #options: SnapshotWriterOptions;
  readonly #backOff = new BackOff();
  #pending = new Map<string, SnapshotChanges | null>();
  #writing: SnapshotBatch | null = null;
  #thread: Worker | undefined;
  /** Tells that nothing comes of what is being written. */
  #silence: Timer | undefined;
  #timer: { readonly atMs: number; readonly timer: Timer } | null = null;
  #notBeforeMs = 0;
  #problem: string | null = null;
  #settled = Promise.withResolvers<void>();
  #closed = false;

  constructor(options: SnapshotWriterOptions) {
    this.#options = options;
  }

  /** Why the last attempt failed; null: it did not. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Something of what is kept in a room has changed. */
  put(room: string, changes: SnapshotChanges): void {
    const isPlaceAlone = Object.keys(changes).every((key) => key === 'seen');
    this.#add(room, changes, isPlaceAlone ? seenWithinMs : 0);
  }

  /** Nothing is kept in a room any more. */
  remove(room: string): void {
    this.#add(room, null, 0);
  }

  /** Writes what is to be written now; resolves when it is, or cannot be. */
  async flush(): Promise<void> {
    while (this.#writing || this.#pending.size > 0) {
      this.#write();
      await this.#settled.promise;
      if (this.#problem !== null) return;
    }
  }

  /** As `flush`, for whoever is to hear whether it worked: a slow disk is not waited for any longer than a moment. */
  async tried(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(lastWriteMs, resolve);
    await Promise.race([this.flush(), promise]);
    timer.cancel();
  }

  /** Has the log of the state brought into the state itself, as far as nobody reads it. */
  settle(): void {
    if (this.#closed) return;
    try {
      this.#ask('settle');
    } catch (error) {
      this.#settledLog((error as Error).message);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.tried();
    this.#closed = true;
    this.#timer?.timer.cancel();
    this.#silence?.cancel();
    await this.#thread?.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #add(room: string, changes: SnapshotChanges | null, withinMs: number): void {
    if (this.#closed) return;
    const { clock } = this.#options;
    this.#pending.set(room, merged(this.#pending.get(room), changes));
    this.#writeAt(Math.max(clock.nowMs() + withinMs, this.#notBeforeMs));
  }

  #writeAt(atMs: number): void {
    const { clock } = this.#options;
    if (this.#timer && this.#timer.atMs <= atMs) return;
    this.#timer?.timer.cancel();
    this.#timer = { atMs, timer: clock.after(atMs - clock.nowMs(), () => this.#write()) };
  }

  #write(): void {
    this.#timer?.timer.cancel();
    this.#timer = null;
    if (this.#closed || this.#writing || this.#pending.size === 0) return;
    this.#writing = [...this.#pending];
    this.#pending = new Map();
    this.#listen(0);
    try {
      this.#ask(this.#writing);
    } catch (error) {
      // A machine may be out of threads for a moment; whoever waits is told in a turn of its own.
      queueMicrotask(() => this.#written((error as Error).message));
    }
  }

  #ask(task: SnapshotTask): void {
    this.#thread ??= this.#begin();
    this.#thread.postMessage(task);
  }

  #begin(): Worker {
    const { start = (program, options) => new Worker(program, options) } = this.#options;
    const thread = start(builtProgram('daemon/state/snapshot-thread'), {
      workerData: { file: this.#options.file },
      name: 'mirolive-state',
    });
    // It must not keep a process whose work is done.
    thread.unref();
    thread.on('message', ({ to, problem }: SnapshotAnswer) =>
      to === 'write' ? this.#written(problem) : this.#settledLog(problem),
    );
    thread.on('error', (error) => {
      this.#thread = undefined;
      this.#written((error as Error).message);
    });
    return thread;
  }

  #settledLog(problem: string | null): void {
    const { health } = this.#options;
    if (problem === null) health.found(logPart);
    else health.lost(logPart, { reason: problem, failures: 1, nextTryMs: logLookMs });
  }

  /** @param failures how often nothing has come of what is being written */
  #listen(failures: number): void {
    const { clock, health } = this.#options;
    this.#silence = clock.after(silentMs, () => {
      this.#listen(failures + 1);
      const reason = `${unwritten}: the disk has not answered for ${((failures + 1) * silentMs) / 1000} s`;
      health.lost(part, { reason, failures: failures + 1, nextTryMs: silentMs });
    });
  }

  #written(problem: string | null): void {
    const { clock, health } = this.#options;
    this.#silence?.cancel();
    const before = this.#writing ?? [];
    this.#writing = null;
    this.#problem = problem;
    const nowMs = clock.nowMs();
    if (problem === null) {
      this.#notBeforeMs = 0;
      this.#backOff.reset();
      health.found(part);
    } else {
      const after = this.#pending;
      this.#pending = new Map(before);
      for (const [room, changes] of after) this.#pending.set(room, merged(this.#pending.get(room), changes));
      const nextTryMs = this.#backOff.failed(nowMs);
      const { failures } = this.#backOff.state;
      this.#notBeforeMs = nowMs + nextTryMs;
      health.lost(part, { reason: `${unwritten}: ${problem}`, failures, nextTryMs });
    }
    if (this.#pending.size > 0 && !this.#closed) this.#writeAt(Math.max(nowMs, this.#notBeforeMs));
    this.#settled.resolve();
    this.#settled = Promise.withResolvers();
  }
}
