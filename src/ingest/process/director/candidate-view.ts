import type { ProgrammeEntry } from '../../../contract/programme-state.ts';
import type { SeenCandidate } from '../../../contract/snapshot.ts';
import type { Candidate } from './candidate.ts';
import { entryState, seenState } from './candidate-is.ts';

/** Where one is, in a word that is another one as soon as commands would count from somewhere else. */
export function standingOf({ id, is, player, playlist }: Candidate): string {
  const { item, index, round } = playlist.place;
  const { loops, placed, endMs, seekable } = player;
  return [id, is.state, item, index, round, loops, placed, endMs, seekable].join();
}

/** As the room, and whoever opens it again, needs it. @param wallFromMs what is added to a monotonic moment, in ms */
export function seenCandidate(candidate: Candidate, wallFromMs: number): SeenCandidate {
  const { id, is, player, playlist, hasPlaylist, goesOn, unheld, lost } = candidate;
  const { item, index, round, skipped } = playlist.place;
  const { loops, positionUs, endMs, seekable, placed, waits } = player;
  return {
    ...{ id, is: seenState(is, wallFromMs) },
    ...(hasPlaylist
      ? { item, index, round, skipped: [...skipped] }
      : { item: null, index: -1, round: loops, skipped: [] }),
    ...{ positionMs: Math.max(0, positionUs / 1000), endMs, seekable, placed },
    // What goes on behind its last picture is still seen.
    ...{ waits: waits && !goesOn, unheld, lost, plan: player.queue.plan ?? null },
  };
}

/** As operators see it. */
export function entryOf({ name: entry, words, source, is, reason, lost, player }: Candidate): ProgrammeEntry {
  const how = { state: entryState(is), reason, lost, plan: player.queue.plan ?? null, place: null };
  return { entry, words, kind: source.kind, ...how };
}
