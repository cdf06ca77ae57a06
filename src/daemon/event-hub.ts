import { EventEmitter } from 'node:events';
import { type Clock, systemClock } from '../contract/clock.ts';
import { emitToAll } from '../contract/do-all.ts';
import type { Event } from '../contract/events.ts';
import { EventMemory } from './event-memory.ts';

/** An event as its source states it; the hub adds the time. */
export type NewEvent = Event extends infer E ? (E extends Event ? Omit<E, 'at'> : never) : never;

/** What has happened by a moment, as far as it is remembered. */
export interface Past {
  /** That moment, as events have it. */
  readonly at: string;
  /** Nothing is missing after it; some of what went wrong before is remembered too. */
  readonly from: string;
  readonly events: readonly Event[];
}

/** Where every part of the daemon announces facts, and the control API listens. */
export class EventHub {
  readonly #emitter = new EventEmitter<{ event: [Event] }>();
  readonly #clock: Clock;
  readonly #memory: EventMemory;

  /** @param isOwn whether an operator has made a room, and not whoever names it */
  constructor(clock: Clock = systemClock, isOwn: (room: string) => boolean = () => false) {
    this.#clock = clock;
    this.#memory = new EventMemory(clock.nowMs(), isOwn);
    // One listener per open events stream, and those have a limit of their own.
    this.#emitter.setMaxListeners(0);
  }

  /** The moment, as events have it. */
  get now(): string {
    return asTime(this.#clock.wallMs());
  }

  /** What a listener does of it is no business of whoever announces: nothing is thrown here. */
  announce(event: NewEvent): void {
    const announced = { ...event, at: this.now } as Event;
    this.#memory.note(announced, this.#clock.nowMs());
    emitToAll(this.#emitter, 'event', announced);
  }

  /** What happened in the last so many ms, as far as it is remembered. */
  past(ms: number): Past {
    const wallMs = this.#clock.wallMs();
    const nowMs = this.#clock.nowMs();
    const completeMs = Math.min(ms, nowMs - this.#memory.completeFromMs);
    return {
      at: asTime(wallMs),
      from: asTime(wallMs - completeMs),
      events: this.#memory.since(nowMs - ms),
    };
  }

  /** Calls `listener` for every event from now on; gives the function that ends it. */
  listen(listener: (event: Event) => void): () => void {
    this.#emitter.on('event', listener);
    return () => this.#emitter.off('event', listener);
  }
}

function asTime(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
