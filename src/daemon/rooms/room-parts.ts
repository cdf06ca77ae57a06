import type { Clock } from '../../contract/clock.ts';
import type { Source } from '../../contract/models.ts';
import type { CompatibleCodec } from '../../contract/plan.ts';
import type { ProgrammeEvent } from '../../contract/programme-event.ts';
import type { OfflineReason } from '../../contract/signalling.ts';
import type { Seen, Snapshot, Wanted } from '../../contract/snapshot.ts';
import type { StartPlace } from '../../contract/start-place.ts';
import type { Looked } from '../../ingest/process/director/director-options.ts';
import type { PreparedSource } from '../../ingest/sources/sources.ts';
import type * as types from '../sfu/media-types.ts';
import type { Broadcast } from './broadcast.ts';
import type { End } from './errors.ts';
import type { SoughtPlace } from './programme-state.ts';
import type { PutOver } from './put-over.ts';
import type { BroadcastState, RoomSpec } from './room-state.ts';
import type { TroubleListener } from './troubles.ts';
import type { Wishes } from './wishes.ts';

/** A broadcast that can be begun: somebody has looked at what it plays. */
export interface PlannedBroadcast {
  readonly broadcast: Broadcast;
  readonly wishes: Wishes;
  readonly looked: Looked;
}

/** A source that is to be taken, once somebody has looked at it. */
export interface LookedSource {
  /** The candidate's id. */
  readonly id: string;
  readonly seed: number;
  /** Where it begins; default: at its beginning. */
  readonly place?: StartPlace | undefined;
  /** The source with the files of its folders; default as it was given. */
  readonly whole?: Source;
  readonly prepared: PreparedSource | null;
}

/** What was stopped: a broadcast, or what was on its way to be one. */
export type Stopped =
  | { readonly broadcast: BroadcastState }
  | {
      readonly broadcast: null;
      /** Its id; null: it waited to be tried again. */
      readonly start: string | null;
      /** Where it is known. */
      readonly source: Source | null;
    };

/** What a programme tells the room. */
export interface ProgrammeListener {
  event(event: ProgrammeEvent): void;
  seen(seen: Seen): void;
  /** Its process is gone, and it with it. */
  gone(reason: string): void;
}

/** A programme in an ingest process, which may die. */
export interface OpenProgramme {
  /** Whose it is: the same one for all of a process. */
  readonly process: object;
  /** The UDP port on loopback that its packets come from. */
  readonly port: number;
  /** Its packets go to this port on loopback from now on; it begins to play at the first time. False: it cannot, and is gone. */
  connect(port: number): Promise<boolean>;
  want(wanted: Wanted, looked: Looked): void;
  /** A JPEG still of what viewers see; null: there is none that may be shown. @param slate nothing else than the slate may */
  poster(slate: boolean, signal: AbortSignal): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

/** Producers of a programme's packets on a worker, which may die. */
export interface OpenMedia {
  /** The UDP port on loopback that packets are taken at. */
  readonly port: number;
  /** Video first. */
  readonly producers: readonly types.Producer[];
  /** That of the picture in another codec; it gives something while that is wanted of the programme. */
  readonly compatible: (codec: CompatibleCodec) => Promise<types.Producer>;
  close(): void;
}

/** What viewers can consume, and of which broadcast it is. */
export interface Served {
  readonly broadcast: Broadcast;
  /** Video first. */
  readonly producers: readonly types.Producer[];
  readonly compatible: OpenMedia['compatible'];
}

export interface OpeningOptions {
  readonly broadcast: Broadcast;
  readonly snapshot: Snapshot;
  /** Comes back with all that is seen. */
  readonly generation: number;
  readonly looked: Looked;
  readonly listener: ProgrammeListener;
  /** Nobody waits for it any more: the next one is opened elsewhere, where that is slow. */
  readonly signal: AbortSignal;
}

/** What a room's actor can do: slow things, outside its queue. */
export interface RoomParts {
  /** What an always-on room shows while there is nothing else. */
  keep(): Promise<PlannedBroadcast>;
  /** Puts who publishes on air; resolves when its first frames have left, or when it is wanted above what only keeps the room on air. */
  publish(source: Source): Promise<unknown>;
  openProgramme(options: OpeningOptions): Promise<OpenProgramme>;
  /**
   * @param port where the programme's packets come from
   * @param onLost the worker is gone, and the Producers with it
   */
  openMedia(broadcast: Broadcast, port: number, onLost: (reason: string) => void): Promise<OpenMedia>;
}

/** What others hear of a room. */
export interface RoomListener extends TroubleListener {
  /** Its first frames have left. */
  live(broadcast: BroadcastState): void;
  /** Its frames leave again, after a process that they came through has died. */
  back(broadcast: BroadcastState): void;
  /** Its programme has told something. */
  heard(broadcast: BroadcastState, event: ProgrammeEvent): void;
  /** Somebody has sent what is on air, or is to come, to another place. */
  sought(broadcast: BroadcastState, place: SoughtPlace): void;
  /** Its Producers are there, for the first time or again, or others than before. */
  served(): void;
  /** They are gone. */
  unserved(reason: OfflineReason): void;
  ended(broadcast: BroadcastState, end: End): void;
  /** What was put above it is there no more; it is told before the broadcast itself is over. */
  putOver(over: PutOver): void;
  /** All that was to be done now is done. */
  settled(): void;
}

/** What a room is made of. */
export interface RoomCoreOptions {
  readonly spec: RoomSpec;
  readonly parts: RoomParts;
  readonly listener: RoomListener;
  readonly clock: Clock;
  /** Gives numbers from 0 to below 1. */
  readonly random: () => number;
  /** Throws where no other broadcast may begin. */
  readonly admit: () => void;
}
