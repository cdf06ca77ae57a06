import { backOffDelayMs } from '../../contract/back-off.ts';
import type { PlaylistItem } from '../../contract/models.ts';
import type { ProgrammeEvent } from '../../contract/programme-event.ts';
import type { ItemFact, Seen } from '../../contract/snapshot.ts';
import type { CompatibleNeed } from './compatible-needs.ts';
import type { End } from './errors.ts';
import { hurried, lost, newPart, opened, opening, withdrawn } from './part.ts';
import type { BroadcastState, Outgoing, RoomState } from './room-state.ts';
import { onAirNow } from './seen-now.ts';
import { leaveByMachine } from './take-by-machine.ts';
import { follow, needing, type Wishes } from './wishes.ts';

/** When something happened, and chance, from 0 to below 1, for how long it is waited. */
export interface Moment {
  readonly nowMs: number;
  readonly chance: number;
}

/** A broadcast begins. One that only kept the room on air is over by that. */
export function begun(state: RoomState, broadcast: BroadcastState): RoomState {
  const starts = state.starts.filter(({ id }) => id !== broadcast.id);
  const needed = { ...state, starts, broadcast: withNeeds(broadcast, state.needs) };
  return { ...needed, keeping: broadcast.begunBy === 'alwaysOn' ? state.keeping : newPart };
}

/** Viewers need what is on air in other codecs than before. */
export function needed(state: RoomState, needs: readonly CompatibleNeed[]): RoomState {
  return { ...state, needs, broadcast: state.broadcast && withNeeds(state.broadcast, needs) };
}

/** It is made in those of them that it is not in anyway. */
function withNeeds(broadcast: BroadcastState, needs: readonly CompatibleNeed[]): BroadcastState {
  const made = needs.filter(({ codec }) =>
    broadcast.output.video.compatible?.some((output) => output.codec === codec),
  );
  const wishes = needing(
    broadcast.wishes,
    made.map(({ codec }) => codec),
  );
  return { ...broadcast, needs: made, wishes };
}

/** A broadcast is over. Where one that keeps the room on air fails at once, another one waits. */
export function over(
  state: RoomState,
  broadcast: BroadcastState,
  end: End,
  { nowMs, chance }: Moment,
): RoomState {
  const { keeping } = state;
  const outgoing = outgoingOf(state, broadcast, end.reason === 'replaced');
  const ended = { ...state, broadcast: null, over: { broadcast, end }, outgoing };
  if (keeping.is !== 'open') return ended;
  const failed = end.reason === 'failed' && broadcast.begunBy === 'alwaysOn';
  return { ...ended, keeping: failed ? lost(keeping, keeping.ticket, nowMs, chance) : newPart };
}

/** Viewers keep what they see. @param plays it plays on meanwhile; what somebody has ended does not */
function outgoingOf(
  { outgoing }: RoomState,
  { live, programme, media, wishes }: BroadcastState,
  plays: boolean,
): Outgoing | null {
  if (outgoing && !live) return outgoing;
  const isOpen = programme.is === 'open' && media.is === 'open';
  if (!isOpen) return null;
  const { slate, muted } = wishes.wanted;
  return { programme: plays ? programme.ticket : null, media: media.ticket, slate, muted };
}

/** A part is closed, or lost: what was replaced is of use only as a whole. */
export function withoutPart(state: RoomState, ticket: number): RoomState {
  const { outgoing } = state;
  const isOutgoing = outgoing?.programme === ticket || outgoing?.media === ticket;
  return isOutgoing ? { ...state, outgoing: null } : state;
}

/** Something else is wanted of the broadcast. */
export function wished(broadcast: BroadcastState, wishes: Wishes): BroadcastState {
  const onAir = broadcast.wishes.wanted.chain.find(({ id }) => id === onAirNow(broadcast));
  const stays = wishes.wanted.chain.some(({ id }) => id === onAir?.id);
  return { ...broadcast, wishes, leaving: onAir && !stays ? onAir : broadcast.leaving };
}

/** What waits to be tried again may be tried now. */
export function allHurried({ keeping, publishing, broadcast, ...state }: RoomState): RoomState {
  return {
    ...state,
    keeping: hurried(keeping),
    publishing: publishing && { ...publishing, part: hurried(publishing.part) },
    broadcast: broadcast && {
      ...broadcast,
      programme: hurried(broadcast.programme),
      media: hurried(broadcast.media),
    },
  };
}

/** The programme is being opened: whatever it was told before is forgotten. */
export function programmeOpening(
  broadcast: BroadcastState,
  ticket: number,
  { nowMs }: Moment,
): BroadcastState {
  const programme = opening(broadcast.programme, ticket, nowMs);
  return { ...broadcast, programme, joined: null, told: null };
}

/** The programme was opened with this revision. */
export function programmeOpened(
  broadcast: BroadcastState,
  ticket: number,
  revision: number,
  moment: Moment,
): BroadcastState {
  const programme = opened(broadcast.programme, ticket, moment.nowMs);
  return told({ ...broadcast, programme }, revision, moment);
}

/** A programme tells each second what it follows; so long it may take, in ms. */
const followMs = 3000;

/** What is wanted within so long, in ms, is told together: a long playlist goes round as a whole. */
const togetherMs = 500;

/** The programme was told this revision. */
export function told(broadcast: BroadcastState, revision: number, { nowMs, chance }: Moment): BroadcastState {
  const before = broadcast.told;
  const vain = before?.revision === revision ? before.vain + 1 : 0;
  const untilMs = nowMs + followMs + backOffDelayMs(vain, chance);
  return { ...broadcast, told: { revision, vain, nextMs: nowMs + togetherMs, untilMs } };
}

/** The programme is gone, or could not be opened: its transport is of no use to another one. */
export function programmeLost(
  broadcast: BroadcastState,
  ticket: number,
  { nowMs, chance }: Moment,
): BroadcastState {
  const { programme: before, seen } = broadcast;
  // Of what nothing was seen it cannot be said that it held.
  const part =
    before.is === 'open' && seen?.generation !== before.ticket ? { ...before, sinceMs: nowMs } : before;
  const programme = lost(part, ticket, nowMs, chance);
  if (programme === part) return broadcast;
  const stats = { ...broadcast.stats, fps: 0, bitrateBps: 0, bufferedMs: 0 };
  const media = withdrawn(broadcast.media, nowMs);
  return { ...broadcast, programme, stats, levels: null, media, joined: null, told: null };
}

export function mediaOpening(broadcast: BroadcastState, ticket: number, { nowMs }: Moment): BroadcastState {
  return { ...broadcast, media: opening(broadcast.media, ticket, nowMs), joined: null };
}

export function mediaOpened(broadcast: BroadcastState, ticket: number, { nowMs }: Moment): BroadcastState {
  return { ...broadcast, media: opened(broadcast.media, ticket, nowMs) };
}

/** The worker is gone, or could not be used: the programme goes on meanwhile. */
export function mediaLost(
  broadcast: BroadcastState,
  ticket: number,
  { nowMs, chance }: Moment,
): BroadcastState {
  const media = lost(broadcast.media, ticket, nowMs, chance);
  return media === broadcast.media ? broadcast : { ...broadcast, media, joined: null };
}

/**
 * The director has seen something; what an earlier one saw is dropped.
 *
 * @param graceMs so long a publisher that a machine took may be away
 */
export function saw(broadcast: BroadcastState, seen: Seen, graceMs: number): BroadcastState {
  const { programme, wishes } = broadcast;
  if (programme.is !== 'open' || seen.generation !== programme.ticket) return broadcast;
  return { ...broadcast, seen, wishes: follow(leaveByMachine(wishes, seen, graceMs), seen) };
}

/** The programme has told something. */
export function heard(broadcast: BroadcastState, event: ProgrammeEvent): BroadcastState {
  switch (event.type) {
    case 'live':
      return { ...broadcast, live: true };
    case 'stats':
      return { ...broadcast, stats: event.stats, levels: event.levels };
    case 'ended':
      return { ...broadcast, stats: event.stats };
    case 'plan.changed':
      return { ...broadcast, plan: event.plan, advice: event.advice };
    case 'pipeline.started':
      return { ...broadcast, plan: event.plan };
    case 'items':
      return found(broadcast, event.candidate, event.found);
    default:
      return broadcast;
  }
}

/** Something was found out of items of a candidate; what is known of those that are not wanted any more is not needed. */
export function found(
  broadcast: BroadcastState,
  candidate: string,
  news: Readonly<Record<string, ItemFact>>,
): BroadcastState {
  const known = broadcast.wishes.wanted.chain.flatMap(({ id, source }) => {
    if (source.kind !== 'playlist') return [];
    const before = broadcast.found.get(id) ?? new Map<string, ItemFact>();
    const all = id === candidate ? new Map([...before, ...factsOf(source.items, news)]) : before;
    // Of a list of thousands it is only looked through where there must be some that are not needed.
    if (all.size <= source.items.length) return [[id, all] as const];
    const ids = new Set(source.items.map((item) => item.id));
    return [[id, new Map([...all].filter(([item]) => ids.has(item)))] as const];
  });
  return { ...broadcast, found: new Map(known) };
}

/** To look for no more than so many in a list of thousands is quicker than to know all of it. */
const few = 10;

/** What is news of items that are in a list. */
function factsOf(
  items: readonly PlaylistItem[],
  news: Readonly<Record<string, ItemFact>>,
): [id: string, fact: ItemFact][] {
  const entries = Object.entries(news);
  if (entries.length < few) return entries.filter(([id]) => items.some((item) => item.id === id));
  const ids = new Set(items.map(({ id }) => id));
  return entries.filter(([id]) => ids.has(id));
}
