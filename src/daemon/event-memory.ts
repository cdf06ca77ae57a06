import type { Event, EventType } from '../contract/events.ts';
import { isFigure } from './event-figures.ts';
import { eventLevels } from './event-levels.ts';

/** Of one shelf, in bytes of JSON: both together are less than a slow reader is granted. */
const maxShelfBytes = 1024 * 1024;
/** A longer event is not remembered: others have to go for it. */
const maxEventBytes = maxShelfBytes / 8;
/** They come by the thousand, and matter while they happen. */
const passing: readonly EventType[] = ['viewer.joined', 'viewer.left'];
/** Anybody can be refused, as often as he likes, in rooms that he makes up: so many are remembered, of each room the last for each reason. */
const maxRefusals = 100;

interface Remembered {
  readonly event: Event;
  readonly bytes: number;
  /** When, by the monotonic clock: the other one may be set back. */
  readonly nowMs: number;
  /** Several happen in one moment. */
  readonly order: number;
}

interface Shelf {
  readonly events: Remembered[];
  bytes: number;
}

/**
 * The events of some time ago, for who asks afterwards; the oldest go first. What went wrong is kept apart: the items of busy
 * rooms don't push the one death of the night out.
 */
export class EventMemory {
  readonly #usual: Shelf = { events: [], bytes: 0 };
  readonly #wrong: Shelf = { events: [], bytes: 0 };
  /** By room and code of the error, the last publisher that was refused; the latest last. Rooms that anybody makes up displace only each other. */
  readonly #refusals = { own: new Map<string, Remembered>(), strange: new Map<string, Remembered>() };
  readonly #isOwn: (room: string) => boolean;
  #order = 0;
  #completeFromMs: number;

  /**
   * @param nowMs the moment that it begins, by the monotonic clock
   * @param isOwn whether an operator has made a room, and not whoever names it
   */
  constructor(nowMs: number, isOwn: (room: string) => boolean) {
    this.#isOwn = isOwn;
    this.#completeFromMs = nowMs;
  }

  /** Nothing is missing after it, by the monotonic clock. */
  get completeFromMs(): number {
    return this.#completeFromMs;
  }

  note(event: Event, nowMs: number): void {
    if (passing.includes(event.type) || isFigure(event)) return;
    const bytes = Buffer.byteLength(JSON.stringify(event));
    if (bytes > maxEventBytes) {
      this.#completeFromMs = nowMs;
      return;
    }
    const remembered = { event, bytes, nowMs, order: this.#order++ };
    if (event.type === 'publisher.refused') {
      this.#refuse(event.room ?? '', event.code, remembered);
      return;
    }
    const level = eventLevels[event.type];
    const shelf = level === 'warn' || level === 'error' ? this.#wrong : this.#usual;
    shelf.events.push(remembered);
    shelf.bytes += bytes;
    while (shelf.bytes > maxShelfBytes) {
      const oldest = shelf.events.shift();
      if (!oldest) return;
      shelf.bytes -= oldest.bytes;
      this.#completeFromMs = Math.max(this.#completeFromMs, oldest.nowMs);
    }
  }

  /** What happened after a moment of the monotonic clock, as far as it is remembered. */
  since(nowMs: number): Event[] {
    const { own, strange } = this.#refusals;
    return [...this.#usual.events, ...this.#wrong.events, ...own.values(), ...strange.values()]
      .filter((one) => one.nowMs > nowMs)
      .sort((a, b) => a.order - b.order)
      .map(({ event }) => event);
  }

  #refuse(room: string, code: string, remembered: Remembered): void {
    const { own, strange } = this.#refusals;
    const of = `${room} ${code}`;
    for (const refusals of [own, strange]) refusals.delete(of);
    const refusals = this.#isOwn(room) ? own : strange;
    refusals.set(of, remembered);
    const [oldest] = refusals.keys();
    if (oldest !== undefined && refusals.size > maxRefusals) refusals.delete(oldest);
  }
}
