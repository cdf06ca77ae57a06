import type { ProgrammeEvent } from '../../src/contract/programme-event.ts';
import type { ProgrammeState } from '../../src/contract/programme-state.ts';
import type { Seen } from '../../src/contract/snapshot.ts';
import { newPart, opened, opening } from '../../src/daemon/rooms/part.ts';
import { programmeState } from '../../src/daemon/rooms/programme-state.ts';
import { newBroadcast } from '../../src/daemon/rooms/room-state.ts';
import { found } from '../../src/daemon/rooms/transitions.ts';
import type { Wishes } from '../../src/daemon/rooms/wishes.ts';

import { plannedBroadcast } from './planned-broadcast.ts';

/** All that a room knows of a programme. */
export interface Heard {
  readonly wishes: Wishes;
  readonly seen: Seen | null;
  readonly events: readonly ProgrammeEvent[];
}

/** How a programme is, by what its director has told. */
export function stateOf({ wishes, seen, events }: Heard, wallMs: number): ProgrammeState {
  const ticket = seen?.generation ?? 1;
  const programme = opened(opening(newPart, ticket, 0), ticket, 0);
  const news = events.filter((event) => event.type === 'items');
  const begun = { ...newBroadcast(plannedBroadcast({}).broadcast, 'person', wishes, 0), seen, programme };
  const state = news.reduce((before, event) => found(before, event.candidate, event.found), begun);
  return programmeState(state, wallMs);
}
