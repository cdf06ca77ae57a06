import type { DeathCause } from '../child/child-watch.ts';
import type { Mark } from '../child/mark.ts';

export interface Death {
  readonly cause: DeathCause;
  /** What it worked on; null: nothing, or nobody knows. */
  readonly mark: Mark | null;
  /** The rooms that it carried. */
  readonly rooms: readonly string[];
  /** When the process was begun, and when it ended, in ms since 1970. */
  readonly begunMs: number;
  readonly atMs: number;
}

/** A source that a process died over. */
interface Suspect extends Mark {
  /** When that was noted, in ms. */
  readonly sinceMs: number;
  /** When the process ended, in ms since 1970: others that were there then may have ended of the same cause. */
  readonly diedMs: number;
}

/** Sources that a process died over, by their keys. */
export interface Suspicions {
  /** Those that were marked once, with when, in ms. */
  readonly suspects: ReadonlyMap<string, Suspect>;
  /** Those that nobody plays until somebody wants them once more. */
  readonly setAside: ReadonlyMap<string, Mark>;
}

export const noSuspicions: Suspicions = { suspects: new Map(), setAside: new Map() };

/** Whoever has done no harm for so long, in ms, is no suspect any more. */
export const suspicionMs = 10 * 60_000;

/**
 * What is thought after a death, and what was set aside by it, if anything. Being worked on once proves little: another source
 * may have filled the memory, also one of the same room, or somebody may have ended the process just then, and others that play
 * the same with it. Twice does, one after the other, and so does a death over it in a process that had no other room.
 */
export function judge(
  before: Suspicions,
  { cause, mark, rooms, begunMs, atMs }: Death,
  nowMs: number,
): { readonly after: Suspicions; readonly setAside: Mark | null } {
  const suspects = new Map([...before.suspects].filter(([, { sinceMs }]) => nowMs - sinceMs < suspicionMs));
  const alone = rooms.length === 1 && cause !== 'killed';
  // Between two pieces of work nothing is marked: then it is the one that is known to be there.
  const known = alone ? [...suspects.values()].filter(({ room }) => room === rooms[0]) : [];
  const blamed = mark ?? (known.length === 1 ? known[0] : undefined);
  if (!blamed) return { after: { ...before, suspects }, setAside: null };
  const { room, source, words } = blamed;
  const { diedMs = atMs, sinceMs = nowMs } = suspects.get(source) ?? {};
  const isSecond = suspects.has(source) && begunMs >= diedMs;
  if ((alone && cause !== 'grew') || isSecond) {
    suspects.delete(source);
    const setAside = { room, source, words };
    return { after: { suspects, setAside: new Map(before.setAside).set(source, setAside) }, setAside };
  }
  suspects.set(source, { room, source, words, sinceMs, diedMs });
  return { after: { ...before, suspects }, setAside: null };
}

/** Whether a room has a source that may be the cause of a death. */
export function isSuspect({ suspects }: Suspicions, room: string, nowMs: number): boolean {
  return [...suspects.values()].some((one) => one.room === room && nowMs - one.sinceMs < suspicionMs);
}

/** Somebody wants a source once more: it is no longer set aside, but its next death sets it aside again. */
export function pardon(before: Suspicions, source: string, nowMs: number): Suspicions {
  const known = before.setAside.get(source);
  if (!known) return before;
  const setAside = new Map(before.setAside);
  setAside.delete(source);
  return {
    suspects: new Map(before.suspects).set(source, { ...known, sinceMs: nowMs, diedMs: 0 }),
    setAside,
  };
}
