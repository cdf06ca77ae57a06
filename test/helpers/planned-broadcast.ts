import { newId } from '../../src/contract/ids.ts';
import type { Source } from '../../src/contract/models.ts';
import { type Broadcast, noPlan, noStats } from '../../src/daemon/rooms/broadcast.ts';
import type { PlannedBroadcast } from '../../src/daemon/rooms/room-parts.ts';
import { newCandidate, newWishes } from '../../src/daemon/rooms/wishes.ts';
import { newOutput } from '../../src/daemon/sfu/output.ts';

/** A broadcast of which only a room's actor makes something: nothing real could play it. */
export function plannedBroadcast({
  id = newId('b'),
  name = id,
  source = null,
}: {
  id?: string;
  name?: string;
  source?: Source | null;
}): PlannedBroadcast {
  const broadcast: Broadcast = {
    ...{ id, name, source, words: 'a source', renditions: ['source'] },
    ...{ plan: noPlan, advice: null, stats: noStats },
    output: newOutput('h264', 1, ['vp8']),
    options: {} as never,
    startedAt: '2026-01-01T00:00:00.000Z',
  };
  const chain = source ? [newCandidate('main', source, newId('c'), 1)] : [];
  return { broadcast, wishes: newWishes(chain), looked: {} };
}
