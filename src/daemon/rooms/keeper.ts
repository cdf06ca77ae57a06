import type { Clock, Timer } from '../../contract/clock.ts';
import type { Seen } from '../../contract/snapshot.ts';
import type { SnapshotChanges } from '../state/snapshot-batch.ts';
import { seenText, specText, wishesText } from './kept-row.ts';
import type { Applied, BroadcastState, RoomState } from './room-state.ts';
import type { Wishes } from './wishes.ts';

/** Where kept broadcasts are written down. It does so soon, and whoever writes does not wait for it. */
export interface KeptStore {
  put(room: string, changes: SnapshotChanges): void;
  remove(room: string): void;
}

/** What is wanted is written at once, and then no more often than this, in ms: it may be a list of thousands that changes all the time. */
export const wantedEveryMs = 500;

/** What was written last of a room. */
interface Written {
  readonly id: string;
  wishes: Wishes;
  seen: Seen | null;
  applied: Applied | null;
  /** Monotonic, in ms. */
  wishesMs: number;
  /** Writes what is wanted by then. */
  later: Timer | null;
}

/** Writes down what is to go on after a restart of the daemon: each change of what is wanted, and each place that is seen. */
export class Keeper {
  readonly #store: KeptStore;
  readonly #clock: Clock;
  readonly #mayWrite: (room: string, broadcast: BroadcastState) => boolean;
  readonly #written = new Map<string, Written>();

  /** @param mayWrite whether a broadcast may be written where another one, of an earlier daemon, may be. Default: it may */
  constructor(
    store: KeptStore,
    clock: Clock,
    mayWrite: (room: string, broadcast: BroadcastState) => boolean = () => true,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#mayWrite = mayWrite;
  }

  /** A room may have changed. What a daemon that ends takes off air is begun again by the next one. */
  follow(room: string, { broadcast, closed }: Pick<RoomState, 'broadcast' | 'closed'>): void {
    const before = this.#written.get(room);
    if (closed) {
      if (before?.later) this.#store.put(room, { wanted: wishesText(before.wishes) });
      this.#forget(room);
      return;
    }
    const isWritten = broadcast !== null && before?.id === broadcast.id;
    const kept = broadcast?.kept && (isWritten || this.#mayWrite(room, broadcast)) ? broadcast : null;
    if (!kept) {
      if (!before) return;
      this.#forget(room);
      this.#store.remove(room);
    } else if (before?.id !== kept.id) this.#begin(room, kept);
    else this.#change(room, before, kept);
  }

  #begin(room: string, { id, begunBy, applied, wishes, seen, ...broadcast }: BroadcastState): void {
    this.#forget(room);
    this.#written.set(room, { id, wishes, seen, applied, wishesMs: this.#clock.nowMs(), later: null });
    const spec = specText({ id, ...broadcast });
    const rest = { ...appliedColumns(applied), spec, wanted: wishesText(wishes), seen: seenText(seen) };
    this.#store.put(room, { id, begunBy, ...rest });
  }

  #change(room: string, written: Written, { wishes, seen, applied }: BroadcastState): void {
    if (applied !== written.applied) {
      written.applied = applied;
      this.#store.put(room, appliedColumns(applied));
    }
    if (wishes !== written.wishes) this.#wish(room, written, wishes);
    if (seen === written.seen) return;
    written.seen = seen;
    this.#store.put(room, { seen: seenText(seen) });
  }

  #wish(room: string, written: Written, wishes: Wishes): void {
    written.wishes = wishes;
    if (written.later) return;
    const nowMs = this.#clock.nowMs();
    const write = () => {
      written.later = null;
      written.wishesMs = this.#clock.nowMs();
      this.#store.put(room, { wanted: wishesText(written.wishes) });
    };
    const waitMs = written.wishesMs + wantedEveryMs - nowMs;
    if (waitMs <= 0) write();
    else written.later = this.#clock.after(waitMs, write);
  }

  #forget(room: string): void {
    this.#written.get(room)?.later?.cancel();
    this.#written.delete(room);
  }
}

function appliedColumns(applied: Applied | null): Pick<SnapshotChanges, 'appliedBy' | 'declared'> {
  return { appliedBy: applied?.by ?? null, declared: applied?.declared ?? null };
}
