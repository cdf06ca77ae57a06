import type { ProgrammeEntry, ProgrammeState } from '../../contract/programme-state.ts';
import type { CandidateState, WantedCandidate } from '../../contract/snapshot.ts';
import { sourceWords } from '../../contract/source-words.ts';
import { playlistState } from '../../ingest/process/playlist/playlist-state.ts';
import type { Broadcast } from './broadcast.ts';
import type { BroadcastState } from './room-state.ts';
import { candidateIn, standingList } from './standing.ts';
import { listedCandidate } from './wishes.ts';

const reopening = 'the programme is being opened again';

/** How a programme is while nobody can be asked: what is wanted of it, and what was seen last. */
export function awaitedState(
  { onAir }: Pick<Broadcast, 'onAir'>,
  state: BroadcastState,
  wallMs: number,
): ProgrammeState {
  const { wishes, seen, programme } = state;
  const { chain, volumePercent, muted } = wishes.wanted;
  const plays = programme.is === 'open';
  const entryOf = (one: WantedCandidate): ProgrammeEntry => {
    const is = candidateIn(seen, one.id)?.is ?? { state: 'idle' };
    const reason = is.state === 'away' || is.state === 'blocked' ? is.reason : null;
    const named = { entry: one.name, words: sourceWords(one.source), kind: one.source.kind };
    return { ...named, state: entryState(is, plays), reason, lost: null, plan: null };
  };
  const listed = listedCandidate(wishes.wanted, seen);
  const first = chain.find(({ id }) => id === seen?.onAir) ?? chain[0];
  return {
    onAir: plays ? onAir : { entry: 'nothing', words: reopening, since: onAir.since },
    entries: [
      ...chain.map(entryOf),
      { entry: 'slate', words: 'slate', kind: 'slate', state: 'ready', reason: null, lost: null, plan: null },
    ],
    ...{ paused: first?.paused ?? false, volumePercent, muted },
    switches: seen?.switches ?? 0,
    slates: seen?.slates ?? 0,
    slateMs: Math.round(seen?.slateMs ?? 0),
    playlist: listed ? listState(listed, state, wallMs) : null,
  };
}

function listState(
  listed: WantedCandidate,
  { seen }: BroadcastState,
  nowMs: number,
): ProgrammeState['playlist'] {
  if (listed.source.kind !== 'playlist') return null;
  const list = standingList(listed, listed.source, candidateIn(seen, listed.id));
  const unknown = { sourceMs: new Map(), beganMs: new Map(), remainingMs: null };
  return playlistState(list, { nowMs, waitedFor: reopening, ...unknown });
}

/** What was on air is begun again. */
function entryState({ state, ...is }: CandidateState, plays: boolean): ProgrammeEntry['state'] {
  if (state === 'blocked') return 'reason' in is && is.reason !== null ? 'failed' : 'idle';
  if (state === 'idle' || state === 'away' || state === 'starting') return state;
  if (!plays) return 'starting';
  return state === 'cutting' ? 'ready' : state;
}
