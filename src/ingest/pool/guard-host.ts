import { BackOff } from '../../contract/back-off.ts';
import { type Clock, systemClock, type Timer } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { GuardAnswer, GuardAsk, GuardReport, GuardRequest } from '../guard/messages.ts';
import type { HealthListener } from './health-listener.ts';
import { type ProcessBounds, WatchedChild } from './watched-child.ts';

/** Tests run the source itself; dist has it compiled. */
const usualEntry = new URL(
  import.meta.url.endsWith('.ts') ? '../guard/main.ts' : '../guard/main.js',
  import.meta.url,
);

export interface GuardHostOptions {
  readonly allowPrivateNetworks: boolean;
  readonly bounds: ProcessBounds;
  /** Hears of `guard`. */
  readonly health?: HealthListener;
  readonly entry?: URL;
  readonly clock?: Clock;
}

interface Waiting {
  /** Who has asked. */
  readonly owner: object;
  readonly ask: GuardAsk;
  readonly answer: (answer: GuardAnswer) => void;
}

/** The guard's process, from the daemon's side: started with the first call, and again when it dies; what was open then is gone. */
export class GuardHost {
  readonly #options: GuardHostOptions;
  readonly #clock: Clock;
  readonly #backOff = new BackOff();
  readonly #waiting = new Map<number, Waiting>();
  /** What each of those who ask has open. */
  readonly #open = new Map<object, Set<number>>();
  /** Those who are gone. */
  readonly #gone = new WeakSet<object>();
  #child: WatchedChild<GuardRequest, GuardReport> | undefined;
  #again: Timer | undefined;
  #problem: string | null = null;
  #calls = 0;
  #closed = false;

  constructor(options: GuardHostOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Undefined where it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Asks it something in the name of somebody, whose openings end with him. */
  ask(owner: object, ask: GuardAsk): Promise<GuardAnswer> {
    if (this.#closed || this.#again) return Promise.resolve(unavailable(this.#problem ?? 'it is closed'));
    this.#child ??= this.#start();
    const call = ++this.#calls;
    const { promise, resolve } = Promise.withResolvers<GuardAnswer>();
    this.#waiting.set(call, { owner, ask, answer: resolve });
    this.#child.send({ type: 'ask', call, ask });
    return promise;
  }

  /** Somebody waits: where it is about to be tried again, that is now. */
  hurry(): void {
    this.#backOff.reset();
    if (!this.#again) return;
    this.#again.cancel();
    this.#startAgain();
  }

  /** Somebody is gone. */
  forget(owner: object): void {
    this.#gone.add(owner);
    for (const id of this.#open.get(owner) ?? []) void this.ask(owner, { kind: 'close', id });
    this.#open.delete(owner);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#again?.cancel();
    await this.#child?.close();
  }

  #start(): WatchedChild<GuardRequest, GuardReport> {
    const { entry = usualEntry, bounds, allowPrivateNetworks } = this.#options;
    const child = new WatchedChild<GuardRequest, GuardReport>(entry, bounds, (report) =>
      this.#handle(report),
    );
    child.send({ type: 'begin', allowPrivateNetworks, family: child.family });
    void child.ended.then(({ message }) => this.#died(message));
    return child;
  }

  #handle(report: GuardReport): void {
    if (report.type === 'ready') {
      this.#backOff.started(this.#clock.nowMs());
      this.#problem = null;
      this.#options.health?.found('guard');
    }
    if (report.type !== 'answer') return;
    const { call, answer } = report;
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (waiting) this.#note(waiting, answer);
    waiting?.answer(answer);
  }

  /** Keeps count of what is open. */
  #note({ owner, ask }: Waiting, answer: GuardAnswer): void {
    const open = this.#open.get(owner) ?? new Set();
    if (ask.kind === 'close') open.delete(ask.id);
    else if ((ask.kind === 'http' || ask.kind === 'relay') && 'value' in answer) {
      const { id } = answer.value as { readonly id: number };
      // Nobody else would close it.
      if (this.#gone.has(owner)) return void this.ask(owner, { kind: 'close', id });
      open.add(id);
    } else return;
    if (open.size > 0) this.#open.set(owner, open);
    else this.#open.delete(owner);
  }

  #died(message: string): void {
    this.#child = undefined;
    this.#open.clear();
    for (const { answer } of this.#waiting.values()) answer(unavailable(message));
    this.#waiting.clear();
    if (this.#closed) return;
    this.#problem = message;
    const waitMs = this.#backOff.failed(this.#clock.nowMs());
    // One that is replaced at once is not missed.
    const { failures } = this.#backOff.state;
    if (waitMs > 0) this.#options.health?.lost('guard', { reason: message, failures, nextTryMs: waitMs });
    this.#again = this.#clock.after(waitMs, () => this.#startAgain());
  }

  #startAgain(): void {
    this.#again = undefined;
    if (!this.#closed) this.#child ??= this.#start();
  }
}

function unavailable(reason: string): GuardAnswer {
  const message = `the process that opens addresses is not there: ${reason}`;
  return { error: new MiroliveError('INGEST_UNAVAILABLE', message).toJSON() };
}
