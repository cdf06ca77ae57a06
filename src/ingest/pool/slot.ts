import type { IngestChild } from './ingest-child.ts';

/** A process, or one that is being started. */
export interface Slot {
  readonly id: number;
  readonly begun: PromiseWithResolvers<IngestChild>;
  starting: IngestChild | undefined;
  /** Once it may be asked. */
  child: IngestChild | undefined;
  /** Somebody has given up waiting for it: others are asked before it is, until it has begun. */
  late: boolean;
  /** Rooms that something is asked for just now. */
  readonly visits: string[];
  /** The standard inputs that are there, by their tokens, with the rooms that they are for. */
  readonly pipes: Map<string, string>;
  /** Rooms whose publishers it is told of. */
  readonly told: Set<string>;
}

/** One that nobody has asked for anything yet. */
export function newSlot(id: number): Slot {
  const begun = Promise.withResolvers<IngestChild>();
  // Whoever waits for it hears of a failure too.
  begun.promise.catch(() => {});
  return {
    ...{ id, begun, starting: undefined, child: undefined, late: false },
    ...{ visits: [], pipes: new Map(), told: new Set() },
  };
}

/** Those that have something in it, or ask for something. */
export function roomsOf({ child, visits, pipes }: Slot): string[] {
  const played = child?.programmes.map(({ room }) => room) ?? [];
  return [...new Set([...played, ...visits, ...pipes.values()])];
}
