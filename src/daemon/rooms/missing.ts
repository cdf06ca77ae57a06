import type { Part } from './part.ts';
import type { RoomSpec, RoomState } from './room-state.ts';

/** What a room may lack. */
export type What = 'publisher' | 'programme' | 'media' | 'plan';

export interface Missing {
  readonly what: What;
  readonly part: Part;
}

/** What a room should have and has failed to get more than once; what is had again at once is not missed. Pure. */
export function missingIn(spec: RoomSpec, state: RoomState): Missing | null {
  const { publishing, broadcast, keeping, closed } = state;
  if (closed) return null;
  const parts: Missing[] = publishing ? [{ what: 'publisher', part: publishing.part }] : [];
  if (broadcast)
    parts.push({ what: 'programme', part: broadcast.programme }, { what: 'media', part: broadcast.media });
  else if (spec.alwaysOn) parts.push({ what: 'plan', part: keeping });
  return parts.find(({ part }) => part.is !== 'open' && part.failures > 1) ?? null;
}
