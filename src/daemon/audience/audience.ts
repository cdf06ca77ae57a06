import { type Clock, every, type Timer } from '../../contract/clock.ts';
import type { Viewer } from '../../contract/models.ts';
import type { AudienceRow, VisitFound } from '../history/audience-table.ts';
import type { History } from '../history/history.ts';
import { type Moment, minuteMs, type OnAir, RoomTally } from './room-tally.ts';
import { type AwayVisit, AwayVisits, backWithinMs } from './visits.ts';
import { isSame, newFreezes, watcherOf } from './watcher-of.ts';

/** What was counted is given to the history so often, in ms: as much as a kill can take with it. */
const giveEveryMs = 10_000;
/** Pages come back to a daemon that was started again within so long, in ms. */
const backAfterStartMs = 120_000;
/** What a row takes beside its text, about, in bytes. */
const rowBytes = 300;

export interface AudienceOptions {
  readonly clock: Clock;
  readonly history: Pick<History, 'add' | 'read'>;
  /** Whether an operator has made a room, and not whoever names it: those alone are kept. */
  readonly isOwn: (room: string) => boolean;
  readonly onAir: (room: string) => OnAir;
}

/** What is known of a viewer beside what is counted. */
interface Guest {
  readonly tally: RoomTally;
  readonly room: string;
  readonly browser: string | null;
  freezes: number | null;
  reportedMs: number;
  hadPicture: boolean;
  /** Whether the history knows that the visit goes on. */
  isKept: boolean;
}

/** Counts who watches, and how well, and gives what was counted to the history, minute by minute. */
export class Audience {
  readonly #options: AudienceOptions;
  readonly #giving: Timer;
  readonly #rooms = new Map<string, RoomTally>();
  readonly #guests = new Map<string, Guest>();
  readonly #away = new AwayVisits();
  /** Visits that are over, or have another id, and which the history takes to go on. */
  #ended: string[] = [];
  #closed = false;

  constructor(options: AudienceOptions) {
    this.#options = options;
    this.#giving = every(options.clock, giveEveryMs, () => this.give());
  }

  /** Who was there when the daemon ended, however it did, is awaited, and is no new visit. Where that cannot be read each of them is. */
  async recall(): Promise<void> {
    const found: VisitFound[] = [];
    for (let part = 0; ; part++) {
      const answer = await this.#options.history.read('audience', { is: 'visits' }, part).catch(() => null);
      if (answer?.is !== 'visits') break;
      found.push(...answer.visits);
    }
    // Of what has been given meanwhile nothing is of an earlier daemon.
    for (const visit of found) if (!this.#guests.has(visit.id)) this.#recalled(visit);
  }

  /** A viewer is there, or is otherwise than before. @param renditions names of what goes out to it, the lowest first */
  seen(viewer: Viewer, renditions: readonly string[]): void {
    const { clock } = this.#options;
    const guest = this.#guests.get(viewer.id) ?? this.#came(viewer);
    const { tally } = guest;
    const watcher = watcherOf(viewer, renditions);
    const before = tally.watcher(viewer.id);
    if (!before || !isSame(before, watcher)) {
      this.#pass(viewer.room, tally);
      tally.set(viewer.id, watcher);
    }
    if (viewer.freezes !== guest.freezes) {
      const nowMs = clock.nowMs();
      const times = newFreezes(guest.freezes, viewer.freezes, nowMs - guest.reportedMs);
      if (times > 0) tally.froze(times);
      guest.freezes = viewer.freezes;
      guest.reportedMs = nowMs;
    }
    if (viewer.firstPictureMs === null || guest.hadPicture) return;
    guest.hadPicture = true;
    tally.firstPicture(viewer.firstPictureMs);
  }

  /** A viewer has left. */
  left(id: string): void {
    const guest = this.#guests.get(id);
    if (!guest) return;
    const { tally, room, browser } = guest;
    const { nowMs, wallMs } = this.#pass(room, tally);
    const { onAir } = tally;
    this.#guests.delete(id);
    tally.remove(id);
    const visit = { id, room, wallMs, untilMs: nowMs + backWithinMs, broadcast: onAir.id };
    if (browser !== null) this.#away.add({ ...visit, browser });
    else this.#over(visit);
  }

  /** Gives what was counted to the history. */
  give(): void {
    if (this.#closed) return;
    for (const visit of this.#away.over(this.#options.clock.nowMs())) this.#over(visit);
    const minutes: AudienceRow['minutes'][number][] = [];
    for (const [room, tally] of this.#rooms) {
      this.#pass(room, tally);
      const taken = tally.take();
      if (this.#isKnown(room, tally)) for (const one of taken) minutes.push({ room, ...one });
      if (tally.isEmpty && !this.#away.isFrom(room)) this.#rooms.delete(room);
    }
    const came = [...this.#guests].filter(
      ([, { isKept, room, tally }]) => !isKept && this.#isKnown(room, tally),
    );
    for (const [, guest] of came) guest.isKept = true;
    const ended = this.#ended;
    this.#ended = [];
    if (minutes.length === 0 && came.length === 0 && ended.length === 0) return;
    const row: AudienceRow = {
      minutes,
      came: came.map(([id, { room, browser }]) => ({ id, room, browser })),
      ended,
    };
    this.#options.history.add('audience', row, rowBytes * (minutes.length + came.length + ended.length));
  }

  /** Who is there still is awaited by the next daemon. */
  close(): void {
    if (this.#closed) return;
    this.give();
    this.#closed = true;
    this.#giving.cancel();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #came({ id, room, browser }: Viewer): Guest {
    const tally = this.#tally(room);
    const { nowMs } = this.#pass(room, tally);
    const visit = this.#away.back(room, browser);
    if (visit) this.#ended.push(visit.id);
    const guest: Guest = {
      ...{ tally, room, browser, freezes: null, reportedMs: nowMs },
      ...{ hadPicture: false, isKept: false },
    };
    this.#guests.set(id, guest);
    if (!visit) tally.joined(1);
    return guest;
  }

  /** Somebody who was there in an earlier daemon. */
  #recalled({ id, room, browser, broadcast, minute }: VisitFound): void {
    const untilMs = this.#options.clock.nowMs() + backAfterStartMs;
    const wallMs = minute * minuteMs;
    this.#tally(room).recall();
    if (browser === null) {
      this.#over({ id, room, wallMs, broadcast });
      return;
    }
    this.#away.add({ id, room, browser, wallMs, untilMs, broadcast });
    const isBack = [...this.#guests.values()].find((one) => one.room === room && one.browser === browser);
    if (!isBack) return;
    // He was quicker than the disk.
    this.#away.back(room, browser);
    this.#ended.push(id);
    isBack.tally.joined(-1);
  }

  #over({ id, room, wallMs, broadcast }: Omit<AwayVisit, 'browser' | 'untilMs'>): void {
    this.#ended.push(id);
    // Of what has been forgotten nothing is counted.
    if (wallMs > 0) this.#tally(room).left(wallMs, { id: broadcast, title: null });
  }

  #isKnown(room: string, tally: RoomTally): boolean {
    return tally.hadBroadcast || this.#options.isOwn(room);
  }

  #tally(room: string): RoomTally {
    const tally = this.#rooms.get(room) ?? new RoomTally(this.#moment(), this.#options.onAir(room));
    this.#rooms.set(room, tally);
    return tally;
  }

  #pass(room: string, tally: RoomTally): Moment {
    const moment = this.#moment();
    tally.pass(moment, this.#options.onAir(room));
    return moment;
  }

  #moment(): Moment {
    const { clock } = this.#options;
    return { nowMs: clock.nowMs(), wallMs: clock.wallMs() };
  }
}
