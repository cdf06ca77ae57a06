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
  /** Whether the history knows that the visit goes on. */
  isKept: boolean;
}

/** Who is away, room by room: those without a browser's id cannot be known again, and are not here. */
export class AwayVisits {
  /** By room, and there by browser: one that is there in two tabs is two. */
  readonly #away = new Map<string, Map<string, AwayVisit[]>>();

  add(visit: AwayVisit): void {
    const { room, browser } = visit;
    this.#set(room, browser, [...(this.#away.get(room)?.get(browser) ?? []), visit]);
  }

  /** The visit of somebody who is back; undefined: he was not there. */
  back(room: string, browser: string | null): AwayVisit | undefined {
    if (browser === null) return undefined;
    const [visit, ...others] = this.#away.get(room)?.get(browser) ?? [];
    if (visit) this.#set(room, browser, others);
    return visit;
  }

  /** Those who will not come back any more; they are forgotten here. */
  over(nowMs: number): AwayVisit[] {
    const over: AwayVisit[] = [];
    for (const [room, browsers] of this.#away)
      for (const [browser, visits] of browsers) {
        const still = visits.filter(({ untilMs }) => untilMs > nowMs);
        if (still.length === visits.length) continue;
        over.push(...visits.filter(({ untilMs }) => untilMs <= nowMs));
        this.#set(room, browser, still);
      }
    return over;
  }

  /** Whether somebody of a room is away. */
  isFrom(room: string): boolean {
    return this.#away.has(room);
  }

  /** Everybody who is. */
  all(): AwayVisit[] {
    return [...this.#away.values()].flatMap((browsers) => [...browsers.values()].flat());
  }

  #set(room: string, browser: string, visits: AwayVisit[]): void {
    const browsers = this.#away.get(room) ?? new Map<string, AwayVisit[]>();
    if (visits.length > 0) browsers.set(browser, visits);
    else browsers.delete(browser);
    if (browsers.size > 0) this.#away.set(room, browsers);
    else this.#away.delete(room);
  }
}
