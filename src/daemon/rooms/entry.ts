import type { RoomConfig } from '../../contract/room-config.ts';

/** Whether a room lets viewers in; `link`: those who have a watch link; `lost`: nobody, publishers neither. */
export type Entry = RoomConfig['access'] | 'lost';

/** What is known of a room's access. */
export interface EntryKnown {
  /** What holds. */
  readonly access: RoomConfig['access'];
  /** The configuration file gives it. */
  readonly inFile: boolean;
  /** What was set of rooms could be read, and nothing of it is lost. */
  readonly readable: boolean;
}

/** Without a state that can be read nothing is open that was not: what somebody closed by a command would be open again. */
export function entryOf({ access, inFile, readable }: EntryKnown): Entry {
  return readable || inFile ? access : 'lost';
}

/** Whether somebody is let in at all. */
export function letsIn(entry: Entry): boolean {
  return entry === 'open' || entry === 'link';
}
