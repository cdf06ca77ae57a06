import { together } from '../../contract/view/reduce.ts';
import type { ViewChanges } from '../../contract/view/view-line.ts';

/** So many changes are kept: more than two minutes of figures. */
const maxChanges = 150;
/** Of all of them, so many things that have changed: a change may be of thousands of viewers. */
const maxThings = 20_000;

interface Kept {
  readonly changes: ViewChanges;
  readonly things: number;
}

/** The latest changes, for who is behind: numbered one after the other, as many as have place. */
export class ChangeRing {
  #kept: Kept[] = [];
  #things = 0;
  #seq = 0;

  /** The number of the latest. */
  get seq(): number {
    return this.#seq;
  }

  /** All that is remembered, the oldest first. */
  get kept(): readonly ViewChanges[] {
    return this.#kept.map(({ changes }) => changes);
  }

  push(changes: ViewChanges): void {
    this.#seq++;
    this.#forgetGone(changes.viewers ?? {});
    const kept = { changes, things: thingsIn(changes) };
    this.#kept.push(kept);
    this.#things += kept.things;
    while (this.#kept.length > maxChanges || (this.#things > maxThings && this.#kept.length > 1))
      this.#things -= this.#kept.shift()?.things ?? 0;
  }

  /** Who has left is gone from what was kept too: whoever is behind hears of that alone, and no address stays. */
  #forgetGone(viewers: NonNullable<ViewChanges['viewers']>): void {
    const gone = new Set(
      Object.values(viewers).flatMap((table) => Object.keys(table).filter((id) => table[id] === null)),
    );
    if (gone.size === 0) return;
    this.#kept = this.#kept.map((kept) => {
      if (!hasAny(kept.changes, gone)) return kept;
      const changes = { ...kept.changes, viewers: without(kept.changes.viewers ?? {}, gone) };
      const things = thingsIn(changes);
      this.#things += things - kept.things;
      return { changes, things };
    });
  }

  /** What changes now is not known: nobody goes on from before. */
  forget(): void {
    this.#seq++;
    this.#kept = [];
    this.#things = 0;
  }

  /** All that has changed since the one of this number, as one; null: that is not known (any more). */
  since(seq: number): ViewChanges | null {
    const missed = this.#seq - seq;
    if (missed < 0 || missed > this.#kept.length) return null;
    return this.#kept
      .slice(this.#kept.length - missed)
      .map(({ changes }) => changes)
      .reduce(together, {});
  }
}

function thingsIn({ processes = {}, rooms = {}, viewers = {} }: ViewChanges): number {
  const watching = Object.values(viewers).reduce((sum, table) => sum + Object.keys(table).length, 0);
  return 1 + Object.keys(processes).length + Object.keys(rooms).length + watching;
}

function hasAny({ viewers = {} }: ViewChanges, ids: ReadonlySet<string>): boolean {
  return Object.values(viewers).some((table) => Object.keys(table).some((id) => ids.has(id)));
}

function without(
  viewers: NonNullable<ViewChanges['viewers']>,
  ids: ReadonlySet<string>,
): NonNullable<ViewChanges['viewers']> {
  return Object.fromEntries(
    Object.entries(viewers).map(([room, table]) => [
      room,
      Object.fromEntries(Object.entries(table).filter(([id]) => !ids.has(id))),
    ]),
  );
}
