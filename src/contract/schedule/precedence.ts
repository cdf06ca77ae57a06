/** A run, as far as it says which of two that want one room is seen. */
export interface Ranked {
  /** The schedule's name. */
  readonly schedule: string;
  readonly priority: number;
  /** When it begins, in ms since 1970. */
  readonly atMs: number;
}

/** Sorts runs, the one that is seen first: the higher priority, of equals the one that begins later, of those the later name. Pure. */
export function byPrecedence(one: Ranked, other: Ranked): number {
  return (
    other.priority - one.priority ||
    other.atMs - one.atMs ||
    Number(one.schedule < other.schedule) - Number(one.schedule > other.schedule)
  );
}
