import type { Event } from '../../../contract/events.ts';
import type { Viewer } from '../../../contract/models.ts';
import { naturalOrder } from '../../../contract/playlist/natural-order.ts';
import type { View } from '../../../contract/view/view.ts';
import type { ViewedRoom } from '../../../contract/view/viewed-room.ts';
import { healthRanks } from '../../words/health-words.ts';
import type { List } from './state.ts';

/** Whether the daemon is heard. */
export type Link =
  | { readonly is: 'up' }
  /** It is tried again; `since` in ms. */
  | { readonly is: 'lost'; readonly since: number; readonly reason: string };

/** What is known of the daemon: what was seen last stays while it is lost. */
export interface Seen {
  /** null: nothing yet. */
  readonly view: View | null;
  /** The room that is open, with all that is told of it; null: none is. */
  readonly whole: View | null;
  readonly link: Link;
  /** How many viewers each room had, the oldest first, every few seconds. */
  readonly counts: ReadonlyMap<string, readonly number[]>;
  /** The newest first. */
  readonly events: readonly Event[];
  /** This machine's clock, in ms. */
  readonly now: number;
}

/** Orders of the rooms, by the word that names each. */
export const roomOrders = ['trouble', 'viewers', 'name'] as const;

/** Orders of the viewers of a room. */
export const viewerOrders = ['trouble', 'since', 'loss', 'rate', 'address', 'hands'] as const;

/** Rooms as they are listed: those that the filter leaves, in the order that is chosen. */
export function listedRooms({ view }: Pick<Seen, 'view'>, list: List): ViewedRoom[] {
  const rooms = Object.values(view?.rooms ?? {}).filter((room) =>
    holds(list.filter, [room.name, room.health.word, room.onAir?.words, room.broadcast?.name]),
  );
  const byName = (one: ViewedRoom, other: ViewedRoom) => naturalOrder(one.name, other.name);
  const byViewers = (one: ViewedRoom, other: ViewedRoom) => other.audience.viewers - one.audience.viewers;
  const order = roomOrders[list.order % roomOrders.length];
  if (order === 'name') return rooms.sort(byName);
  if (order === 'viewers') return rooms.sort((one, other) => byViewers(one, other) || byName(one, other));
  // Among those that fare alike a row keeps its place: figures change each second.
  return rooms.sort((one, other) => trouble(other) - trouble(one) || byName(one, other));
}

/** By its health; of rooms that are well, by whether somebody has it bad there. */
function trouble({ health, audience }: ViewedRoom): number {
  return 2 * healthRanks[health.word] || ((audience.suffering ?? 0) > 0 ? 1 : 0);
}

/** Viewers of the room that is open, as they are listed. Drawn again and asked by keys, they stay listed until they change. */
export function listedViewers({ whole }: Pick<Seen, 'whole'>, room: string, list: List): readonly Viewer[] {
  const here = whole && Object.hasOwn(whole.viewers, room) ? whole.viewers[room] : undefined;
  if (!here) return [];
  const order = viewerOrders[list.order % viewerOrders.length] ?? 'trouble';
  const last = lastListed.get(here);
  if (last && last.order === order && last.filter === list.filter) return last.viewers;
  const viewers = Object.values(here)
    .filter(({ id, address, userAgent, state, link, hand }) =>
      holds(list.filter, [id, address, userAgent, state, link, hand?.name]),
    )
    .sort(viewerOrder[order]);
  lastListed.set(here, { order, filter: list.filter, viewers });
  return viewers;
}

/** How those of a room were listed last. */
const lastListed = new WeakMap<
  object,
  { readonly order: string; readonly filter: string; readonly viewers: readonly Viewer[] }
>();

const viewerOrder: Readonly<Record<(typeof viewerOrders)[number], (one: Viewer, other: Viewer) => number>> = {
  // Among those that suffer a row keeps its place: figures change each second.
  trouble: (one, other) => bad(other) - bad(one) || since(one, other),
  since,
  loss: (one, other) => (other.lossPercent ?? -1) - (one.lossPercent ?? -1),
  rate: (one, other) => (one.bitrateBps ?? -1) - (other.bitrateBps ?? -1),
  address: (one, other) => byLetters(one.address, other.address),
  // The first first; behind them whoever has none up.
  hands: (one, other) =>
    byLetters(one.hand?.raisedAt ?? '~', other.hand?.raisedAt ?? '~') || since(one, other),
};

function bad({ suffers }: Viewer): number {
  return suffers == null ? 0 : 1;
}

/** Times as they are told stand in the order of their letters. */
function since(one: Viewer, other: Viewer): number {
  return byLetters(other.joinedAt, one.joinedAt);
}

function byLetters(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** The room of a name, with all that is known of it. */
export function roomOf({ view, whole }: Pick<Seen, 'view' | 'whole'>, name: string): ViewedRoom | null {
  const of = (some: View | null) =>
    some && Object.hasOwn(some.rooms, name) ? (some.rooms[name] ?? null) : null;
  return of(whole) ?? of(view);
}

/** Where what is chosen stands in a list; -1: it is gone, and nothing else is meant by a key. */
export function chosenAt(ids: readonly string[], { chosen }: List): number {
  return chosen === null ? 0 : ids.indexOf(chosen);
}

/** Whether some of these texts hold each word of a filter. */
function holds(filter: string, texts: readonly (string | null | undefined)[]): boolean {
  if (filter === '') return true;
  const all = texts.join('\n').toLowerCase();
  return filter
    .toLowerCase()
    .split(' ')
    .every((word) => all.includes(word));
}
