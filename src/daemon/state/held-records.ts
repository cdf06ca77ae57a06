import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Timer } from '../../contract/clock.ts';
import type { StateStore } from './state-store.ts';

/** While they could not be read, whoever needs them makes the next attempt no sooner than this after the last, in ms. */
const retryMs = 2000;

/** What is used, and when that was last, in ms since 1970. */
interface Used {
  readonly id: string;
  readonly lastUsedAt: number | null;
}

export interface HeldRecordsOptions<R extends Used> {
  readonly store: Pick<StateStore, 'read' | 'note'>;
  readonly clock: Clock;
  readonly read: (database: DatabaseSync, wallMs: number) => readonly R[];
  readonly write: (database: DatabaseSync, record: R) => void;
  /** That some were used is written for all of them at once, this long after the first, in ms. */
  readonly noteUseAfterMs: number;
  /** One is there, or is otherwise than before. Default: nobody hears of it. */
  readonly onKept?: (record: R) => void;
}

/** Records of the state that are held in memory, since they are looked up all the time: read once that is possible, and with when they were used last. */
export class HeldRecords<R extends Used> {
  readonly #options: HeldRecordsOptions<R>;
  readonly #records = new Map<string, R>();
  /** Ids of those whose last use is not written yet. */
  readonly #used = new Set<string>();
  #timer: Timer | undefined;
  #loaded = false;
  #triedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: HeldRecordsOptions<R>) {
    this.#options = options;
  }

  /** Whether they could be read. */
  get isLoaded(): boolean {
    return this.#loaded;
  }

  /** Those that are known. */
  get all(): readonly R[] {
    return [...this.#records.values()];
  }

  get(id: string): R | undefined {
    return this.#records.get(id);
  }

  /** Reads them, unless they are known. @throws MiroliveError STATE_UNAVAILABLE */
  load(): void {
    if (this.#loaded) return;
    const { store, clock, read } = this.#options;
    this.#triedAtMs = clock.nowMs();
    for (const record of store.read((database) => read(database, clock.wallMs()))) this.keep(record);
    this.#loaded = true;
  }

  /** Reads them where that is not tried too often; what fails is tried again. */
  loadIfDue(): void {
    if (this.#loaded || this.#options.clock.nowMs() - this.#triedAtMs < retryMs) return;
    try {
      this.load();
    } catch {
      // The store has logged it.
    }
  }

  /** Takes up one that was written. */
  keep(record: R): void {
    this.#records.set(record.id, record);
    this.#options.onKept?.(record);
  }

  /** Holds one no more. */
  forget(id: string): void {
    this.#records.delete(id);
  }

  /** One is used. Where that cannot be written, nothing but the time of its last use is lost. */
  use(id: string): void {
    const { clock, noteUseAfterMs } = this.#options;
    const record = this.#records.get(id);
    if (!record) return;
    this.#records.set(id, { ...record, lastUsedAt: clock.wallMs() });
    this.#used.add(id);
    this.#timer ??= clock.after(noteUseAfterMs, () => this.writeUses());
  }

  /** Writes what is not written yet. */
  writeUses(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const records = [...this.#used].flatMap((id) => this.#records.get(id) ?? []);
    this.#used.clear();
    if (records.length === 0) return;
    const { store, write } = this.#options;
    try {
      store.note((database) => {
        for (const record of records) write(database, record);
      });
    } catch {
      // The store has logged it.
    }
  }
}
