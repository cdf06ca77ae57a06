import type { Clock } from '../../../contract/clock.ts';
import type { PlaylistItem } from '../../../contract/models.ts';
import type { Playlist } from '../../../contract/playlist/playlist.ts';
import { worthUs } from '../players/progress.ts';
import type { Heading } from './going.ts';
import type { PlayingItem } from './playing-item.ts';

/** Where in its list a player is, since when, and where in the source that plays there, or did. */
export class ListPlace {
  readonly #playlist: Playlist;
  readonly #clock: Clock;
  readonly #wallFromMs: number;
  readonly #onBegan: (item: PlaylistItem) => void;
  /** The last place that it was told to go to and has gone to. */
  placed: number;
  /** One that it could not be begun at, and why; null: there was none. */
  unplaced: { readonly serial: number; readonly reason: string } | null = null;
  #loops: number;
  /** The item that began last, and when, in ms; a live one that was broken off began as much earlier as it had played. */
  #begun: { readonly id: string; readonly atMs: number } | null = null;
  /** Where it was when it was lost last, in µs; null: it was not since it began there. */
  #lostAtUs: number | null = null;

  /** @param onBegan hears of each item that begins */
  constructor(playlist: Playlist, clock: Clock, placed: number, onBegan: (item: PlaylistItem) => void) {
    this.#playlist = playlist;
    this.#clock = clock;
    this.#wallFromMs = clock.wallMs() - clock.nowMs();
    this.#onBegan = onBegan;
    this.placed = placed;
    this.#loops = playlist.round;
  }

  /** How many times it has begun again. */
  get loops(): number {
    return this.#loops;
  }

  /** What the list is told, in ms since 1970 as of when this began: whoever puts the clock on or back puts off no retry. */
  get wallMs(): number {
    return this.#wallFromMs + this.#clock.nowMs();
  }

  /** What follows by itself. */
  peek(): PlaylistItem | null {
    return this.#playlist.peek(this.wallMs);
  }

  /** The list goes on to an item by itself. */
  step(item: PlaylistItem): void {
    if (this.#playlist.advance(this.wallMs) !== item) this.stand(item);
  }

  /** The list is where it plays; what is not in it any more is played to its end. */
  stand(item: PlaylistItem): void {
    const playlist = this.#playlist;
    if (playlist.current !== item && playlist.items.includes(item)) playlist.jump(item.id);
  }

  /** It has gone where it was told to, as far as it can. */
  arrived(serial: number | null | undefined): void {
    this.placed = Math.max(this.placed, serial ?? 0);
  }

  /** It cannot be begun where it was told to, and plays on where it was. */
  missed(serial: number | null | undefined, reason: string): void {
    if (serial) this.unplaced = { serial, reason };
  }

  /** It is there where it was going, or somewhere else by itself. */
  arrive({ item, prepared, startUs }: PlayingItem, { by, serial }: Pick<Heading, 'by' | 'serial'>): void {
    this.arrived(serial);
    const isNew = this.#begun?.id !== item.id;
    const isTurn = by === 'turn' || by === 'due';
    if (isTurn && !isNew) this.#loops++;
    if (by === 'turn') this.step(item);
    else this.stand(item);
    if (by === 'sought') this.#lostAtUs = null;
    this.#playlist.began(item.id);
    if (!isTurn && by !== 'chosen' && !isNew) return;
    const passedMs = by === 'resumed' && prepared.live ? startUs / 1000 : 0;
    this.#begun = { id: item.id, atMs: this.#clock.nowMs() - passedMs };
    this.#lostAtUs = null;
    this.#onBegan(item);
  }

  /** For how long an item has played, in ms. */
  passedMs({ id }: PlaylistItem): number {
    return this.#begun?.id === id ? this.#clock.nowMs() - this.#begun.atMs : 0;
  }

  /** Place in the source of an item, in µs; of a live one, how long it has played. */
  positionUs({ item, prepared, feed, startUs }: PlayingItem): number {
    return prepared.live ? this.passedMs(item) * 1000 : Math.max(0, feed?.leftUs ?? startUs);
  }

  /** It is missed from now on. Gives whether it had come further than where it was lost before. */
  lost(atUs: number): boolean {
    const wasBack = this.#lostAtUs === null || atUs - this.#lostAtUs >= worthUs;
    this.#lostAtUs = Math.max(atUs, this.#lostAtUs ?? 0);
    return wasBack;
  }
}
