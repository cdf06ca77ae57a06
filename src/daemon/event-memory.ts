import type { Event, EventType } from '../contract/events.ts';

/** In characters of JSON: a night of a room whose source goes and comes back each minute, several times over; less than a slow reader is granted. */
const maxSize = 2 * 1024 * 1024;
/** They come by the thousand, and matter while they happen. */
const passing: readonly EventType[] = [
  ...(['broadcast.stats', 'viewer.joined', 'viewer.left', 'publisher.refused'] as const),
];

/** The events of some time ago, for who asks afterwards; the oldest go first. */
export class EventMemory {
  readonly #events: { readonly event: Event; readonly size: number }[] = [];
  #size = 0;
  /** Nothing is missing after it. */
  #from: string;

  /** @param at the moment that it begins, as in events */
  constructor(at: string) {
    this.#from = at;
  }

  note(event: Event): void {
    if (passing.includes(event.type)) return;
    const size = JSON.stringify(event).length;
    this.#events.push({ event, size });
    this.#size += size;
    while (this.#size > maxSize) {
      const oldest = this.#events.shift();
      if (!oldest) return;
      this.#size -= oldest.size;
      this.#from = oldest.event.at;
    }
  }

  /** What happened since a moment, and since when nothing of it is missing. */
  since(at: string): { readonly from: string; readonly events: Event[] } {
    const from = at > this.#from ? at : this.#from;
    return { from, events: this.#events.map(({ event }) => event).filter((event) => event.at > from) };
  }
}
