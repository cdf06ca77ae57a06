import type { Clock } from '../../contract/clock.ts';
import { asMiroliveError } from '../../contract/errors.ts';
import type { Health } from '../health.ts';
import type { KeptRow } from './kept-row.ts';

/** What a command waits at most, in ms, until what was kept is there. */
const patienceMs = 10_000;
const part = 'earlier broadcasts';

/** What is known of what earlier daemons had on air. */
type Stage =
  /** Nobody could read it yet: why. */
  | { readonly is: 'unread'; readonly problem: string }
  /** It is read; these do not go on yet, by room. */
  | { readonly is: 'reading'; readonly ids: Map<string, string>; readonly done: Promise<void> }
  | { readonly is: 'restored' };

export interface EarlierOptions {
  /** Goes on with one. */
  readonly restore: (row: KeptRow) => Promise<void>;
  /** Nobody wants it any more. */
  readonly remove: (room: string) => void;
  readonly health: Pick<Health, 'lost' | 'found'>;
  readonly clock: Clock;
}

/** What earlier daemons had on air: gone on with once, as soon as it can be read, however late that is. Until then nothing that a machine begins is written over it. */
export class Earlier {
  readonly #options: EarlierOptions;
  #stage: Stage = { is: 'unread', problem: 'nobody has looked yet' };
  /** Rooms in which a person has stopped something before it was read. */
  readonly #stopped = new Set<string>();

  constructor(options: EarlierOptions) {
    this.#options = options;
  }

  /** Why it is not known; null: it is. */
  get problem(): string | null {
    return this.#stage.is === 'unread' ? this.#stage.problem : null;
  }

  /** It is read, and goes on. */
  get isRestored(): boolean {
    return this.#stage.is === 'restored';
  }

  /** Reads it, unless that is done. @param read throws where it cannot be read now @param nextTryMs until it is tried again */
  look(read: () => readonly KeptRow[], nextTryMs: number): void {
    if (this.#stage.is !== 'unread') return;
    const { health } = this.#options;
    try {
      const rows = read();
      const ids = new Map(rows.map(({ room, id }) => [room, id]));
      health.found(part);
      this.#stage = { is: 'reading', ids, done: this.#goOn(rows, ids) };
    } catch (error) {
      const { message: problem } = asMiroliveError(error);
      this.#stage = { is: 'unread', problem };
      const reason = `what was kept does not go on until it can be read: ${problem}`;
      health.lost(part, { reason, failures: 1, nextTryMs });
    }
  }

  /** Resolves when all goes on that was read; at once where nothing could be: a room is not to wait for a disk. */
  async restored(): Promise<void> {
    if (this.#stage.is === 'reading') await this.#stage.done;
  }

  /** The same for a person, who does not wait for ever. */
  async awaited(): Promise<void> {
    if (this.#stage.is !== 'reading') return;
    const late = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(patienceMs, late.resolve);
    await Promise.race([this.#stage.done, late.promise]);
    timer.cancel();
  }

  /** Whether what a machine has begun may be written in a room: nothing else that goes on is written there. */
  mayWrite(room: string, id: string): boolean {
    if (this.#stage.is !== 'reading') return this.isRestored;
    const kept = this.#stage.ids.get(room);
    return kept === undefined || kept === id;
  }

  /** A person wants nothing in a room: nor what was kept there, and could not be read. */
  stop(room: string): void {
    if (this.#stage.is === 'unread') this.#stopped.add(room);
  }

  /** Beside each other: one whose folder hangs holds up no other. */
  async #goOn(rows: readonly KeptRow[], ids: Map<string, string>): Promise<void> {
    const { restore, remove } = this.#options;
    await Promise.all(
      rows.map(async (row) => {
        if (this.#stopped.has(row.room)) remove(row.room);
        else await restore(row);
        ids.delete(row.room);
      }),
    );
    this.#stage = { is: 'restored' };
  }
}
