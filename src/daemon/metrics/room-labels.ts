/** Whatever is in rooms that strangers make up is one, which no room can be called. */
export const others = '(other)';
/** So many rooms have numbers of their own; the rest is of one. */
const mostRooms = 200;
/** So long after nobody knows a room any more its numbers are told, in ms: Prometheus has asked by then. */
const keptMs = 3_600_000;

/** Which rooms have numbers of their own: those that somebody has declared, or put something on air in. Any address makes the name of a room. */
export class RoomLabels {
  readonly #knows: (room: string) => boolean;
  readonly #known = new Map<string, number>();

  constructor(knows: (room: string) => boolean) {
    this.#knows = knows;
  }

  /** What stands for a room. @param nowMs by the monotonic clock */
  of(room: string, nowMs: number): string {
    if (this.#known.has(room)) return room;
    if (this.#known.size >= mostRooms || !this.#knows(room)) return others;
    this.#known.set(room, nowMs);
    return room;
  }

  /** Gives up the places of rooms that nobody knows any more, and says which they were. */
  tidy(nowMs: number): string[] {
    const gone: string[] = [];
    for (const [room, atMs] of this.#known) {
      if (this.#knows(room)) this.#known.set(room, nowMs);
      else if (nowMs - atMs >= keptMs) gone.push(room);
    }
    for (const room of gone) this.#known.delete(room);
    return gone;
  }
}
