import type { ContentFault } from '../../contract/content.ts';
import type { BroadcastStats, DegradedPart, Viewer } from '../../contract/models.ts';
import type { Publisher } from '../../contract/publishing.ts';
import type { HealthWord } from '../../contract/view/health.ts';
import type { ViewedMachine } from '../../contract/view/view.ts';
import type { Audience } from '../../contract/view/viewed-room.ts';
import type { NetworkBytes } from '../view/network-bytes.ts';
import type { UsedProcess } from '../view/process-list.ts';

/** A room as it is at one moment. */
export interface MeasuredRoom {
  readonly name: string;
  readonly viewers: readonly Pick<Viewer, 'kind' | 'state' | 'picture' | 'suffers'>[];
  /** Something is to be on air there: somebody has begun it, or the room is always on. */
  readonly wanted: boolean;
  readonly health: HealthWord;
  /** null: nothing is on air. */
  readonly broadcast: {
    readonly id: string;
    readonly entry: string;
    readonly stats: BroadcastStats;
    readonly wrong: readonly ContentFault[];
  } | null;
  readonly audience: Pick<Audience, 'bitrateBps' | 'lossPercent' | 'worstLossPercent'>;
}

/** What the numbers are made of, at one moment: few enough to be read each time that somebody asks. */
export interface Figures {
  readonly rooms: readonly MeasuredRoom[];
  readonly publishers: readonly Pick<Publisher, 'protocol' | 'state'>[];
  readonly degraded: readonly Pick<DegradedPart, 'part' | 'failures' | 'nextTryAt'>[];
  readonly processes: readonly Pick<UsedProcess, 'pid' | 'kind' | 'cpuMs' | 'memoryBytes'>[];
  readonly disks: readonly Pick<ViewedMachine['disks'][number], 'of' | 'freeBytes' | 'totalBytes'>[];
  readonly network: NetworkBytes | null;
  /** Until when certificates hold, by what they are for; of those that can be read. */
  readonly certificates: readonly { readonly of: string; readonly endsAtMs: number }[];
}
