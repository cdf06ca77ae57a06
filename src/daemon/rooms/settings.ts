import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import type { Config } from '../../contract/config.ts';
import type { ConfigFile } from '../../contract/config-file.ts';
import { withSettings } from '../../contract/room-settings.ts';
import type { Health } from '../health.ts';
import { type RoomSettingsRow, readRoomSettings } from '../state/room-settings.ts';
import type { StateStore } from '../state/state-store.ts';

export interface SettingsOptions {
  /** What all parts of the daemon have: its rooms are kept up to date. */
  readonly config: Config;
  readonly file: ConfigFile;
  readonly store: Pick<StateStore, 'read'>;
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
    return { ...file.config, rooms };
  }

  /** Takes up what is set now. */
  takeUp(): void {
    this.#options.config.rooms = this.over(this.#file).rooms;
    this.emit('changed');
  }

  /** Why the state cannot be read is told by it; until it can be again, what was read last holds. */
  #read(): readonly RoomSettingsRow[] | null {
    try {
      return this.#options.store.read(readRoomSettings);
    } catch {
      return this.#rows;
    }
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

function partOf(room: string): string {
  return `settings of room ${room}`;
}
