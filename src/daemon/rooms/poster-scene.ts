import type { BroadcastState } from './room-state.ts';
import { onAirNow } from './seen-now.ts';

/** What a still of a room may show now. */
export interface PosterScene {
  /** Differs where something else is seen, or may be: a still of another scene is shown to nobody. */
  readonly key: string;
  /** Nothing else than the slate may be shown. */
  readonly slate: boolean;
  /** Of the programme. */
  readonly ticket: number;
}

/** The scene of a broadcast; null: nothing of it may be shown, such as what is on air for a moment more after the slate was put over it. */
export function posterScene(
  broadcast: Pick<BroadcastState, 'id' | 'live' | 'programme' | 'seen' | 'wishes'> | null,
): PosterScene | null {
  if (!broadcast?.live || broadcast.programme.is !== 'open') return null;
  const { ticket } = broadcast.programme;
  // What an earlier opening saw is seen no longer.
  if (broadcast.seen?.generation !== ticket) return null;
  // No revision and no number of switches comes twice: what is hidden and shown again is another scene than before.
  const { slate, revision } = broadcast.wishes.wanted;
  const { switches } = broadcast.seen;
  const onAir = onAirNow(broadcast);
  if (slate && onAir !== null) return null;
  return { key: [broadcast.id, ticket, revision, slate, switches, onAir].join(' '), slate, ticket };
}
