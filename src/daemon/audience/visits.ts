/** Whoever is back within so long has not left, in ms: a page that is loaded anew, a line that was gone, another network. */
export const backWithinMs = 60_000;

/** Somebody who is not there just now, and may come back. */
export interface AwayVisit {
  /** The id of the viewer that he was. */
  readonly id: string;
  readonly room: string;
  readonly browser: string;
  /** When he went, since 1970. */
  readonly wallMs: number;
  /** Until when he may come back, by the clock that never jumps. */
  readonly untilMs: number;
  /** What was on air when he went; '': nothing. */
  readonly broadcast: string;
}

/** Who is away, room by room: those without a browser's id cannot be known again, and are not here. */
export class AwayVisits {
  /** By room and browser: one that is there in two tabs is two. */
  readonly #away = new Map<string, AwayVisit[]>();

  add(visit: AwayVisit): void {
    const key = keyOf(visit.room, visit.browser);
    this.#away.set(key, [...(this.#away.get(key) ?? []), visit]);
  }

  /** The visit of somebody who is back; undefined: he was not there. */
  back(room: string, browser: string | null): AwayVisit | undefined {
    if (browser === null) return undefined;
    const key = keyOf(room, browser);
    const [visit, ...others] = this.#away.get(key) ?? [];
    if (others.length === 0) this.#away.delete(key);
    else this.#away.set(key, others);
    return visit;
  }

  /** Those who will not come back any more; they are forgotten here. */
  over(nowMs: number): AwayVisit[] {
    const over: AwayVisit[] = [];
    for (const [key, visits] of this.#away) {
      const still = visits.filter(({ untilMs }) => untilMs > nowMs);
      if (still.length === visits.length) continue;
      over.push(...visits.filter(({ untilMs }) => untilMs <= nowMs));
      if (still.length === 0) this.#away.delete(key);
      else this.#away.set(key, still);
    }
    return over;
  }

  /** Whether somebody of a room is away. */
  isFrom(room: string): boolean {
    return [...this.#away.keys()].some((key) => key.startsWith(keyOf(room, '')));
  }
}

function keyOf(room: string, browser: string): string {
  return `${room} ${browser}`;
}
