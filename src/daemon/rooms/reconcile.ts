import type { Part } from './part.ts';
import {
  type BroadcastState,
  idles,
  isWanted,
  keptOutgoing,
  type RoomSpec,
  type RoomState,
} from './room-state.ts';

/** What is to be done next so that a room is as it should be. */
export type Step =
  /** Finds out what an always-on room shows while there is nothing else. */
  | { readonly do: 'keep' }
  /** Takes off air what only keeps on air a room that is not to be so any more. */
  | { readonly do: 'end' }
  /** Gives up what somebody waits for, and could not be opened for too long. */
  | { readonly do: 'fail' }
  /** Puts who publishes on air. */
  | { readonly do: 'publish' }
  /** Opens the broadcast's programme in an ingest process, with all that is wanted and was seen of it. */
  | { readonly do: 'openProgramme' }
  /** Opens router, transport and Producers on a worker. */
  | { readonly do: 'openMedia' }
  /** Lets the programme send there. */
  | { readonly do: 'join' }
  /** Tells the programme what is wanted now. */
  | { readonly do: 'tell' }
  /** Waits no longer for what is being opened. */
  | { readonly do: 'giveUp'; readonly ticket: number }
  /** Opens anew a programme that plays, and of which nothing is seen. */
  | { readonly do: 'lose'; readonly ticket: number }
  /** Closes what nothing needs any more. */
  | { readonly do: 'close'; readonly ticket: number }
  /** Nothing before this moment. */
  | { readonly do: 'wait'; readonly untilMs: number };

/** What could not be opened for so long, in ms, before anything of it was seen, is given up: a worker may need 20 s to begin. */
const firstLimitMs = 25_000;

/** A programme that plays tells each second what it sees; so long its first word may take, in ms, on a busy machine. */
export const firstWordLimitMs = 30_000;

/** The next steps towards what should be; none where all is as it should be, or is on its way. Pure. */
export function reconcile(spec: RoomSpec, state: RoomState, nowMs: number): readonly Step[] {
  const { broadcast, keeping, handles, closed } = state;
  const kept = keptOutgoing(spec, state);
  const needed = [broadcast?.programme, broadcast?.media].map((part) =>
    part?.is === 'open' ? part.ticket : null,
  );
  if (kept) needed.push(kept.programme, kept.media);
  // What was opened last is closed first.
  const closing = handles
    .filter((ticket) => !needed.includes(ticket))
    .toReversed()
    .map((ticket): Step => ({ do: 'close', ticket }));
  if (closed) return closing;
  if (broadcast && idles(broadcast) && !spec.alwaysOn) return [{ do: 'end' }];
  const towardsOthers = broadcast
    ? towards(broadcast, nowMs)
    : spec.alwaysOn
      ? opened(keeping, { do: 'keep' }, nowMs)
      : [];
  return soonest([...closing, ...published(state, nowMs), ...towardsOthers]);
}

/** A room that a person has put on air, or is about to, is his. One that is being started is waited for: it has its own limits. */
function published(state: RoomState, nowMs: number): readonly Step[] {
  const { publishing, broadcast } = state;
  if (!publishing || publishing.part.is === 'opening') return [];
  if (isWanted(state) || (broadcast && broadcast.begunBy !== 'alwaysOn')) return [];
  return opened(publishing.part, { do: 'publish' }, nowMs);
}

/** It is waited for one moment only. */
function soonest(steps: readonly Step[]): readonly Step[] {
  const untilMs = Math.min(...steps.map((step) => (step.do === 'wait' ? step.untilMs : Infinity)));
  const now = steps.filter((step) => step.do !== 'wait');
  return untilMs === Infinity ? now : [...now, { do: 'wait', untilMs }];
}

/** A broadcast's parts depend on each other: the transport takes packets of one programme only. */
function towards(broadcast: BroadcastState, nowMs: number): readonly Step[] {
  const { programme, media, joined, seen } = broadcast;
  const limitMs = givenUpMs(broadcast, programme.is === 'open' ? media : programme);
  if (nowMs >= limitMs) return [{ do: 'fail' }];
  const limit: Step[] = limitMs === Infinity ? [] : [{ do: 'wait', untilMs: limitMs }];
  if (programme.is !== 'open') return [...limit, ...opened(programme, { do: 'openProgramme' }, nowMs)];
  const telling = told(broadcast, programme.ticket, nowMs);
  if (media.is !== 'open') return [...limit, ...telling, ...opened(media, { do: 'openMedia' }, nowMs)];
  if (joined !== media.ticket) return [...telling, { do: 'join' }];
  if (seen?.generation === programme.ticket) return telling;
  // It is joined as soon as both are open.
  const untilMs = Math.max(programme.sinceMs, media.sinceMs) + firstWordLimitMs;
  return nowMs >= untilMs
    ? [{ do: 'lose', ticket: programme.ticket }]
    : [...telling, { do: 'wait', untilMs }];
}

/** Somebody waits for the first frames; later nobody does, and it is tried for as long as it is wanted. */
function givenUpMs({ live, begunBy, begunMs }: BroadcastState, missing: Part): number {
  const isAwaited = !live && begunBy !== 'alwaysOn';
  return isAwaited && missing.is === 'gone' && missing.failures > 0 ? begunMs + firstLimitMs : Infinity;
}

/** A programme that does not play yet says nothing. */
function told(
  { told, joined, seen, wishes }: BroadcastState,
  ticket: number,
  nowMs: number,
): readonly Step[] {
  const { revision } = wishes.wanted;
  const isNew = told?.revision !== revision;
  if (told === null || joined === null) return isNew ? [{ do: 'tell' }] : [];
  const followed = seen?.generation === ticket ? seen.revision : -1;
  if (followed === revision) return [];
  const untilMs = isNew ? told.nextMs : told.untilMs;
  if (nowMs >= untilMs || (isNew && followed >= told.revision)) return [{ do: 'tell' }];
  return [{ do: 'wait', untilMs }];
}

function opened(part: Part, step: Step, nowMs: number): readonly Step[] {
  if (part.is === 'open') return [];
  if (part.is === 'opening')
    return nowMs >= part.untilMs
      ? [{ do: 'giveUp', ticket: part.ticket }]
      : [{ do: 'wait', untilMs: part.untilMs }];
  return nowMs >= part.notBeforeMs ? [step] : [{ do: 'wait', untilMs: part.notBeforeMs }];
}
