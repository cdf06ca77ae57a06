import type { PlaylistItem } from '../../../contract/models.ts';
import type { Playlist } from '../../../contract/playlist/playlist.ts';
import type { CutIn } from './cut-in.ts';
import type { Place, PlayingItem } from './playing-item.ts';

/** Where a playlist goes next, and why. */
export interface Heading {
  readonly place: Place;
  /**
   * It goes on after a break; an operator chose an item, or another place in one; an item's turn has come, or came when nothing
   * else played: the list stands there already; what plays is begun anew at its place, as something about it has changed.
   */
  readonly by: 'resumed' | 'chosen' | 'sought' | 'turn' | 'due' | 'again';
  /** Of the operator's choice; null: it is none. */
  readonly serial: number | null;
  /** When it takes over, where it was begun ahead of what plays; default as soon as it can. */
  readonly cutIn?: CutIn;
  /** Where it was to go on after a break, where this comes to nothing. */
  readonly back?: Place | undefined;
}

/** Where a playlist is going, beside what plays and what was made ready to follow by itself. */
export type Going =
  /** Nowhere else. */
  | { readonly step: 'still' }
  /** Nothing plays: it goes on there when it is started, or when it is time. */
  | { readonly step: 'resting'; readonly place: Place }
  /** Somewhere: that is looked at, or what cannot be opened beside it ends. */
  | { readonly step: 'looking'; readonly to: Heading }
  /** Somewhere: that was opened, and takes over as soon as it is ready. */
  | { readonly step: 'opening'; readonly to: Heading; readonly slot: PlayingItem }
  /** Nowhere: it is where it should be, gives nothing now, and plays on as soon as it does. */
  | { readonly step: 'missing'; readonly slot: PlayingItem }
  /** On: what follows by itself is looked at. */
  | { readonly step: 'ahead'; readonly item: PlaylistItem };

export const still: Going = { step: 'still' };

/** Where it is heading; undefined: nowhere. */
export function headingOf(going: Going): Heading | undefined {
  return 'to' in going ? going.to : undefined;
}

/** What was opened of where it goes. */
export function slotOf(going: Going): PlayingItem | undefined {
  return 'slot' in going ? going.slot : undefined;
}

/** The item that it waits for, or looks at. */
export function awaitedItem(going: Going): PlaylistItem | undefined {
  if (going.step === 'ahead') return going.item;
  return headingOf(going)?.place.item ?? slotOf(going)?.item;
}

/** Where it goes on after a break. */
export function resumesAt(going: Going): Place | undefined {
  if (going.step === 'resting') return going.place;
  const to = headingOf(going);
  return to?.by === 'resumed' ? to.place : to?.back;
}

/**
 * Whether where it was going has been taken out, or was to follow and does not any more.
 *
 * @param next what follows by itself now
 * @param isIdle nothing plays
 */
export function isOutdated(
  going: Going,
  { items, current, leaving }: Pick<Playlist, 'items' | 'current' | 'leaving'>,
  next: PlaylistItem | null,
  isIdle: boolean,
): boolean {
  if (going.step === 'resting') return !items.includes(going.place.item);
  const item = awaitedItem(going);
  if (!item) return false;
  const { by } = headingOf(going) ?? {};
  if (by === 'turn' || going.step === 'ahead') return item !== next;
  const isLeft = leaving && current === item && isIdle && by !== 'resumed';
  return isLeft || !items.includes(item);
}
