import type { Health } from '../health.ts';
import type { KeptStore } from './keeper.ts';

/** What was kept and cannot be read: it is told, and stays where it is written, until something else is kept in its room or it is stopped. */
export class UnreadRows {
  readonly #store: KeptStore | undefined;
  readonly #health: Pick<Health, 'lost' | 'found'>;
  /** Ids by room. */
  readonly #ids = new Map<string, string>();

  constructor(store: KeptStore | undefined, health: Pick<Health, 'lost' | 'found'>) {
    this.#store = store;
    this.#health = health;
  }

  add(room: string, id: string, problem: string): void {
    this.#ids.set(room, id);
    const reason = `it does not go on with ${id}, which was kept: ${problem}; give that up (mirolive stop --room ${room}), or start again the version that it is of`;
    this.#health.lost(partOf(room), { reason, failures: 1, nextTryMs: null });
  }

  has(room: string): boolean {
    return this.#ids.has(room);
  }

  /** Something else is written in its place, or it is not to be. Gives its id; undefined: there is none. */
  forget(room: string): string | undefined {
    const id = this.#ids.get(room);
    if (this.#ids.delete(room)) this.#health.found(partOf(room));
    return id;
  }

  /** Nobody wants it any more. Gives its id; undefined: there is none. */
  giveUp(room: string): string | undefined {
    const id = this.forget(room);
    if (id !== undefined) this.#store?.remove(room);
    return id;
  }

  /** Where others are written, over what cannot be read. */
  over(store: KeptStore): KeptStore {
    return {
      put: (room, changes) => {
        if (changes.id !== undefined) this.forget(room);
        store.put(room, changes);
      },
      remove: (room) => store.remove(room),
    };
  }
}

function partOf(room: string): string {
  return `room ${room}`;
}
