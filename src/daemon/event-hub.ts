import { EventEmitter } from 'node:events';
import type { Event } from '../contract/events.ts';

/** An event as its source states it; the hub adds the time. */
export type NewEvent = Event extends infer E ? (E extends Event ? Omit<E, 'at'> : never) : never;

/** Where every part of the daemon announces facts, and the control API listens. */
export class EventHub {
  readonly #emitter = new EventEmitter<{ event: [Event] }>();

  constructor() {
    // One listener per open events stream, and those have a limit of their own.
    this.#emitter.setMaxListeners(0);
  }

  announce(event: NewEvent): void {
    this.#emitter.emit('event', { ...event, at: new Date().toISOString() } as Event);
  }

  /** Calls `listener` for every event from now on; gives the function that ends it. */
  listen(listener: (event: Event) => void): () => void {
    this.#emitter.on('event', listener);
    return () => this.#emitter.off('event', listener);
  }
}
