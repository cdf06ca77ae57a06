import { type Clock, systemClock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { builtProgram } from '../../contract/installation.ts';
import type { ChildBounds } from '../child/child-watch.ts';
import { KeptChild } from '../child/kept-child.ts';
import { type Answers, onceOver } from '../child/line.ts';
import type { Mark } from '../child/mark.ts';
import type { HealthListener } from '../child/restarts.ts';
import { type ChildDeath, WatchedChild } from '../child/watched-child.ts';
import { type GuardCalls, type GuardProcessCalls, guardAnswerSenses } from '../guard/calls.ts';

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

type GuardChild = WatchedChild<GuardProcessCalls, object>;
/** What something is held open for. */
interface Opening {
  readonly mark: Mark | null;
}

/** The guard's process, from the daemon's side: started with the first call, and again when it dies; what was open then is gone. */
export class GuardHost {
  /** What is asked of it in the name of others. */
  readonly answers: Answers<GuardCalls> = {
    http: async (opening, signal) => await this.#open(opening, signal).hold('http', opening, signal),
    relay: async (opening, signal) => await this.#open(opening, signal).hold('relay', opening, signal),
    addresses: async (of, signal) => await this.#life().line.ask('addresses', of, signal),
    refusal: async (of, signal) => await this.#life().line.ask('refusal', of, signal),
    variants: async (of, signal) => await this.#life().line.ask('variants', of, signal),
    byUdp: async (of, signal) => await this.#life().line.ask('byUdp', of, signal),
  };
  readonly #guard: KeptChild<GuardChild>;
  /** What is open, or waited for. */
  readonly #openings = new Set<Opening>();

  constructor(options: GuardHostOptions) {
    const {
      entry = builtProgram('ingest/guard/main'),
      bounds,
      allowPrivateNetworks,
      health,
      onDied,
      clock = systemClock,
    } = options;
    const begin = { allowPrivateNetworks };
    this.#guard = new KeptChild({
      ...{ part: 'guard', clock, health },
      start: () =>
        new WatchedChild({
          ...{ entry, bounds, begin, answers: {}, senses: {}, answerSenses: guardAnswerSenses },
          ...{ gone: unavailable, environment: 'needed' },
        }),
      onDied: ({ pid }, death) => {
        const rooms = [...this.#openings].flatMap(({ mark }) => mark?.room ?? []);
        this.#openings.clear();
        onDied?.({ ...death, pid, rooms: [...new Set(rooms)] });
      },
    });
  }

  /** Undefined where it does not run. */
  get pid(): number | undefined {
    return this.#guard.life?.pid;
  }

  /** Somebody waits: where it is about to be tried again, that is now. */
  hurry(): void {
    this.#guard.hurry();
  }

  async close(): Promise<void> {
    await this.#guard.close();
  }

  #life(): GuardChild {
    const guard = this.#guard.keep();
    if (!guard) throw unavailable(this.#guard.problem);
    return guard;
  }

  /** Something is open, or waited for, until nobody needs it any more. */
  #open({ mark }: Opening, signal: AbortSignal): GuardChild['line'] {
    const { line } = this.#life();
    const opening = { mark };
    this.#openings.add(opening);
    onceOver(signal, () => this.#openings.delete(opening));
    return line;
  }
}

function unavailable(reason: string): MiroliveError {
  return new MiroliveError('INGEST_UNAVAILABLE', `the process that opens addresses is not there: ${reason}`);
}
