import { MiroliveError } from '../errors.ts';
import { maxPlaylistItems, type PlaylistItem, type PlaylistSource } from '../models.ts';
import type { WantedPlaylist } from '../snapshot.ts';
import { type FolderEdit, isFolder, withScattered, withSorted } from './folder-items.ts';
import { isEndless } from './item-part.ts';
import { randomOf, shuffled } from './shuffled.ts';
import { SkippedItems } from './skipped-items.ts';

export interface PlaylistOptions {
  /** In the order of this round. */
  readonly items: readonly PlaylistItem[];
  readonly loop: boolean;
  /** Another order each round. */
  readonly shuffle: boolean;
  /** The orders of later rounds follow from it; default 0. */
  readonly seed?: number;
}

/** Where a programme is in a playlist. */
export interface PlaylistPlace {
  /** The id of the current item; null: before the first, or after the last. */
  readonly item: string | null;
  /** Its place, or that of the one that was left last; -1 before the first. */
  readonly index: number;
  readonly round: number;
  /** Items that are passed over, why, and since when, in ms. */
  readonly skipped: readonly { readonly item: string; readonly reason: string; readonly atMs: number }[];
}

/**
 * The items of a playlist, and where in them the programme is. Pure: it plays nothing and is told the time, in ms. `peek` is what
 * will follow by itself, to be made ready; it may be another one after each change. The room changes one of these, the director
 * plays another: from the same list at the same place both come to the same.
 */
export class Playlist {
  readonly loop: boolean;
  readonly shuffle: boolean;
  readonly #seed: number;
  /** In the order of this round. */
  #order: PlaylistItem[];
  /** The next round's order, once somebody looked; another one after each change. */
  #nextOrder: PlaylistItem[] | null = null;
  #current: PlaylistItem | null = null;
  /** The place of the current item, or of the one that was left last; -1 before the first. */
  #index = -1;
  #round = 0;
  /** The current item was removed: it is gone as soon as it is left. */
  #leaving = false;
  readonly #skipped = new SkippedItems();

  constructor({ items, loop, shuffle, seed = 0 }: PlaylistOptions) {
    this.loop = loop;
    this.shuffle = shuffle;
    this.#seed = seed;
    this.#order = [...items];
  }

  /** A playlist as it is wanted, at a place. */
  static at(list: WantedPlaylist, place: PlaylistPlace | null): Playlist {
    const playlist = new Playlist(list);
    playlist.#round = list.round;
    if (place) {
      playlist.#followRounds(place.round);
      playlist.#round = Math.max(list.round, place.round);
      playlist.#current = playlist.#order.find(({ id }) => id === place.item) ?? null;
      const here = playlist.#current ? playlist.#order.indexOf(playlist.#current) : place.index;
      playlist.#index = Math.min(here, playlist.#order.length - 1);
      for (const { item, reason, atMs } of place.skipped) playlist.skip(item, reason, atMs);
    }
    playlist.#leave(list.leaving);
    return playlist;
  }

  /** A playlist as the room wants it, at its first round. */
  static begin({ items, loop, shuffle }: PlaylistSource, seed: number): WantedPlaylist {
    const order = shuffle ? reshuffled(items, null, randomOf(seed, 0)) : items;
    return { kind: 'playlist', items: order, loop, shuffle, seed, round: 0, leaving: null };
  }

  /** The list has been changed; what plays stays. Gives the ids of items that stand for other files than before. */
  adopt(list: WantedPlaylist): string[] {
    const before = this.#order.slice(0, this.#index + 1);
    const current = this.#current;
    const round = this.#round;
    const known = new Map(this.#order.map((item) => [item.id, item]));
    const renewed: string[] = [];
    // An id stands for the same item, unless its file is another one: whoever holds one goes on to find it.
    this.#order = list.items.map((item) => {
      const before = known.get(item.id);
      if (!before || before.found?.stamp === item.found?.stamp) return before ?? item;
      renewed.push(item.id);
      this.#skipped.delete(item.id);
      return item;
    });
    this.#nextOrder = null;
    this.#round = list.round;
    this.#followRounds(round);
    this.#round = Math.max(list.round, round);
    const places = new Map(this.#order.map(({ id }, place) => [id, place]));
    const kept = before.findLast(({ id }) => places.has(id));
    this.#index = kept ? (places.get(kept.id) ?? -1) : -1;
    // An item that plays is in the list until it is left, whatever has become of it there.
    if (current) this.#current = this.#order.find(({ id }) => id === current.id) ?? null;
    this.#leave(list.leaving);
    return renewed;
  }

  /** The list as it is now, in the form of the one that it was made of. */
  asWanted(list: WantedPlaylist): WantedPlaylist {
    const leaving = this.#leaving ? (this.#current?.id ?? null) : null;
    return { ...list, items: this.#order, round: this.#round, leaving };
  }

  get place(): PlaylistPlace {
    return {
      item: this.#current?.id ?? null,
      index: this.#index,
      round: this.#round,
      skipped: this.#skipped.list,
    };
  }

  /** Every item, in the order of this round. */
  get items(): readonly PlaylistItem[] {
    return this.#order;
  }

  /** The one that is to play now; null before the first and after the last. */
  get current(): PlaylistItem | null {
    return this.#current;
  }

  /** The place of the current item; null where there is none. */
  get index(): number | null {
    return this.#current && this.#index;
  }

  /** Whether there may be something to play by itself where there is nothing now: files may come into a folder. */
  get grows(): boolean {
    return this.loop && this.#order.some(isFolder);
  }

  /** How many times the list has begun again. */
  get round(): number {
    return this.#round;
  }

  /** Whether the current item is gone as soon as it is left. */
  get leaving(): boolean {
    return this.#leaving;
  }

  /** Why an item is passed over; null where it is not. */
  skipReason(id: string): string | null {
    return this.#skipped.reason(id);
  }

  /** What follows by itself; null: nothing does, or not before `retryAtMs`. */
  peek(nowMs: number): PlaylistItem | null {
    return this.#find(nowMs)?.item ?? null;
  }

  /** What follows an item by itself once that is current; null: nothing but itself, or nobody knows yet. */
  behind(id: string, nowMs: number): PlaylistItem | null {
    const found = this.#find(nowMs);
    const isAgain = found?.again === true && found.item.id === id;
    const order = isAgain ? this.#nextRound() : this.#order;
    const fit = (item: PlaylistItem) => item.id !== id && this.#mayPlay(item, nowMs);
    const at = id === this.#current?.id && !isAgain ? this.#index : order.findIndex((item) => item.id === id);
    const next = order.slice(at + 1).find(fit);
    if (next || !this.loop) return next ?? null;
    // The order of the round after the next one is none yet.
    return isAgain && this.shuffle ? null : (this.#nextRound().find(fit) ?? null);
  }

  /** When an item that could not be played may be tried again; null where none is to be. */
  get retryAtMs(): number | null {
    return this.loop ? this.#skipped.dueAtMs : null;
  }

  /** The current item is over, or was passed over by an operator: the next one is current. Null: the list is over. */
  advance(nowMs: number): PlaylistItem | null {
    const found = this.#find(nowMs);
    if (found?.again) {
      this.#order = this.#nextRound();
      this.#nextOrder = null;
      this.#round++;
    }
    return this.#go(found ? found.item : null);
  }

  /** The item before, of those that can be played: with `loop` the last one after the first; else the first one again. */
  previous(): PlaylistItem | null {
    const fit = (item: PlaylistItem) =>
      !isFolder(item) && (this.skipReason(item.id) === null || item.id === this.#current?.id);
    const end = this.#current ? this.#index : this.#index + 1;
    const before = this.#order.slice(0, Math.max(0, end)).findLast(fit);
    const beyond = this.loop && !this.shuffle ? this.#order.findLast(fit) : this.#order.find(fit);
    return this.#go(before ?? beyond ?? null);
  }

  /**
   * This item is current, even if it was passed over before; of a folder its first file.
   *
   * @throws MiroliveError PLAYLIST_ITEM_NOT_FOUND
   */
  jump(id: string): PlaylistItem {
    const named = this.#item(id);
    const item = isFolder(named) ? this.#order.find(({ found }) => found?.folder === id) : named;
    if (!item)
      throw new MiroliveError('PLAYLIST_ITEM_NOT_FOUND', 'expected a folder with files, it has none now');
    this.#skipped.delete(item.id);
    this.#go(item);
    return item;
  }

  /**
   * Puts items in at a place; null: behind the last.
   *
   * @throws MiroliveError INVALID_REQUEST
   */
  add(items: readonly PlaylistItem[], at: number | null): void {
    refuseKnownIds([...this.#order, ...items]);
    const given = [...this.#order, ...items].filter(({ found }) => found === undefined).length;
    if (given > maxPlaylistItems)
      throw new MiroliveError('INVALID_REQUEST', `expected at most ${maxPlaylistItems} items, got ${given}`);
    const place = at ?? this.#order.length;
    this.#refuseEndless(items, place >= this.#order.length);
    this.#reorder((order) => order.toSpliced(place, 0, ...items));
  }

  /** Files of a folder have come, gone, or are others; what plays is not disturbed. @param random gives numbers from 0 to below 1 */
  follow({ folder, added, removed, replaced }: FolderEdit, random: () => number): void {
    // It may have been taken out since.
    if (!this.#order.some(({ id }) => id === folder)) return;
    this.#removeAll(new Set(removed));
    const known = new Set(this.#order.map(({ id }) => id));
    // What plays may be gone and there again before it is left.
    const others = new Map(
      [...replaced, ...added.filter(({ id }) => known.has(id))].map((item) => [item.id, item]),
    );
    const coming = added.filter(({ id }) => !known.has(id));
    if (added.some(({ id }) => id === this.#current?.id)) this.#leaving = false;
    const isPlayed = (item: PlaylistItem) => !isFolder(item) && this.skipReason(item.id) === null;
    const here = this.#order[this.#index]?.id;
    const order = this.#order.map((item) => others.get(item.id) ?? item);
    this.#order = this.shuffle
      ? withScattered(order, this.#index, coming, isPlayed, random)
      : withSorted(order, folder, coming);
    if (here !== undefined) this.#index = this.#order.findIndex(({ id }) => id === here);
    if (this.#current) this.#current = others.get(this.#current.id) ?? this.#current;
    this.#nextOrder = null;
  }

  /**
   * Gives an item another place, a folder with its files; what plays is not disturbed.
   *
   * @throws MiroliveError PLAYLIST_ITEM_NOT_FOUND
   */
  move(id: string, to: number): void {
    const item = this.#item(id);
    const moved = isFolder(item) && !this.shuffle ? this.#withFiles(item) : [item];
    const set = new Set(moved);
    this.#reorder((order) => order.filter((one) => !set.has(one)).toSpliced(to, 0, ...moved));
  }

  /**
   * Takes an item out, a folder with its files; the current one stays until it is left.
   *
   * @throws MiroliveError PLAYLIST_ITEM_NOT_FOUND
   */
  remove(id: string): void {
    const item = this.#item(id);
    this.#removeAll(new Set((isFolder(item) ? this.#withFiles(item) : [item]).map((one) => one.id)));
  }

  /**
   * Its items are these from now on. Those that it has already stay the same, folders with their files; what plays stays until it is left.
   *
   * @throws MiroliveError INVALID_REQUEST
   */
  replace(items: readonly PlaylistItem[]): void {
    const there = Map.groupBy(
      this.#order.filter(({ found }) => found === undefined),
      contentsOf,
    );
    const wanted = items.map((item) => there.get(contentsOf(item))?.shift() ?? item);
    const gone = new Set([...there.values()].flat().map(({ id }) => id));
    const stays = this.#order.filter(({ id, found }) => !gone.has(found?.folder ?? id));
    const known = new Set(stays);
    const added = wanted.filter((item) => !known.has(item));
    refuseKnownIds([...this.#order, ...added]);
    this.#refuseEndless(wanted, true);
    const files = Map.groupBy(stays, ({ found }) => found?.folder);
    const order = this.shuffle
      ? [...stays, ...added]
      : wanted.flatMap((item) => [item, ...(files.get(item.id) ?? [])]);
    this.#become(order);
  }

  /** An item cannot be played: it is passed over, for a while where the list begins again. */
  skip(id: string, reason: string, nowMs: number): void {
    this.#skipped.add(id, reason, nowMs);
  }

  /** An item plays: whatever was wrong with it is mended. */
  began(id: string): void {
    this.#skipped.delete(id);
  }

  /** The order is another; what plays, and is not in it, is behind what went before it until it is left. */
  #become(order: readonly PlaylistItem[]): void {
    const places = new Map(order.map((item, place) => [item, place]));
    const last = this.#order.slice(0, this.#index + 1).findLast((item) => places.has(item));
    const place = last ? (places.get(last) ?? -1) : -1;
    const current = this.#current;
    this.#leaving = current !== null && !places.has(current);
    for (const item of this.#order) if (!places.has(item) && item !== current) this.#skipped.delete(item.id);
    this.#order = current && this.#leaving ? order.toSpliced(place + 1, 0, current) : [...order];
    this.#index = this.#leaving ? place + 1 : place;
    this.#nextOrder = null;
  }

  /** @param last whether they are behind all others */
  #refuseEndless(items: readonly PlaylistItem[], last: boolean): void {
    const mayBeLast = last && !this.loop && !this.shuffle;
    const endless = items.find(
      ({ source, forMs }, index) =>
        !(mayBeLast && index === items.length - 1) && isEndless(source.kind, forMs),
    );
    if (endless)
      throw new MiroliveError(
        'INVALID_REQUEST',
        `expected how long it plays (forMs), since ${endless.source.kind} has no end`,
      );
  }

  #go(item: PlaylistItem | null): PlaylistItem | null {
    const left = this.#leaving && item !== this.#current ? this.#current : null;
    this.#leaving &&= item === this.#current;
    this.#current = item;
    this.#index = item ? this.#order.indexOf(item) : this.#order.length - 1;
    if (left) this.remove(left.id);
    return item;
  }

  #find(nowMs: number): { item: PlaylistItem; again: boolean } | null {
    const isFit = (item: PlaylistItem) => this.#mayPlay(item, nowMs);
    for (let place = this.#index + 1; place < this.#order.length; place++) {
      const rest = this.#order[place];
      if (rest && isFit(rest)) return { item: rest, again: false };
    }
    const again = this.loop ? this.#nextRound().find(isFit) : undefined;
    return again ? { item: again, again: true } : null;
  }

  #withFiles(folder: PlaylistItem): PlaylistItem[] {
    return this.#order.filter((item) => item === folder || item.found?.folder === folder.id);
  }

  /** The current one stays until it is left. */
  #removeAll(ids: ReadonlySet<string>): void {
    if (ids.size === 0) return;
    const current = this.#current;
    if (current && ids.has(current.id)) this.#leaving = true;
    const isGone = ({ id }: PlaylistItem) => ids.has(id) && id !== current?.id;
    for (const id of ids) if (id !== current?.id) this.#skipped.delete(id);
    // What was left last may go too: the place is then that of the one before it.
    const before = this.#order.slice(0, this.#index + 1).filter((item) => !isGone(item)).length;
    this.#order = this.#order.filter((item) => !isGone(item));
    this.#index = before - 1;
    this.#nextOrder = null;
  }

  /** Of a folder its files do, not what stands before them. */
  #mayPlay(item: PlaylistItem, nowMs: number): boolean {
    const { id } = item;
    if (isFolder(item) || (this.#leaving && id === this.#current?.id)) return false;
    return this.skipReason(id) === null || (this.loop && this.#skipped.due(id, nowMs));
  }

  #nextRound(): PlaylistItem[] {
    if (!this.shuffle) return this.#order;
    this.#nextOrder ??= this.#orderAfter(this.#order, this.#round);
    return this.#nextOrder;
  }

  #orderAfter(order: readonly PlaylistItem[], round: number): PlaylistItem[] {
    return reshuffled(order, order.at(-1) ?? null, randomOf(this.#seed, round + 1));
  }

  /** Brings the order to that of a later round. */
  #followRounds(round: number): void {
    if (!this.shuffle) return;
    for (let at = this.#round; at < round; at++) this.#order = this.#orderAfter(this.#order, at);
  }

  /** This item was taken out while it played, and may have been left since. */
  #leave(id: string | null): void {
    this.#leaving = id !== null && id === this.#current?.id;
    if (id !== null && !this.#leaving) this.#removeAll(new Set([id]));
  }

  /** Changes the order and keeps the place in it. */
  #reorder(change: (order: readonly PlaylistItem[]) => PlaylistItem[]): void {
    const here = this.#order[this.#index];
    this.#order = change(this.#order);
    if (here) this.#index = this.#order.indexOf(here);
    this.#nextOrder = null;
  }

  #item(id: string): PlaylistItem {
    const item = this.#order.find((candidate) => candidate.id === id);
    if (!item) throw new MiroliveError('PLAYLIST_ITEM_NOT_FOUND', `the playlist has no item ${id}`);
    return item;
  }
}

/** What an item plays, whatever it is called by. */
function contentsOf({ source, title, fromMs, toMs, forMs }: PlaylistItem): string {
  return JSON.stringify([source, title, fromMs, toMs, forMs]);
}

function refuseKnownIds(items: readonly PlaylistItem[]): void {
  if (new Set(items.map(({ id }) => id)).size < items.length)
    throw new MiroliveError('INVALID_REQUEST', 'expected ids that the playlist does not have yet');
}

/** Another order of what is played; folders, which are not, go before it. */
function reshuffled(
  items: readonly PlaylistItem[],
  last: PlaylistItem | null,
  random: () => number,
): PlaylistItem[] {
  const folders = items.filter(isFolder);
  const played = folders.length === 0 ? items : items.filter((item) => !isFolder(item));
  return [...folders, ...shuffled(played, last, random)];
}
