import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import type { CallInput } from '../../contract/api.ts';
import type { Clock } from '../../contract/clock.ts';
import { type Config, roomConfig } from '../../contract/config.ts';
import type { ConfigFile } from '../../contract/config-file.ts';
import type { Principal } from '../../contract/principal.ts';
import { principalWord } from '../../contract/principal-word.ts';
import type { ChangedKey } from '../../contract/reloaded.ts';
import type { RoomWords } from '../../contract/room-config.ts';
import type { RoomDetails } from '../../contract/room-details.ts';
import { laidRoom, roomSettings, withSettings, wordsOf } from '../../contract/room-settings.ts';
import type { Health } from '../health.ts';
import {
  deleteRoom,
  type LastSet,
  makeRoom,
  type RoomSettingsRow,
  readLastSet,
  readRoomSettings,
  writeRoomSettings,
} from '../state/room-settings.ts';
import type { StateStore } from '../state/state-store.ts';
import { type Entry, entryOf } from './entry.ts';
import { noSuchRoom, roomExists, roomInFile, roomLost } from './errors.ts';
import { changedKeys, changedWords, invalid, told } from './setting-words.ts';

export interface SettingsOptions {
  /** What all parts of the daemon have: its rooms are kept up to date. */
  readonly config: Config;
  readonly file: ConfigFile;
  readonly store: Pick<StateStore, 'read' | 'change' | 'lost'>;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly health: Pick<Health, 'lost' | 'found'>;
  readonly log: Pick<Logger, 'warn'>;
}

interface SettingsEvents {
  /** Of some room something else may hold now. */
  changed: [];
}

/** What holds in rooms: what the configuration says of them, and over it what the state says was set. */
export class Settings extends EventEmitter<SettingsEvents> {
  readonly #options: SettingsOptions;
  #file: ConfigFile;
  /** As they were read last; null: they never could be. */
  #rows: readonly RoomSettingsRow[] | null = null;
  #readable = true;
  /** Of which rooms it is told that something set there is wrong. */
  #told = new Set<string>();

  private constructor(options: SettingsOptions) {
    super();
    this.#options = options;
    this.#file = options.file;
  }

  /** From here on `config.rooms` is what holds. */
  static create(options: SettingsOptions): Settings {
    const settings = new Settings(options);
    options.config.rooms = settings.over(options.file).rooms;
    return settings;
  }

  /** A configuration as it was read, with what is set over it. */
  over(file: ConfigFile): Config {
    this.#file = file;
    this.#rows = this.#read();
    const readable = (this.#rows ?? []).flatMap(({ name, settings }) =>
      settings ? [[name, settings] as const] : [],
    );
    const { rooms, problems } = withSettings(file, new Map(readable));
    this.#tell(problems);
    this.#tellAccess();
    return { ...file.config, rooms };
  }

  /** Takes up what is set now. */
  takeUp(): void {
    this.#options.config.rooms = this.over(this.#file).rooms;
    this.emit('changed');
  }

  /** What the configuration file says of rooms, in its words. */
  get inFile(): ConfigFile['rooms'] {
    return this.#file.rooms;
  }

  /** Whether what was set of rooms could be read, and nothing of it is lost. */
  get readable(): boolean {
    return this.#readable;
  }

  /** Whether a room lets anybody in now. */
  entry(room: string): Entry {
    const { access } = roomConfig(this.#options.config, room);
    const inFile = wordsOf(this.#file.rooms, room).access !== undefined;
    return entryOf({ access, inFile, readable: this.#readable });
  }

  /** Finds out whether what could not be read, or was lost, is there again or given up. */
  look(): void {
    if (this.#readable) return;
    const after = this.over(this.#file);
    if (!this.#readable) return;
    this.#options.config.rooms = after.rooms;
    this.emit('changed');
  }

  /** What holds in a room, and where it comes from. @throws MiroliveError STATE_UNAVAILABLE */
  of(
    room: string,
  ): Pick<RoomDetails, 'name' | 'inFile' | 'made' | 'appliedBy' | 'entry' | 'settings' | 'problems'> {
    const { store } = this.#options;
    const row = this.#row(room);
    const { settings: set, appliedBy = null } = row ?? {};
    const last: LastSet = row ? store.read((database) => readLastSet(database, room)) : new Map();
    const said = wordsOf(this.#file.rooms, room);
    const settings = roomSettings(said, set ?? {}).map((one) => {
      if (one.from !== 'set' || !row) return one;
      const { by, atMs } = last.get(one.key) ?? last.get(one.key.split('.')[0] ?? '') ?? {};
      const who = by ? principalWord(by) : appliedBy;
      return { ...one, ...(who && { by: who }), at: new Date(atMs ?? row.changedAtMs).toISOString() };
    });
    const { problems } = laidRoom(said, set ?? {});
    return {
      name: room,
      inFile: Object.hasOwn(this.#file.rooms, room),
      made: row?.made ?? false,
      entry: this.entry(room),
      appliedBy,
      settings,
      problems: [...problems],
    };
  }

  /**
   * Sets keys of a room, or sets them no more, and takes that up.
   *
   * @throws MiroliveError INVALID_REQUEST, STATE_UNAVAILABLE, STATE_LOST where that keeps it from being opened; nothing has changed then
   */
  set({ room, set, unset }: CallInput<'setRoom'>, by: Principal): ChangedKey[] {
    const { store, clock } = this.#options;
    const said = wordsOf(this.#file.rooms, room);
    const row = this.#row(room);
    const before = row?.settings ?? {};
    const after = this.#changed(room, before, set, unset);
    const isEmpty = Object.keys(after).length === 0;
    const deed = { who: by, what: 'setRoom', subject: room, room, details: { set: told(set ?? {}), unset } };
    store.change(deed, (database) =>
      writeRoomSettings(database, room, isEmpty ? null : after, row?.appliedBy ?? null, clock.wallMs()),
    );
    this.takeUp();
    return changedKeys(roomSettings(said, before), roomSettings(said, after));
  }

  /**
   * Makes a room, which is there from now on whatever becomes of it.
   *
   * @throws MiroliveError ROOM_EXISTS, INVALID_REQUEST, STATE_UNAVAILABLE, STATE_LOST; nothing has changed then
   */
  make({ room, set }: CallInput<'createRoom'>, by: Principal): void {
    const { store, clock } = this.#options;
    const row = this.#row(room);
    const { appliedBy = null, made = false, settings } = row ?? {};
    if (made || appliedBy !== null || Object.hasOwn(this.#file.rooms, room)) throw roomExists(room);
    const after = this.#changed(room, settings ?? {}, set, []);
    const deed = { who: by, what: 'createRoom', subject: room, room, details: { set: told(set) } };
    store.change(deed, (database) => makeRoom(database, room, after, appliedBy, clock.wallMs()));
    this.takeUp();
  }

  /** @throws MiroliveError ROOM_NOT_FOUND, ROOM_IN_FILE where it cannot be deleted, since nobody made it; STATE_UNAVAILABLE */
  isMade(room: string): void {
    const row = this.#row(room);
    if (Object.hasOwn(this.#file.rooms, room)) throw roomInFile(room, row !== undefined);
    if (!row) throw noSuchRoom(room);
  }

  /** Deletes a room: nothing is set of it any more, and nobody has made it. @throws MiroliveError as `isMade` does */
  forget(room: string, by: Principal): void {
    this.isMade(room);
    const deed = { who: by, what: 'deleteRoom', subject: room, room, details: {} };
    this.#options.store.change(deed, (database) => deleteRoom(database, room));
    this.takeUp();
  }

  /** What is set of a room after a change. What was wrong there already is no reason to refuse others. */
  #changed(room: string, before: RoomWords, set: RoomWords | null, unset: readonly string[]): RoomWords {
    const said = wordsOf(this.#file.rooms, room);
    const after = changedWords(before, set, unset);
    const known = laidRoom(said, before).problems.map(({ message }) => message);
    const wrong = laidRoom(said, after).problems.filter(({ message }) => !known.includes(message));
    if (wrong.length > 0) throw invalid(room, wrong);
    // Whoever is told that it holds from now on believes it.
    if ((set?.access === 'open' || set?.access === 'link') && this.entry(room) === 'lost')
      throw roomLost(room);
    return after;
  }

  #row(room: string): RoomSettingsRow | undefined {
    return this.#options.store.read(readRoomSettings).find(({ name }) => name === room);
  }

  /** Why the state cannot be read is told by it; until it can be again, what was read last holds. */
  #read(): readonly RoomSettingsRow[] | null {
    try {
      return this.#options.store.read(readRoomSettings);
    } catch {
      return this.#rows;
    }
  }

  #tellAccess(): void {
    const { store, health } = this.#options;
    const { lost } = store;
    const before = this.#readable;
    this.#readable = this.#rows !== null && lost === null;
    if (this.#readable && !before) health.found('access');
    if (!this.#readable) health.lost('access', { reason: shutWords(lost), failures: 1, nextTryMs: null });
  }

  #tell(problems: ReturnType<typeof withSettings>['problems']): void {
    const { health, log } = this.#options;
    const unread = (this.#rows ?? []).flatMap(({ name, settings }) => (settings ? [] : [name]));
    const wrong = new Map([
      ...[...problems].map(
        ([room, found]) => [room, [...new Set(found.map(({ message }) => message))].join('; ')] as const,
      ),
      ...unread.map((room) => [room, 'what was set cannot be read'] as const),
    ]);
    for (const [room, words] of wrong) {
      const reason = `what the configuration says holds instead: ${words}; see which: mirolive rooms show ${room}`;
      health.lost(partOf(room), { reason, failures: 1, nextTryMs: null });
      if (!this.#told.has(room)) log.warn({ room }, `room ${room}: ${reason}`);
    }
    for (const room of this.#told) if (!wrong.has(room)) health.found(partOf(room));
    this.#told = new Set(wrong.keys());
  }
}

/** @param lost what is; null: it cannot be read */
function shutWords(lost: string | null): string {
  const why = lost === null ? 'the state cannot be read' : 'the state is lost';
  const next =
    lost === null
      ? 'see why: mirolive doctor'
      : 'restore a backup (mirolive state restore), or go on without it (mirolive state accept)';
  return `rooms let nobody in but those whose access the configuration gives, since ${why}: ${next}`;
}

function partOf(room: string): string {
  return `settings of room ${room}`;
}
