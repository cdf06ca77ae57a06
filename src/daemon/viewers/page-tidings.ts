import type { Clock, Timer } from '../../contract/clock.ts';
import type { OfflineReason, RoomInfo, Upcoming } from '../../contract/signalling.ts';
import type { Broadcast } from '../rooms/broadcast.ts';
import { letsIn } from '../rooms/entry.ts';
import type { Room } from '../rooms/room.ts';
import { titleOf } from './page-title.ts';
import type { PageWire } from './page-wire.ts';

/** The viewers' count goes out at most so often, in ms. */
const countIntervalMs = 1000;

/** How often a page says how its viewer fares. */
const reportMs = 5000;

/** What comes in a room by itself, and when. */
export type Coming = Omit<Upcoming, 'nowMs'>;

export interface PageTidingsOptions {
  readonly wire: PageWire;
  readonly room: Room;
  readonly version: string;
  readonly clock: Clock;
  /** Names the still of what is seen now; null: there is none. */
  readonly poster: () => string | null;
  /** What comes next in the room by itself, as it is known when the page comes. */
  readonly next: Coming | null;
  /** The broadcast that the page was offered; undefined: none. */
  readonly offered: () => Broadcast | undefined;
}

/** What one page is told of its room, beside media: how many watch, the still, the title, and what comes next. */
export class PageTidings {
  readonly #options: PageTidingsOptions;
  #countTimer: Timer | undefined;
  /** As the page was told. */
  #poster: string | null;
  /** What comes next in the room by itself. */
  #next: Coming | null;
  /** The same as the page was told. */
  #told: Coming | null;
  /** What the page says while nothing is on air. */
  #said: Pick<RoomInfo, 'title' | 'welcome'> = { title: null };
  /** Nothing is on air as far as the page knows, nor is it about to come back. */
  #waits = true;

  constructor(options: PageTidingsOptions) {
    this.#options = options;
    this.#poster = options.poster();
    this.#next = options.next;
    this.#told = this.#coming();
    options.room
      .on('viewers', this.#count)
      .on('scene', this.#scene)
      .on('title', this.#retitle)
      .on('sign', this.#resign);
  }

  /** Tells what is to be known of the room at first, and gives it. */
  greet(): RoomInfo {
    const info = this.#info();
    this.#said = info;
    this.#options.wire.send({
      type: 'hello',
      version: this.#options.version,
      reportMs,
      frozen: true,
      ...info,
    });
    return info;
  }

  /** Nothing is on air any more, as the page has just been told. */
  readonly gone = (reason: OfflineReason): void => {
    this.tellNext();
    this.#waits = reason !== 'interrupted' && reason !== 'replaced';
    // What was on air is forgotten with its title.
    this.#said = { ...this.#said, title: null };
    this.#resign();
  };

  #info(): RoomInfo {
    const { room } = this.#options;
    const { title, welcome } = letsIn(room.entry) ? room.sign : { title: null, welcome: null };
    return {
      room: room.name,
      live: room.served !== null,
      title: room.title ?? title,
      ...(welcome !== null && { welcome }),
      viewers: room.viewers.length,
      poster: this.#poster,
      next: this.#upcoming(),
      ...(!letsIn(room.entry) && { closed: true }),
    };
  }

  /** Something else comes next than the page may know of. */
  comesNext(next: Coming | null): void {
    this.#next = next;
    this.tellNext();
  }

  /** Tells what comes next, where that is something else than it was told. */
  readonly tellNext = (): void => {
    const coming = this.#coming();
    if (coming?.atMs === this.#told?.atMs && coming?.name === this.#told?.name) return;
    this.#told = coming;
    this.#options.wire.send({ type: 'next', next: this.#upcoming() });
  };

  close(): void {
    this.#countTimer?.cancel();
    const { room } = this.#options;
    room
      .off('viewers', this.#count)
      .off('scene', this.#scene)
      .off('title', this.#retitle)
      .off('sign', this.#resign);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Whoever sees the picture move has no still any more; that its media is on the way says nothing of that. */
  #scene = (): void => {
    const poster = this.#options.poster();
    if (poster === this.#poster) return;
    this.#poster = poster;
    this.#options.wire.send({ type: 'poster', poster });
  };

  /** Nothing comes next where something is about to be on air: that is what the page waits for. */
  #coming(): Coming | null {
    const { entry, broadcast, served } = this.#options.room;
    const isAwaited = broadcast !== null && served === null;
    return !letsIn(entry) || isAwaited ? null : this.#next;
  }

  #upcoming(): Upcoming | null {
    return this.#told && { ...this.#told, nowMs: this.#options.clock.wallMs() };
  }

  /** Another broadcast's title comes with its media. */
  #retitle = (): void => {
    const { room, wire, offered } = this.#options;
    const broadcast = offered();
    if (broadcast && room.served?.broadcast.id === broadcast.id)
      wire.send({ type: 'title', title: titleOf(room, broadcast) });
  };

  /** What the room says of itself is heard while nothing is on air. */
  #resign = (): void => {
    const { title, welcome, live } = this.#info();
    if (!this.#waits || live || (title === this.#said.title && welcome === this.#said.welcome)) return;
    this.greet();
  };

  #count = (): void => {
    const { clock, wire, room } = this.#options;
    this.#countTimer ??= clock.after(countIntervalMs, () => {
      this.#countTimer = undefined;
      wire.send({ type: 'viewers', viewers: room.viewers.length });
    });
  };
}
