import { sourceTitle } from '../../contract/source-words.ts';
import type { BroadcastState } from './room-state.ts';
import { seenNow } from './seen-now.ts';
import { belowSlate } from './wishes.ts';

/** What viewers are told is on air: the broadcast, or the run of a schedule that is seen above it. Pure. */
export function titleOf(
  broadcast: Pick<BroadcastState, 'name' | 'wishes' | 'seen' | 'programme'>,
  room: string,
): string {
  const shown = belowSlate(broadcast.wishes.wanted, seenNow(broadcast));
  return shown?.run ? (shown.run.title ?? sourceTitle(shown.source, room)) : broadcast.name;
}
