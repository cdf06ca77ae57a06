import { type Clock, systemClock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { ChildBounds } from '../child/child-watch.ts';
import { KeptChild } from '../child/kept-child.ts';
import type { Mark } from '../child/mark.ts';
import type { HealthListener } from '../child/restarts.ts';
import { type ChildDeath, WatchedChild } from '../child/watched-child.ts';
import type { GuardAnswer, GuardAsk, GuardReport, GuardRequest } from '../guard/messages.ts';

/** Tests run the source itself; dist has it compiled. */
const usualEntry = new URL(
  import.meta.url.endsWith('.ts') ? '../guard/main.ts' : '../guard/main.js',
  import.meta.url,
);

export interface GuardHostOptions {
  readonly allowPrivateNetworks: boolean;
  readonly bounds: ChildBounds;
  /** Hears of `guard`. */
  readonly health?: HealthListener;
  readonly onDied?: (death: GuardDeath) => void;
  readonly entry?: URL;
  readonly clock?: Clock;
}

/** A life of it that ended without being closed. */
export interface GuardDeath extends ChildDeath {
  readonly pid: number;
  /** That had something open, or waited for it. */
  readonly rooms: readonly string[];
}

interface Waiting {
  /** Who has asked. */
  readonly owner: object;
  readonly ask: GuardAsk;
  readonly answer: (answer: GuardAnswer) => void;
}

/** The guard's process, from the daemon's side: started with the first call, and again when it dies; what was open then is gone. */
export class GuardHost {
  readonly #guard: KeptChild<WatchedChild<GuardRequest, GuardReport>>;
  readonly #waiting = new Map<number, Waiting>();
  /** What each of those who ask has open, with what for. */
  readonly #open = new Map<object, Map<number, Mark | null>>();
  /** Those who are gone. */
  readonly #gone = new WeakSet<object>();
  #calls = 0;
  #closed = false;

  constructor(options: GuardHostOptions) {
    const { entry = usualEntry, bounds, allowPrivateNetworks, health, onDied, clock = systemClock } = options;
    const begin = { type: 'begin', allowPrivateNetworks } as const;
    this.#guard = new KeptChild({
      ...{ part: 'guard', clock, health },
      start: () =>
        new WatchedChild({ entry, bounds, begin, environment: 'needed', marks: true }, (report) =>
          this.#handle(report),
        ),
      onDied: ({ pid }, death) => {
        const rooms = this.#rooms();
        this.#died(death.message);
        onDied?.({ ...death, pid, rooms });
      },
    });
  }

  /** Undefined where it does not run. */
  get pid(): number | undefined {
    return this.#guard.life?.pid;
  }

  /** Asks it something in the name of somebody, whose openings end with him. */
  ask(owner: object, ask: GuardAsk): Promise<GuardAnswer> {
    const guard = this.#closed ? undefined : this.#guard.keep();
    if (!guard) return Promise.resolve(unavailable(this.#closed ? 'it is closed' : this.#guard.problem));
    const call = ++this.#calls;
    const { promise, resolve } = Promise.withResolvers<GuardAnswer>();
    this.#waiting.set(call, { owner, ask, answer: resolve });
    guard.send({ type: 'ask', call, ask });
    return promise;
  }

  /** Somebody waits: where it is about to be tried again, that is now. */
  hurry(): void {
    this.#guard.hurry();
  }

  /** Somebody is gone. */
  forget(owner: object): void {
    this.#gone.add(owner);
    for (const id of this.#open.get(owner)?.keys() ?? []) void this.ask(owner, { kind: 'close', id });
    this.#open.delete(owner);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#guard.close();
    this.#died('it is closed');
  }

  #handle(report: GuardReport): void {
    if (report.type !== 'answer') return;
    const { call, answer } = report;
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (waiting) this.#note(waiting, answer);
    waiting?.answer(answer);
  }

  /** Keeps count of what is open. */
  #note({ owner, ask }: Waiting, answer: GuardAnswer): void {
    const open = this.#open.get(owner) ?? new Map<number, Mark | null>();
    if (ask.kind === 'close') open.delete(ask.id);
    else if ((ask.kind === 'http' || ask.kind === 'relay') && 'value' in answer) {
      const { id } = answer.value as { readonly id: number };
      // Nobody else would close it.
      if (this.#gone.has(owner)) return void this.ask(owner, { kind: 'close', id });
      open.set(id, ask.mark);
    } else return;
    if (open.size > 0) this.#open.set(owner, open);
    else this.#open.delete(owner);
  }

  /** That have something open, or wait for it. */
  #rooms(): string[] {
    const open = [...this.#open.values()].flatMap((marks) => [...marks.values()]);
    const wanted = [...this.#waiting.values()].map(({ ask }) => ('mark' in ask ? ask.mark : null));
    return [...new Set([...open, ...wanted].flatMap((mark) => mark?.room ?? []))];
  }

  #died(message: string): void {
    this.#open.clear();
    for (const { answer } of this.#waiting.values()) answer(unavailable(message));
    this.#waiting.clear();
  }
}

function unavailable(reason: string): GuardAnswer {
  const message = `the process that opens addresses is not there: ${reason}`;
  return { error: new MiroliveError('INGEST_UNAVAILABLE', message).toJSON() };
}
