import type { Clock, Timer } from '../../contract/clock.ts';
import type { WebhookFigures, WebhookTry } from '../../contract/webhook.ts';
import {
  connectionsFor,
  isBack,
  maxRetryAfterMs,
  type Outcome,
  type ReceiverState,
  receiverAfter,
  waitAfter,
  wellReceiver,
} from './delivery-plan.ts';
import type { Due, Outbox } from './outbox.ts';
import type { Signed } from './signature.ts';

/** Where a webhook goes, and what it is signed with. */
export interface Receiver {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
}

/** What is told of a webhook, once for each time. */
export type WebhookFact =
  /** It wants no more. */
  | { readonly is: 'ended'; readonly webhook: string; readonly reason: string }
  /** So much had to go, for want of room or of time. */
  | { readonly is: 'lost'; readonly webhook: string; readonly count: number; readonly why: 'full' | 'late' }
  | { readonly is: 'failing'; readonly webhook: string; readonly problem: string }
  | { readonly is: 'well'; readonly webhook: string };

export interface DeliveriesOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly chance: () => number;
  /** Sends it once. Nothing is thrown. */
  readonly post: (receiver: Receiver, what: Signed) => Promise<Outcome>;
  readonly tell: (fact: WebhookFact) => void;
}

/** So many failures in a row are told. */
const toldFailures = 3;
/** No timer is longer, in ms: what is given up is looked for so often. */
const lookMs = 60_000;
/** What is over, of whomever, is looked through so often, in ms: all of it is read for that. */
const tidyMs = 3_600_000;

interface Lane {
  receiver: Receiver;
  state: ReceiverState;
  problem: string | null;
  /** Rooms of which something is under way. */
  readonly busy: Set<string>;
  isTold: boolean;
  /** What is too old is given up by then, by the clock of what passes, in ms. */
  lookAtMs: number;
}

/** Sends what waits in the outbox: to each receiver by itself, of each room one after the other, until it is taken or a day is over. */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  #lanes = new Map<string, Lane>();
  #timer: Timer | undefined;
  #tidyAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** From now on these are sent to, and no others. */
  set(receivers: readonly Receiver[]): void {
    const before = this.#lanes;
    this.#lanes = new Map(
      receivers.map((receiver) => {
        const known = before.get(receiver.id);
        if (known) known.receiver = receiver;
        return [receiver.id, known ?? this.#newLane(receiver)];
      }),
    );
    this.wake();
  }

  /** Something may be there to be sent. */
  wake(): void {
    if (this.#closed) return;
    this.#timer?.cancel();
    const { outbox, clock } = this.#options;
    const waits = [...this.#lanes].map(([webhook, lane]) => {
      this.#giveUp(webhook, lane);
      this.#begin(webhook, lane);
      if (lane.busy.size > 0) return lookMs;
      const nextAt = outbox.nextTryAt(webhook);
      if (nextAt === null) return lookMs;
      return Math.max(lane.state.notBeforeMs - clock.nowMs(), nextAt - clock.wallMs(), 0);
    });
    this.#tidy();
    this.#timer = clock.after(Math.min(lookMs, ...waits), () => this.wake());
  }

  /** Nothing is under way, and nothing could be sent now to who takes what it is sent. */
  get isIdle(): boolean {
    const { outbox, clock } = this.#options;
    return [...this.#lanes].every(
      ([webhook, { state, busy }]) =>
        state.failures > 0 || (busy.size === 0 && outbox.due(webhook, [], clock.wallMs()) === null),
    );
  }

  /** How a webhook fares; null: it is not sent to. */
  figures(webhook: string): WebhookFigures | null {
    const lane = this.#lanes.get(webhook);
    if (!lane) return null;
    const { failures } = lane.state;
    return {
      ...this.#options.outbox.figures(webhook),
      failures,
      problem: failures > 0 ? lane.problem : null,
    };
  }

  /** Sends something at once that is in no outbox. null: it is not sent to. */
  async try(webhook: string, id: string, body: string): Promise<WebhookTry | null> {
    const { clock, post } = this.#options;
    const lane = this.#lanes.get(webhook);
    if (!lane) return null;
    const begunMs = clock.nowMs();
    const outcome = await post(lane.receiver, { id, wallMs: clock.wallMs(), body });
    const taken = outcome.is === 'taken';
    return {
      ...{ taken, status: outcome.status, problem: taken ? null : outcome.problem },
      tookMs: Math.round(clock.nowMs() - begunMs),
    };
  }

  /** Somebody wants it tried now, as if it had never failed. */
  hurry(webhook: string): void {
    const lane = this.#lanes.get(webhook);
    if (lane) this.#fare(webhook, lane, wellReceiver);
    this.wake();
  }

  /** Sends nothing more. What is under way may arrive, and is sent again another time. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #tidy(): void {
    const { outbox, clock } = this.#options;
    if (clock.nowMs() < this.#tidyAtMs) return;
    this.#tidyAtMs = clock.nowMs() + tidyMs;
    outbox.tidy([...this.#lanes.keys()], clock.wallMs());
  }

  #giveUp(webhook: string, lane: Lane): void {
    const { outbox, clock, tell } = this.#options;
    if (clock.nowMs() < lane.lookAtMs) return;
    lane.lookAtMs = clock.nowMs() + lookMs;
    const count = outbox.giveUp(webhook, clock.wallMs());
    if (count > 0) tell({ is: 'lost', webhook, count, why: 'late' });
  }

  #begin(webhook: string, lane: Lane): void {
    const { outbox, clock } = this.#options;
    while (lane.state.notBeforeMs <= clock.nowMs() && lane.busy.size < connectionsFor(lane.state)) {
      const due = outbox.due(webhook, [...lane.busy], clock.wallMs());
      if (due === null) return;
      lane.busy.add(due.room);
      void this.#send(webhook, lane, due);
    }
  }

  async #send(webhook: string, lane: Lane, due: Due): Promise<void> {
    const { clock, post } = this.#options;
    const { event: id, body } = due;
    const outcome = await post(lane.receiver, { id, wallMs: clock.wallMs(), body });
    if (this.#closed) return;
    lane.busy.delete(due.room);
    // It may have been removed meanwhile.
    if (this.#lanes.get(webhook) === lane) this.#note(webhook, lane, due, outcome);
    this.wake();
  }

  #note(webhook: string, lane: Lane, { row, tries }: Due, outcome: Outcome): void {
    const { outbox, clock, chance, tell } = this.#options;
    const before = lane.state;
    this.#fare(webhook, lane, receiverAfter(before, outcome, clock.nowMs(), chance()));
    if (outcome.is === 'taken') {
      outbox.taken(row, outcome.status, clock.wallMs());
      if (isBack(before)) outbox.hurry(webhook);
      if (lane.isTold) tell({ is: 'well', webhook });
      lane.isTold = false;
      return;
    }
    const waitMs = waitAfter(outcome, tries + 1, lane.state.failures, chance());
    outbox.notTaken(row, outcome.status, outcome.problem, clock.wallMs() + waitMs);
    if (outcome.is === 'gone') {
      this.#lanes.delete(webhook);
      this.#tidyAtMs = clock.nowMs();
      tell({ is: 'ended', webhook, reason: outcome.problem });
      return;
    }
    lane.problem = outcome.problem;
    if (lane.isTold || lane.state.failures < toldFailures) return;
    lane.isTold = true;
    tell({ is: 'failing', webhook, problem: outcome.problem });
  }

  /** From now on a receiver fares like that: what it has asked for is on the disk as it is here. */
  #fare(webhook: string, lane: Lane, state: ReceiverState): void {
    const { outbox, clock } = this.#options;
    const { pausedUntilMs } = state;
    if (pausedUntilMs !== lane.state.pausedUntilMs)
      outbox.pause(webhook, pausedUntilMs && Math.round(clock.wallMs() + pausedUntilMs - clock.nowMs()));
    lane.state = state;
  }

  /** What it asked of an earlier daemon holds too. */
  #newLane(receiver: Receiver): Lane {
    const { outbox, clock } = this.#options;
    const leftMs = Math.min(maxRetryAfterMs, outbox.pausedUntil(receiver.id) - clock.wallMs());
    const isPaused = leftMs > 0;
    const untilMs = clock.nowMs() + leftMs;
    return {
      ...{ receiver, busy: new Set<string>(), isTold: false, lookAtMs: 0 },
      state: isPaused ? { failures: 1, notBeforeMs: untilMs, pausedUntilMs: untilMs } : wellReceiver,
      problem: isPaused ? 'it asked to be left alone for a while' : null,
    };
  }
}
