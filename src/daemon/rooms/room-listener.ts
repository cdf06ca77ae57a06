import type { ProgrammeEvent } from '../../ingest/process/director/director-options.ts';
import type { End } from './errors.ts';
import type { BroadcastState } from './room-state.ts';
import type { TroubleListener } from './troubles.ts';

/** What others hear of a room. */
export interface RoomListener extends TroubleListener {
  /** Its first frames have left. */
  live(broadcast: BroadcastState): void;
  /** Its programme has told something. */
  heard(broadcast: BroadcastState, event: ProgrammeEvent): void;
  /** Its Producers are there, for the first time or again. */
  served(): void;
  /** They are gone; `interrupted`: others will come. */
  unserved(reason: 'ended' | 'interrupted'): void;
  ended(broadcast: BroadcastState, end: End): void;
  /** All that was to be done now is done. */
  settled(): void;
}
