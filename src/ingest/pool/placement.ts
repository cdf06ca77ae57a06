/** A process, and the rooms that have something in it. */
export interface PlacedProcess {
  readonly id: number;
  readonly rooms: readonly string[];
}

export interface PlacementRules {
  /** So many processes are started for rooms that are not suspect. */
  readonly max: number;
  /** Whether a room's source is suspected of having ended a process. */
  readonly isSuspect: (room: string) => boolean;
}

/** The process that carries a room from now on: an id, or one that is to be started. */
export type Placement = { readonly kind: 'there'; readonly id: number } | { readonly kind: 'new' };

/**
 * Where a room goes that has no place yet. A suspect room gets a process of its own, however many there are; all others go
 * where the fewest are, and never to a suspect.
 */
export function place(
  room: string,
  processes: readonly PlacedProcess[],
  { max, isSuspect }: PlacementRules,
): Placement {
  const open = processes.filter(({ rooms }) => !rooms.some(isSuspect));
  const least = open.toSorted((a, b) => a.rooms.length - b.rooms.length)[0];
  if (least?.rooms.length === 0) return { kind: 'there', id: least.id };
  if (isSuspect(room) || !least || open.length < max) return { kind: 'new' };
  return { kind: 'there', id: least.id };
}
