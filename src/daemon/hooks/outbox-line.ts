import { Worker, type WorkerOptions } from 'node:worker_threads';
import { BackOff } from '../../contract/back-off.ts';
import type { Clock, Timer } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { builtProgram } from '../../contract/installation.ts';
import type { HealthListener } from '../../ingest/child/restarts.ts';
import type { Receiver, WebhookFact } from './deliveries.ts';
import type { Posting } from './outbox.ts';
import type {
  OutboxAnswers,
  OutboxAsk,
  OutboxTask,
  OutboxThreadData,
  OutboxWord,
} from './outbox-messages.ts';

/** What is degraded while nothing can be told to webhooks. */
const part = 'outbox of webhooks';
/** What happened and is not on the disk yet: more is not held, and the oldest goes. */
const maxUnwritten = 2000;
/** So much is handed to its thread at once: the next when that is written, so that nothing piles up on the way there. */
const maxHanded = 200;
/** An answer is waited for so long, in ms: a try takes up to 15 s. */
const answerMs = 20_000;
/** The end of the daemon waits for what is still to be written and sent so long, in ms. */
const lastMs = 1500;
/** Memory of its thread, in MB: what it holds is bounded, whatever receivers do. */
const maxMemoryMb = 128;

export interface OutboxLineOptions extends OutboxThreadData {
  readonly clock: Clock;
  readonly health: HealthListener;
  readonly tell: (fact: WebhookFact) => void;
  /** A file that could not be read is now here. */
  readonly onSetAside: (file: string) => void;
  /** Starts a thread. Default: a real one. */
  readonly start?: (program: URL, options: WorkerOptions) => Worker;
}

/** The outbox, as the rest of the daemon has it: it is written, and sent from, in a thread of its own, which is begun anew when it ends. */
export class OutboxLine {
  readonly #options: OutboxLineOptions;
  readonly #backOff = new BackOff();
  readonly #asked = new Map<number, (answer: unknown) => void>();
  #set: Extract<OutboxTask, { is: 'set' }> | null = null;
  #unwritten: Posting[] = [];
  /** Of them the first so many are with the thread. */
  #handed = 0;
  #thread: Worker | undefined;
  #timer: Timer | undefined;
  #nextAsk = 0;
  #closed = false;

  constructor(options: OutboxLineOptions) {
    this.#options = options;
  }

  /** From now on these are sent to. Until the first one nothing is begun for it. @param known webhooks whose log is kept */
  set(receivers: readonly Receiver[], known: readonly string[], allow: readonly string[]): void {
    this.#set = { is: 'set', receivers, known, allow };
    if (this.#thread) this.#post(this.#set);
    else if (known.length > 0) this.#begin();
  }

  /** Something is to be told. Gives how many postings had to go for it, since the disk takes none. */
  put(postings: readonly Posting[]): Posting[] {
    if (this.#closed || postings.length === 0) return [];
    this.#unwritten.push(...postings);
    // What is with the thread may be on the disk by now.
    const lost = this.#unwritten.splice(this.#handed, Math.max(0, this.#unwritten.length - maxUnwritten));
    if (this.#handed === 0) this.#hand(maxHanded);
    return lost;
  }

  /** @throws MiroliveError OUTBOX_UNAVAILABLE */
  async ask<N extends keyof OutboxAnswers>(
    what: N,
    ask: OutboxAnswers[N]['ask'],
    waitMs = answerMs,
  ): Promise<OutboxAnswers[N]['answer']> {
    if (!this.#thread) throw unavailable('it is not open');
    const id = this.#nextAsk++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = this.#options.clock.after(waitMs, () => reject(unavailable('it does not answer')));
    this.#asked.set(id, resolve);
    this.#post({ is: 'ask', id, ask: { what, ...ask } as OutboxAsk });
    try {
      const answer = await promise;
      if (answer === died) throw unavailable('it has just ended');
      return answer as OutboxAnswers[N]['answer'];
    } finally {
      timer.cancel();
      this.#asked.delete(id);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#hand(maxUnwritten);
    if (this.#thread) await this.ask('flush', {}, lastMs).catch(() => {});
    await this.#thread?.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(): void {
    if (this.#closed || this.#thread) return;
    this.#timer?.cancel();
    const { file, agent, start = (program, options) => new Worker(program, options) } = this.#options;
    const workerData: OutboxThreadData = { file, agent };
    try {
      const resourceLimits = { maxOldGenerationSizeMb: maxMemoryMb };
      const thread = start(builtProgram('daemon/hooks/outbox-thread'), {
        ...{ workerData, name: 'mirolive-outbox', resourceLimits },
      });
      // It must not keep a process whose work is done.
      thread.unref();
      thread.on('message', (word: OutboxWord) => this.#hear(word));
      thread.on('error', (error) => this.#ended((error as Error).message));
      this.#thread = thread;
    } catch (error) {
      // A machine may be out of threads for a moment.
      this.#ended((error as Error).message);
      return;
    }
    if (this.#set) this.#post(this.#set);
    this.#hand(maxHanded);
  }

  #hand(most: number): void {
    if (!this.#thread) return;
    const postings = this.#unwritten.slice(this.#handed, this.#handed + most);
    if (postings.length === 0) return;
    this.#handed += postings.length;
    this.#post({ is: 'put', postings });
  }

  #post(task: OutboxTask): void {
    this.#thread?.postMessage(task);
  }

  #hear(word: OutboxWord): void {
    const { tell, clock, health, onSetAside } = this.#options;
    switch (word.is) {
      case 'open':
        this.#backOff.started(clock.nowMs());
        health.found(part);
        if (word.setAside !== null) onSetAside(word.setAside);
        return;
      case 'written':
        this.#unwritten.splice(0, word.count);
        this.#handed -= word.count;
        if (this.#handed === 0) this.#hand(maxHanded);
        return;
      case 'answer':
        this.#asked.get(word.id)?.(word.answer);
        return;
      case 'fact':
        tell(word.fact);
    }
  }

  #ended(problem: string): void {
    this.#thread = undefined;
    this.#handed = 0;
    for (const answer of this.#asked.values()) answer(died);
    if (this.#closed) return;
    const { clock, health } = this.#options;
    const nextTryMs = this.#backOff.failed(clock.nowMs());
    const { failures } = this.#backOff.state;
    health.lost(part, { reason: `webhooks are told nothing: ${problem}`, failures, nextTryMs });
    this.#timer = clock.after(nextTryMs, () => this.#begin());
  }
}

const died = Symbol('died');

function unavailable(why: string): MiroliveError {
  return new MiroliveError('OUTBOX_UNAVAILABLE', `the outbox of webhooks cannot be asked: ${why}`);
}
