import type { Clock } from '../contract/clock.ts';
import type { DegradedPart } from '../contract/models.ts';
import type { EventHub } from './event-hub.ts';

/** A part of the daemon that cannot be had back, as whoever starts it again tells. */
export interface Trouble {
  /** Why, one sentence. */
  readonly reason: string;
  /** How often it failed in a row. */
  readonly failures: number;
  /** Until it is tried again, in ms; null: not by itself. */
  readonly nextTryMs: number | null;
}

export interface HealthOptions {
  readonly hub: EventHub;
  readonly clock: Clock;
}

/** Which parts of the daemon cannot be had back, and what it can do without them. A part that is replaced at once is not told. */
export class Health {
  readonly #options: HealthOptions;
  readonly #parts = new Map<string, DegradedPart>();
  readonly #needs: { readonly part: string; readonly has: () => boolean }[] = [];
  #phase: 'starting' | 'open' | 'ended' = 'starting';

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** What is missing now, the longest first. */
  get degraded(): readonly DegradedPart[] {
    return [...this.#parts.values()];
  }

  /** Whether any room can be served. */
  get servable(): boolean {
    const missed = (part: string) => this.degraded.some((one) => one.part.startsWith(part));
    return this.#needs.every(({ part, has }) => has() || !missed(part));
  }

  /** Whether it is wise to send somebody here: it is open, and can serve. */
  get ready(): boolean {
    return this.#phase === 'open' && this.servable;
  }

  /** Without one of these no room can be served. What is only being replaced is not missed. @param part how its parts begin */
  need(part: string, has: () => boolean): void {
    this.#needs.push({ part, has });
  }

  /** All is there: the daemon takes viewers and commands from now on. */
  open(): void {
    this.#phase = 'open';
  }

  /** The daemon ends: what is closed now is neither missed nor had back. */
  close(): void {
    this.#phase = 'ended';
  }

  /** A part cannot be had back for now. Only the first time in a row is an event. */
  lost(part: string, { reason, failures, nextTryMs }: Trouble): void {
    const { clock, hub } = this.#options;
    const wallMs = clock.wallMs();
    const known = this.#parts.get(part);
    const since = known?.since ?? new Date(wallMs).toISOString();
    const nextTryAt = nextTryMs === null ? null : new Date(wallMs + nextTryMs).toISOString();
    this.#parts.set(part, { part, reason, since, failures, nextTryAt });
    if (known || this.#phase === 'ended') return;
    hub.announce({ type: 'daemon.degraded', part, reason });
  }

  /** It is there again; harmless where it was never missed. */
  found(part: string): void {
    if (!this.#parts.delete(part) || this.#phase === 'ended') return;
    this.#options.hub.announce({ type: 'daemon.recovered', part });
  }
}
