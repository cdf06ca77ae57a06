import { isPutAbove } from '../../contract/entry-name.ts';
import type { Source } from '../../contract/models.ts';
import type { ItemFact, Seen, Snapshot, WantedCandidate } from '../../contract/snapshot.ts';
import type { Broadcast } from './broadcast.ts';
import type { CompatibleNeed } from './compatible-needs.ts';
import type { End } from './errors.ts';
import { newPart, type Part } from './part.ts';
import type { Wishes } from './wishes.ts';

/** What is to be in a room, but for what people ask for. */
export interface RoomSpec {
  /** It is on air on its fallbacks and its slate whenever there is nothing else. */
  readonly alwaysOn: boolean;
  /** So long a publisher that went on air by itself may be away before the room is free for others, in ms. */
  readonly graceMs: number;
}

/** Who declared a broadcast, and how: what became of it since may be something else. */
export interface Applied {
  /** The name of the event file. */
  readonly by: string;
  /** What it said, JSON. */
  readonly declared: string;
}

/** A broadcast, and how its parts are. */
export interface BroadcastState extends Broadcast {
  /** `alwaysOn`: it only keeps the room on air until something else is wanted there. */
  readonly begunBy: Start['by'] | 'alwaysOn';
  /** It is begun again by whichever daemon is the next, until it is over. */
  readonly kept: boolean;
  /** The event file that it was declared in; null: in none. */
  readonly applied: Applied | null;
  readonly wishes: Wishes;
  readonly seen: Seen | null;
  /** What was on air when nobody wanted it any more. */
  readonly leaving: WantedCandidate | null;
  /** What was found out of items of playlists, by candidates' ids and their own. */
  readonly found: ReadonlyMap<string, ReadonlyMap<string, ItemFact>>;
  /** Its first frames have left, ever. */
  readonly live: boolean;
  /** The programme in an ingest process; its ticket is the generation of what it sees. */
  readonly programme: Part;
  /** Router, transport and Producers on a worker. */
  readonly media: Part;
  /** The ticket of the media that the programme sends to; null: to none. */
  readonly joined: number | null;
  /** What the programme was told last; null: nothing yet. Whether it follows that it says itself. */
  readonly told: Told | null;
  /** Monotonic, in ms; infinite where an earlier daemon began it, and nobody waits for its first frames. */
  readonly begunMs: number;
  /** What it is made in besides. */
  readonly needs: readonly CompatibleNeed[];
}

/** A revision of what is wanted that a programme was told, in vain so often. */
export interface Told {
  readonly revision: number;
  readonly vain: number;
  /** Nothing newer is told before this moment, unless it is followed by then. */
  readonly nextMs: number;
  /** Where it is not followed by then, it is told again. */
  readonly untilMs: number;
}

/** Somebody publishes, and is to be on air by itself: how putting it there fares. */
export interface Publishing {
  readonly source: Source;
  readonly part: Part;
}

/** Tickets of what viewers keep of a broadcast in whose place another one comes. */
export interface Outgoing {
  /** null: it is over, and only its last picture stays. */
  readonly programme: number | null;
  readonly media: number;
  /** It is hidden, or silent, itself; missing: it is not. */
  readonly slate?: boolean;
  readonly muted?: boolean;
}

/** Something that is to be put on air once it was looked at. */
export interface Start {
  /** The broadcast's. */
  readonly id: string;
  readonly by: 'person' | 'publisher' | 'schedule';
  /** Whether it is to outlive the daemon; what a publisher begins does anyway. */
  readonly keep?: boolean;
  /** The event file that declares it. */
  readonly applied?: Applied | null;
  /** The id of the broadcast that it comes in the place of. */
  readonly replaces?: string | undefined;
  /** That is over before this one is looked at: both have a source that can be opened once only. */
  readonly endsFirst?: boolean | undefined;
  /** What was above that when it was asked for, and goes with it, by its ids; missing: it is not looked at yet. */
  readonly above?: readonly string[];
  /** So many commands had come before it. */
  readonly asked: number;
}

/** A room as its actor knows it. */
export interface RoomState {
  readonly broadcast: BroadcastState | null;
  /** The last one that is over, as it was then, and why. */
  readonly over: { readonly broadcast: BroadcastState; readonly end: End } | null;
  /** What was on air when its broadcast was over: viewers keep it until the first frames of another one have left. */
  readonly outgoing: Outgoing | null;
  /** Finding out what an always-on room shows while there is nothing else. */
  readonly keeping: Part;
  /** Who is to be put on air by itself; null: nobody, or it is there, or a person has put something else there. */
  readonly publishing: Publishing | null;
  /** Starts that are being looked at. */
  readonly starts: readonly Start[];
  /** What viewers need, whatever is on air. */
  readonly needs: readonly CompatibleNeed[];
  /** Tickets of what is open, in the order in which it was opened. */
  readonly handles: readonly number[];
  readonly closed: boolean;
}

export const newRoom: RoomState = {
  broadcast: null,
  over: null,
  outgoing: null,
  keeping: newPart,
  publishing: null,
  starts: [],
  needs: [],
  handles: [],
  closed: false,
};

export function newBroadcast(
  broadcast: Broadcast,
  begunBy: BroadcastState['begunBy'],
  wishes: Wishes,
  begunMs: number,
  { keep = false, applied = null }: Pick<Start, 'keep' | 'applied'> = {},
): BroadcastState {
  return {
    ...broadcast,
    ...{ kept: keep || begunBy !== 'person', applied },
    ...{ begunBy, wishes, begunMs, seen: null, leaving: null, found: new Map(), live: false, needs: [] },
    ...{ programme: newPart, media: newPart, joined: null, told: null },
  };
}

/** A broadcast of which nothing can be undone by a machine: a person has put something there. */
export function isBusy({ broadcast }: RoomState): boolean {
  return broadcast !== null && !idles(broadcast);
}

/** A person is about to put something there: machines give way until that is, or has failed. */
export function isWanted({ starts }: RoomState): boolean {
  return starts.some(({ by }) => by === 'person');
}

/** It keeps the room on air, and nothing was put above it. */
export function idles({ begunBy, wishes }: BroadcastState): boolean {
  return begunBy === 'alwaysOn' && !wishes.wanted.chain.some(({ name }) => isPutAbove(name));
}

/** Who publishes meanwhile is on air by himself above it, or after it: no person has put it there. */
export function leavesToPublishers({ begunBy }: BroadcastState): boolean {
  return begunBy === 'alwaysOn' || begunBy === 'schedule';
}

/** Gives way to what an earlier daemon had there: a machine has begun it, and nobody has wanted anything of it since. */
export function givesWay({ begunBy, wishes }: BroadcastState): boolean {
  return begunBy !== 'person' && wishes.asked === 0;
}

/** What viewers keep of a broadcast that is over, for as long as there is nothing in its place; null: nothing. */
export function keptOutgoing({ alwaysOn }: RoomSpec, state: RoomState): Outgoing | null {
  const { broadcast, outgoing, keeping, closed } = state;
  const { slate, muted } = broadcast?.wishes.wanted ?? {};
  // What hides or silences what is to come does so to what is seen and heard.
  const isUnfit = (slate && !outgoing?.slate) || (muted && !outgoing?.muted);
  const isAwaited = broadcast ? !broadcast.live && !isUnfit : alwaysOn;
  const comes = [keeping, broadcast?.programme, broadcast?.media];
  // Nobody is to wait for long in front of what does not move.
  const isStill = outgoing?.programme === null && comes.some((part) => (part?.failures ?? 0) > 0);
  return isAwaited && !isStill && !closed ? outgoing : null;
}

/** The ticket of the media that viewers are to consume; null: there is none. */
export function servedMedia(spec: RoomSpec, state: RoomState): number | null {
  const kept = keptOutgoing(spec, state);
  if (kept) return kept.media;
  const { media } = state.broadcast ?? {};
  return media?.is === 'open' ? media.ticket : null;
}

export function snapshotOf({ wishes, seen }: BroadcastState): Snapshot {
  return { wanted: wishes.wanted, seen };
}
