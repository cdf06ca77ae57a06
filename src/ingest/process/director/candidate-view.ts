import type { ProgrammeEvent } from '../../../contract/programme-event.ts';
import type { ProgrammeEntry } from '../../../contract/programme-state.ts';
import type { SeenCandidate } from '../../../contract/snapshot.ts';
import { itemWords } from '../../../contract/source-words.ts';
import { publishAdvice } from '../../plan/publish-advice.ts';
import type { PlaylistNews } from '../playlist/playlist-player-options.ts';
import type { Candidate } from './candidate.ts';
import { type CandidateIs, entryState, seenState } from './candidate-is.ts';

/** A part of where one is, and how. */
export type Standing = string | number | boolean | null | undefined;

/** Where one is and how, in parts of which one is another as soon as that is. */
export function standingOf({ id, is, reason, lost, lacks, unheld, player, playlist }: Candidate): Standing[] {
  const { item, index, round } = playlist.place;
  const { endMs, seekable } = player;
  const { loops, placed } = player.at;
  const how = [id, is.state, reason, lost?.times, lacks.join(), unheld];
  return [...how, item, index, round, loops, placed, endMs, seekable];
}

/** As the room, and whoever opens it again, needs it. @param wallFromMs what is added to a monotonic moment, in ms */
export function seenCandidate(candidate: Candidate, wallFromMs: number): SeenCandidate {
  const { id, is, player, playlist, hasPlaylist, goesOn, unheld, lost, lacks } = candidate;
  const { item, index, round, skipped } = playlist.place;
  const { positionUs, endMs, seekable, waits } = player;
  const { loops, placed, unplaced } = player.at;
  return {
    ...{ id, is: seenState(is, wallFromMs) },
    ...(hasPlaylist
      ? { item, index, round, skipped: [...skipped] }
      : { item: null, index: -1, round: loops, skipped: [] }),
    ...{ positionMs: Math.max(0, positionUs / 1000), endMs, seekable, placed, unplaced },
    // What goes on behind its last picture is still seen.
    ...{ waits: waits && !goesOn, unheld, lost, lacks: [...lacks], plan: player.queue.plan ?? null },
  };
}

/** As operators see it. */
export function entryOf({
  name: entry,
  words,
  source,
  is,
  reason,
  lost,
  lacks,
  player,
}: Candidate): ProgrammeEntry {
  const how = {
    state: entryState(is),
    reason,
    lost,
    lacks: [...lacks],
    plan: player.queue.plan ?? null,
    place: null,
  };
  return { entry, words, kind: source.kind, ...how };
}

/** What has become of one since it was so; null: nothing that anybody has to hear of. */
export function turnOf(
  { name: entry, words, is, reason }: Candidate,
  was: CandidateIs,
): ProgrammeEvent | null {
  if (was === is) return null;
  const isBack = is.state === 'ready' && (was.state === 'away' || was.state === 'withdrawn');
  if (isBack) return { type: 'source.back', entry, words };
  if (was.state === 'away' || is.state === was.state) return null;
  return reason === null ? null : { type: 'source.away', entry, words, reason };
}

/** What of its player's news is announced; null: nothing, or by whoever decides what becomes of it. */
export function eventOf(
  { name: entry, words, source, playlist }: Candidate,
  news: PlaylistNews,
  restarts: number,
): ProgrammeEvent | null {
  switch (news.type) {
    case 'pipeline.started':
      return news;
    case 'failed':
      return { type: 'pipeline.failed', message: news.message, restarts };
    case 'gap':
      return { type: 'source.gap', entry, words, missingMs: news.missingMs, reason: news.message };
    case 'lacks':
      return { type: 'source.lacks', entry, words, tracks: [...news.kinds] };
    case 'planned': {
      const advice = source.kind === 'publisher' ? publishAdvice(news.plan) : null;
      return { type: 'plan.changed', entry, words, plan: news.plan, advice };
    }
    case 'item': {
      const { item } = news;
      const index = playlist.items.indexOf(item);
      return { type: 'playlist.item', index, item: item.id, words: itemWords(item) };
    }
    case 'skipped': {
      const { item, reason } = news;
      return { type: 'playlist.skipped', item: item.id, words: itemWords(item), reason };
    }
    default:
      return null;
  }
}
