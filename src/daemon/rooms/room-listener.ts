import type { Broadcast } from './broadcast.ts';
import type { End } from './errors.ts';
import type { TroubleListener } from './troubles.ts';

/** What others hear of a room. */
export interface RoomListener extends TroubleListener {
  /** A broadcast is there; nothing of it has left yet. */
  begun(broadcast: Broadcast): void;
  /** Its first frames have left. */
  live(broadcast: Broadcast): void;
  /** Its Producers are there, for the first time or again. */
  served(broadcast: Broadcast): void;
  /** They are gone; `interrupted`: others will come. */
  unserved(reason: 'ended' | 'interrupted'): void;
  ended(broadcast: Broadcast, end: End): void;
  /** All that was to be done now is done. */
  settled(): void;
}
