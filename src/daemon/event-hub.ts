import { EventEmitter } from 'node:events';
import { type Clock, systemClock } from '../contract/clock.ts';
import { emitToAll } from '../contract/do-all.ts';
import type { Event } from '../contract/events.ts';

/** An event as its source states it; the hub adds the time. */
export type NewEvent = Event extends infer E ? (E extends Event ? Omit<E, 'at'> : never) : never;

/** Where every part of the daemon announces facts, and the control API listens. */
export class EventHub {
  readonly #emitter = new EventEmitter<{ event: [Event] }>();
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
    // One listener per open events stream, and those have a limit of their own.
    this.#emitter.setMaxListeners(0);
  }

  /** The moment, as events have it. */
  get now(): string {
    return new Date(this.#clock.wallMs()).toISOString();
  }

  /** What a listener does of it is no business of whoever announces: nothing is thrown here. */
  announce(event: NewEvent): void {
    const announced = { ...event, at: this.now } as Event;
    emitToAll(this.#emitter, 'event', announced);
  }

  /** Calls `listener` for every event from now on; gives the function that ends it. */
  listen(listener: (event: Event) => void): () => void {
    this.#emitter.on('event', listener);
    return () => this.#emitter.off('event', listener);
  }
}
