import type {
  DeclaredBroadcast,
  DeclaredKey,
  DeclaredSchedule,
  SavedPlaylist,
} from '../../contract/event/declared.ts';
import type { Source } from '../../contract/models.ts';

/** Something that is there, and the name of the event file that applied it; null: none did. */
export interface Owned<T> {
  readonly by: string | null;
  readonly is: T;
}

/** What is to be on air in a room, with its source as it is played. */
export interface WantedBroadcast extends Omit<DeclaredBroadcast, 'source'> {
  readonly source: Source;
}

/** A broadcast that is in a room, put there by somebody. */
export interface Running extends Owned<WantedBroadcast> {
  readonly id: string;
  /** What is on air, such as talk.mp4. */
  readonly words: string;
  /** It outlives the daemon. */
  readonly kept: boolean;
  /** By a schedule, which ends it. */
  readonly scheduled: boolean;
  /** `alwaysOn`: something was put above what keeps the room on air. */
  readonly begunBy: 'person' | 'publisher' | 'schedule' | 'alwaysOn';
}

/** What there is of all that event files may declare, at one moment. */
export interface Current {
  /** In ms since 1970. */
  readonly atMs: number;
  /** Settings over the configuration, in its words. */
  readonly rooms: ReadonlyMap<string, Owned<Readonly<Record<string, unknown>>>>;
  /** What the configuration says of rooms, in its words. */
  readonly configured: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Whether what was set of rooms could be read, and nothing of it is lost. */
  readonly readable: boolean;
  /** By `room/name`, those that are not revoked. */
  readonly keys: ReadonlyMap<string, Owned<DeclaredKey>>;
  /** Hashes of secrets that are void. */
  readonly revoked: ReadonlySet<string>;
  readonly playlists: ReadonlyMap<string, Owned<SavedPlaylist>>;
  readonly schedules: ReadonlyMap<string, Owned<DeclaredSchedule>>;
  /** Schedules of which a run is on air. */
  readonly going: ReadonlySet<string>;
  /** By rooms. */
  readonly broadcasts: ReadonlyMap<string, Running>;
  /** `room/name` of the keys with which somebody publishes. */
  readonly publishing: ReadonlySet<string>;
  /** How many viewers are in a room. */
  readonly viewers: ReadonlyMap<string, number>;
  /** Rooms that are on air only since they always are. */
  readonly idling: ReadonlySet<string>;
}

export function keyPlace({ room, name }: Pick<DeclaredKey, 'room' | 'name'>): string {
  return `${room}/${name}`;
}
