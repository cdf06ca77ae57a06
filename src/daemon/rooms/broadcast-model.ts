import type { Broadcast, BroadcastStats, OnAir, Source } from '../../contract/models.ts';
import type { Plan } from '../../contract/plan.ts';
import { publicSource, sourceTitle } from '../../contract/source-words.ts';

/** Before anything has left. */
export const noStats: BroadcastStats = {
  positionMs: 0,
  durationMs: null,
  loops: 0,
  fps: 0,
  bitrateBps: 0,
  bufferedMs: 0,
  restarts: 0,
  slates: 0,
};

export const noPlan: Plan = { video: null, audio: null };

/** The room that a broadcast is in. */
export interface RoomFacts {
  readonly name: string;
  readonly watchUrl: string;
  readonly viewers: readonly unknown[];
}

/** A broadcast as operators see it, in all that is known. */
export interface BroadcastFacts {
  readonly id: string;
  readonly room: string;
  readonly watchUrl: string;
  readonly viewers: number;
  readonly name: string;
  /** null: nothing is preferred to the fallbacks and the slate. */
  readonly source: Source | null;
  readonly live: boolean;
  readonly onAir: OnAir;
  readonly plan: Plan;
  readonly advice: string | null;
  readonly stats: BroadcastStats;
  readonly startedAt: string;
}

export function broadcastModel({ source, live, ...facts }: BroadcastFacts): Broadcast {
  return {
    ...facts,
    state: live ? 'live' : 'starting',
    source: source ? publicSource(source) : { kind: 'slate' },
  };
}

/** One that was stopped before it was known how it would be played. @param source where it is known */
export function unbegunModel(
  id: string,
  { name: room, watchUrl, viewers }: RoomFacts,
  source: Source | null,
  startedAt: string,
): Broadcast {
  return broadcastModel({
    ...{ id, room, watchUrl, viewers: viewers.length, source, live: false, startedAt },
    name: source ? sourceTitle(source, room) : id,
    onAir: { entry: 'slate', words: 'slate', since: startedAt },
    ...{ plan: noPlan, advice: null, stats: noStats },
  });
}
