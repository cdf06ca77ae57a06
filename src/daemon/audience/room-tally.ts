import { bucketOf } from './first-picture-buckets.ts';
import { type MinuteFigures, noFigures } from './minute-figures.ts';

export const minuteMs = 60_000;
/** A process that stood still for longer has counted nothing meanwhile, in minutes. */
const longestMinutes = 60;

/** What is counted of a viewer, as it is now. */
export interface Watcher {
  /** page, whep */
  readonly kind: string;
  /** Without its version. */
  readonly browser: string;
  readonly playing: boolean;
  /** Of several renditions; null: there is but one, or it is not known. */
  readonly rank: 'best' | 'lower' | null;
  /** Whether its page counts freezes. */
  readonly counts: boolean;
}

/** What is on air in a room; `id` '': nothing. */
export interface OnAir {
  readonly id: string;
  readonly title: string | null;
}

/** Figures of a minute, since 1970, of a broadcast. */
export interface TalliedMinute {
  readonly minute: number;
  readonly broadcast: OnAir;
  readonly figures: MinuteFigures;
}

/** The moment, by both clocks: distances by the one that never jumps, minutes by the other. */
export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** Counts the viewers of one room. It is told the time, and who is there; it costs the same however many they are. */
export class RoomTally {
  readonly #watchers = new Map<string, Watcher>();
  #now: Counts = noCounts();
  #kinds: Record<string, number> = {};
  #browsers: Record<string, number> = {};
  #last: Moment;
  #onAir: OnAir;
  #minutes = new Map<string, TalliedMinute>();
  #hadBroadcast: boolean;

  constructor(at: Moment, onAir: OnAir) {
    this.#last = at;
    this.#onAir = onAir;
    this.#hadBroadcast = onAir.id !== '';
  }

  /** Whether an operator has put something on air since it counts: strangers make up rooms, but no broadcasts. */
  get hadBroadcast(): boolean {
    return this.#hadBroadcast;
  }

  /** Nobody is there. */
  get isEmpty(): boolean {
    return this.#watchers.size === 0;
  }

  /** An earlier daemon has counted here. */
  recall(): void {
    this.#hadBroadcast = true;
  }

  get onAir(): OnAir {
    return this.#onAir;
  }

  watcher(id: string): Watcher | undefined {
    return this.#watchers.get(id);
  }

  /** Counts up to this moment; from it on it is counted for what is on air then. */
  pass(at: Moment, onAir: OnAir = this.#onAir): void {
    const { present, playing, ranked, best, counted } = this.#now;
    const ms = Math.max(0, at.nowMs - this.#last.nowMs);
    for (const one of minutesUntil(at.wallMs, ms)) {
      const figures = present === 0 ? null : this.#minute(one.minute, this.#onAir);
      if (!figures) continue;
      figures.presentMs += present * one.ms;
      figures.watchedMs += playing * one.ms;
      figures.rankedMs += ranked * one.ms;
      figures.bestMs += best * one.ms;
      figures.countedMs += counted * one.ms;
      figures.kinds = grown(figures.kinds, this.#kinds, one.ms);
      figures.browsers = grown(figures.browsers, this.#browsers, one.ms);
    }
    this.#last = at;
    if (onAir.id === this.#onAir.id) return;
    this.#onAir = onAir;
    this.#hadBroadcast ||= onAir.id !== '';
    // Who is there when it begins.
    if (present > 0) this.#current();
  }

  /** Somebody is there as `watcher` says; whether the visit began just now is another thing: see `joined`. */
  set(id: string, watcher: Watcher): void {
    const before = this.#watchers.get(id);
    if (before) this.#count(before, -1);
    const figures = before ? null : this.#current();
    this.#watchers.set(id, watcher);
    this.#count(watcher, 1);
    if (figures) figures.peak = Math.max(figures.peak, this.#now.present);
  }

  remove(id: string): void {
    const before = this.#watchers.get(id);
    if (!before) return;
    this.#current();
    this.#watchers.delete(id);
    this.#count(before, -1);
  }

  /** So many visits began. */
  joined(visits: number): void {
    this.#current().joined += visits;
  }

  /** A visit was over at that moment. */
  left(wallMs: number, broadcast: OnAir): void {
    this.#then(wallMs, broadcast).left += 1;
  }

  /** A visit that was counted at that moment had begun before. */
  wentOn(wallMs: number, broadcast: OnAir): void {
    this.#then(wallMs, broadcast).joined -= 1;
  }

  froze(times: number): void {
    this.#current().freezes += times;
  }

  firstPicture(ms: number): void {
    const figures = this.#current();
    const bucket = bucketOf(ms);
    figures.firstPictures = Array.from(
      { length: Math.max(figures.firstPictures.length, bucket + 1) },
      (_, at) => (figures.firstPictures[at] ?? 0) + (at === bucket ? 1 : 0),
    );
  }

  /** What was counted since it was taken last. */
  take(): TalliedMinute[] {
    const taken = [...this.#minutes.values()];
    this.#minutes = new Map();
    return taken;
  }

  #current(): MinuteFigures {
    return this.#minute(Math.floor(this.#last.wallMs / minuteMs), this.#onAir);
  }

  /** Of a moment that may be long ago: who is there now was not there then. */
  #then(wallMs: number, broadcast: OnAir): MinuteFigures {
    const minute = Math.floor(wallMs / minuteMs);
    const isNow = minute === Math.floor(this.#last.wallMs / minuteMs) && broadcast.id === this.#onAir.id;
    return isNow ? this.#current() : this.#minute(minute, broadcast, 0);
  }

  /** @param present how many are there in it */
  #minute(minute: number, broadcast: OnAir, present = this.#now.present): MinuteFigures {
    const key = `${minute} ${broadcast.id}`;
    const tallied = this.#minutes.get(key) ?? { minute, broadcast, figures: noFigures(present) };
    this.#minutes.set(key, tallied);
    tallied.figures.peak = Math.max(tallied.figures.peak, present);
    return tallied.figures;
  }

  #count({ kind, browser, playing, rank, counts }: Watcher, by: 1 | -1): void {
    const now = this.#now;
    now.present += by;
    if (!playing) return;
    now.playing += by;
    if (rank !== null) now.ranked += by;
    if (rank === 'best') now.best += by;
    if (counts) now.counted += by;
    this.#kinds = grown(this.#kinds, { [kind]: by }, 1);
    this.#browsers = grown(this.#browsers, { [browser]: by }, 1);
  }
}

interface Counts {
  present: number;
  playing: number;
  ranked: number;
  best: number;
  counted: number;
}

function noCounts(): Counts {
  return { present: 0, playing: 0, ranked: 0, best: 0, counted: 0 };
}

/** What has become nothing is left out. */
function grown(
  record: Readonly<Record<string, number>>,
  by: Readonly<Record<string, number>>,
  times: number,
): Record<string, number> {
  const sum = { ...record };
  for (const [name, value] of Object.entries(by)) {
    sum[name] = (sum[name] ?? 0) + value * times;
    if (sum[name] === 0) delete sum[name];
  }
  return sum;
}

/** A time that ends at a moment, minute by minute: how much of it was in each, the earliest first. */
export function minutesUntil(wallMs: number, ms: number): { readonly minute: number; readonly ms: number }[] {
  const found: { minute: number; ms: number }[] = [];
  let left = Math.min(ms, longestMinutes * minuteMs);
  let end = wallMs;
  while (left > 0) {
    const minute = Math.ceil(end / minuteMs) - 1;
    const part = Math.min(left, end - minute * minuteMs);
    found.unshift({ minute, ms: part });
    left -= part;
    end = minute * minuteMs;
  }
  return found;
}
