import { candidateWords } from '../../contract/entry-name.ts';
import type { ProgrammeEntry, ProgrammeState } from '../../contract/programme-state.ts';
import type { CandidateState, Seen, Wanted, WantedCandidate } from '../../contract/snapshot.ts';
import { itemWords, sourceWords } from '../../contract/source-words.ts';
import { onAirOf } from './broadcast.ts';
import { playlistState } from './playlist-state.ts';
import type { BroadcastState } from './room-state.ts';
import { isReopening, onAirNow, reopening, seenNow } from './seen-now.ts';
import { candidateIn, pendingPlace, standing, standingList } from './standing.ts';
import { sentSince } from './take-decided.ts';
import { belowSlate, listedCandidate } from './wishes.ts';

/** How a programme is: what is wanted of it, and what was seen last; while it is opened again, nothing of that is on air. Pure. @param all tells all items of a playlist, however many */
export function programmeState(state: BroadcastState, wallMs: number, all = false): ProgrammeState {
  const onAir = onAirOf(state);
  const { wishes, programme } = state;
  const seen = seenNow(state);
  const { chain, slate, volumePercent, muted } = wishes.wanted;
  const taken = chain.find(({ name }) => name === 'take');
  const entryOf = (one: WantedCandidate, place: number): ProgrammeEntry => {
    const known = candidateIn(seen, one.id);
    // What is preferred is asked for, whether that was seen or not.
    const is: CandidateState = known?.is ?? { state: place === 0 ? 'starting' : 'idle' };
    return {
      ...{ entry: one.name, words: candidateWords(one), kind: one.source.kind },
      ...(one.run && { schedule: one.run.schedule }),
      ...{ state: entryState(is), reason: reasonOf(is) },
      ...{ lost: known?.lost ?? null, lacks: known?.lacks ?? [], plan: known?.plan ?? null },
      place: placeOf(one, seen, wallMs),
    };
  };
  const { leaving } = state;
  // The director tells a moment later.
  const isLeaving = leaving?.id === onAirNow(state) && !chain.some(({ id }) => id === leaving?.id);
  const outgoing = seen?.outgoing ?? (leaving && isLeaving ? entryOf(leaving, chain.length) : null);
  const first = belowSlate(wishes.wanted, seen);
  const held = first?.paused === true && !candidateIn(seen, first.id)?.unheld;
  const isThere = programme.is === 'open' && !isReopening(state);
  return {
    onAir,
    wanted: { slate, take: taken ? sourceWords(taken.source) : null },
    entries: [
      ...chain.map(entryOf),
      ...(outgoing ? [outgoing] : []),
      {
        ...{ entry: 'slate', words: 'slate', kind: 'slate', lost: null, lacks: [], plan: null, place: null },
        state: onAir.entry === 'slate' ? 'onAir' : isThere ? 'ready' : 'starting',
        reason: seen?.slateProblem ?? null,
      },
    ],
    ...{ paused: held, volumePercent, muted },
    switches: seen?.switches ?? 0,
    slates: seen?.slates ?? 0,
    slateMs: Math.round(seen?.slateMs ?? 0),
    content: seen?.content ?? { wrong: [], times: 0 },
    playlist: listState(state, seen, wallMs, all),
  };
}

/** The same of one that is over: how it was, with nothing on air any more. */
export function overState(state: BroadcastState, wallMs: number, all = false): ProgrammeState {
  const { entries, onAir, content, ...rest } = programmeState(state, wallMs, all);
  return {
    ...rest,
    content: { ...content, wrong: [] },
    onAir: { ...onAir, entry: 'nothing', words: 'the broadcast is over' },
    entries: entries.map((entry) => ({ ...entry, state: 'idle' })),
  };
}

/** Where a candidate is to go on from. */
export interface SoughtPlace {
  readonly entry: string;
  /** What plays there. */
  readonly words: string;
  readonly positionMs: number;
}

/** Where something was sent since `before`; null: nothing was. */
export function soughtPlace(before: Wanted, state: BroadcastState, wallMs: number): SoughtPlace | null {
  const { wanted } = state.wishes;
  const id = sentSince(before, wanted)?.id;
  const sent = wanted.chain.find((candidate) => candidate.id === id);
  const place = sent && placeOf(sent, seenNow(state), wallMs);
  if (!place) return null;
  return { entry: sent.name, words: place.item ?? candidateWords(sent), positionMs: place.positionMs };
}

function listState(
  state: BroadcastState,
  seen: Seen | null,
  nowMs: number,
  all: boolean,
): ProgrammeState['playlist'] {
  const reopens = isReopening(state);
  const listed = listedCandidate(state.wishes.wanted, seen);
  if (listed?.source.kind !== 'playlist') return null;
  const known = candidateIn(seen, listed.id);
  const { positionMs, endMs } = standing(listed, seen, nowMs);
  const plays = !reopens && endMs !== null && listed.id === seen?.onAir;
  const isCovered = seen?.live && listed.id !== seen.onAir;
  const cover = isCovered
    ? `${seen.shown.entry === 'slate' ? 'the slate' : seen.shown.words} is on air`
    : null;
  const waitedFor = known?.waits ? (reasonOf(known.is) ?? 'it gives nothing yet') : cover;
  const times = {
    nowMs,
    remainingMs: plays ? Math.max(0, endMs - positionMs) : null,
    waitedFor: reopens ? reopening : waitedFor,
    found: state.found.get(listed.id) ?? new Map(),
  };
  return playlistState(standingList(listed, listed.source, known), times, all);
}

function placeOf(candidate: WantedCandidate, seen: Seen | null, wallMs: number): ProgrammeEntry['place'] {
  const { seekable, item, positionMs } = standing(candidate, seen, wallMs);
  const pending = pendingPlace(candidate, candidateIn(seen, candidate.id));
  if (seekable !== true && pending === null) return null;
  const items = candidate.source.kind === 'playlist' ? candidate.source.items : [];
  const named = items.find(({ id }) => id === item);
  return { item: named ? itemWords(named) : null, positionMs: Math.round(positionMs) };
}

/** Why it is away, or has failed. */
function reasonOf(is: CandidateState): string | null {
  return 'reason' in is ? is.reason : null;
}

function entryState(is: CandidateState): ProgrammeEntry['state'] {
  const { state } = is;
  if (state === 'blocked') return is.reason === null ? 'idle' : 'failed';
  if (state === 'withdrawn') return 'away';
  return state === 'cutting' ? 'ready' : state;
}
