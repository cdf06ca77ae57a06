import { BackOff, type BackOffPolicy, usualBackOff } from '../../contract/back-off.ts';
import { type Clock, every, pause, type Timer } from '../../contract/clock.ts';
import type { Viewer } from '../../contract/models.ts';
import type { AudienceRow, Visit, VisitFound } from '../history/audience-table.ts';
import type { History } from '../history/history.ts';
import { type Moment, minuteMs, type OnAir, RoomTally } from './room-tally.ts';
import { type AwayVisit, AwayVisits, backWithinMs } from './visits.ts';
import { isSame, newFreezes, watcherOf } from './watcher-of.ts';

/** What was counted is given to the history so often, in ms: as much as a kill can take with it. */
const giveEveryMs = 10_000;
/** A page that is loaded anew may be there before the one that it was has left, for so long, in ms; two that are open for longer are two. */
const handOverMs = 10_000;
/** Pages come back to a daemon that was started again within so long, in ms. */
const backAfterStartMs = 120_000;
/** Those who were there are asked for again: whom the history does not tell in time, nobody waits for any more. */
const recallBackOff: BackOffPolicy = { ...usualBackOff, firstMs: 5000, ceilingMs: 600_000 };
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
  /** When he was seen first, by the clock that never jumps. */
  readonly sinceMs: number;
  freezes: number | null;
  reportedMs: number;
  hadPicture: boolean;
  /** Whether the history knows that the visit goes on. */
  isKept: boolean;
  /** When his visit began, and in what broadcast; null: an earlier one goes on. */
  came: (Moment & { readonly broadcast: string }) | null;
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
  /** Those of which the history has been told so while it was asked who was there. */
  #endedMeanwhile = new Set<string>();
  readonly #begun: Moment;
  readonly #closing = new AbortController();

  constructor(options: AudienceOptions) {
    this.#options = options;
    this.#begun = this.#moment();
    this.#giving = every(options.clock, giveEveryMs, () => this.give());
  }

  /** Who was there when the daemon ended, however it did, is awaited, and is no new visit. It is asked until the file can be read. */
  async recall(): Promise<void> {
    const { clock, history } = this.#options;
    const { signal } = this.#closing;
    const backOff = new BackOff(recallBackOff);
    const untilMinute = Math.floor(this.#begun.wallMs / minuteMs);
    while (!signal.aborted) {
      this.#endedMeanwhile = new Set();
      const answer = await history.read('audience', { is: 'visits', untilMinute }, 'file').catch(() => null);
      if (answer?.is === 'visits') return this.#recalled(answer.visits);
      await pause(clock, backOff.failed(clock.nowMs()), signal);
    }
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

  /** A viewer has left. @param silentMs for how long he may have been gone before that was noticed, in ms */
  left(id: string, silentMs = 0): void {
    const guest = this.#guests.get(id);
    if (!guest) return;
    const { tally, room, browser, isKept } = guest;
    const { nowMs, wallMs } = this.#pass(room, tally);
    const { onAir } = tally;
    this.#guests.delete(id);
    tally.remove(id);
    if (this.#handsOver(guest, nowMs - silentMs - handOverMs)) {
      if (isKept) this.#ended.push(id);
      return;
    }
    const visit = { id, room, wallMs, untilMs: nowMs + backWithinMs, broadcast: onAir.id, isKept };
    // Strangers make up rooms: nobody is awaited there.
    if (browser !== null && this.#isKnown(room, tally)) this.#away.add({ ...visit, browser });
    else this.#over(visit);
  }

  /** Gives what was counted to the history. */
  give(): void {
    if (this.#closing.signal.aborted) return;
    for (const visit of this.#away.over(this.#options.clock.nowMs())) this.#over(visit);
    const minutes: AudienceRow['minutes'][number][] = [];
    for (const [room, tally] of this.#rooms) {
      this.#pass(room, tally);
      const taken = tally.take();
      if (this.#isKnown(room, tally)) for (const one of taken) minutes.push({ room, ...one });
      if (tally.isEmpty && !this.#away.isFrom(room)) this.#rooms.delete(room);
    }
    const came = this.#newVisits();
    const ended = this.#ended;
    this.#ended = [];
    for (const id of ended) this.#endedMeanwhile.add(id);
    if (minutes.length === 0 && came.length === 0 && ended.length === 0) return;
    const row: AudienceRow = { minutes, came, ended };
    this.#options.history.add('audience', row, rowBytes * (minutes.length + came.length + ended.length));
  }

  /** Who is there still is awaited by the next daemon. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.give();
    this.#closing.abort();
    this.#giving.cancel();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #came({ id, room, browser }: Viewer): Guest {
    const tally = this.#tally(room);
    const moment = this.#pass(room, tally);
    const visit = this.#away.back(room, browser);
    if (visit?.isKept) this.#ended.push(visit.id);
    const guest: Guest = {
      ...{ tally, room, browser, sinceMs: moment.nowMs, freezes: null, reportedMs: moment.nowMs },
      ...{ hadPicture: false, isKept: false, came: visit ? null : { ...moment, broadcast: tally.onAir.id } },
    };
    this.#guests.set(id, guest);
    if (!visit) tally.joined(1);
    return guest;
  }

  /** Whether the visit of one who leaves is gone on with by one who came since a moment: he is the same page, and has not joined. */
  #handsOver({ tally, room, browser, sinceMs }: Guest, sinceAtLeastMs: number): boolean {
    if (browser === null) return false;
    for (const heir of this.#guests.values()) {
      if (heir.browser !== browser || heir.room !== room || heir.came === null) continue;
      if (heir.sinceMs <= sinceMs || heir.sinceMs < sinceAtLeastMs) continue;
      tally.wentOn(heir.came.wallMs, { id: heir.came.broadcast, title: null });
      heir.came = null;
      return true;
    }
    return false;
  }

  /** Who is there, or was a moment ago, and of whom the history does not know yet. */
  #newVisits(): Visit[] {
    const isNew = ({ isKept, room }: Guest | AwayVisit) => !isKept && this.#isKnown(room, this.#tally(room));
    const guests = [...this.#guests].filter(([, guest]) => isNew(guest));
    const away = this.#away.all().filter(isNew);
    for (const one of [...guests.map(([, guest]) => guest), ...away]) one.isKept = true;
    return [...guests, ...away.map((visit) => [visit.id, visit] as const)].map(([id, { room, browser }]) => ({
      id,
      room,
      browser,
    }));
  }

  /** Those who were there in an earlier daemon. */
  #recalled(found: readonly VisitFound[]): void {
    // Of what has been given meanwhile nothing is of an earlier daemon.
    const own = new Set([...this.#away.all().map(({ id }) => id), ...this.#guests.keys(), ...this.#ended]);
    const visits = found.filter(({ id }) => !own.has(id) && !this.#endedMeanwhile.has(id));
    const untilMs = this.#begun.nowMs + backAfterStartMs;
    const guests = [...this.#guests.values()].filter(({ came }) => came !== null && came.nowMs < untilMs);
    const quicker = Map.groupBy(guests, ({ room, browser }) => `${room} ${browser}`);
    for (const { minute, browser, ...visit } of visits) {
      const tally = this.#tally(visit.room);
      const wasKnown = this.#isKnown(visit.room, tally);
      tally.recall();
      const away = { ...visit, wallMs: minute * minuteMs, isKept: true };
      const guest = browser === null ? undefined : quicker.get(`${visit.room} ${browser}`)?.shift();
      if (guest?.came) {
        // He was quicker than the disk.
        this.#ended.push(visit.id);
        if (wasKnown) tally.wentOn(guest.came.wallMs, { id: guest.came.broadcast, title: null });
      } else if (browser === null || untilMs <= this.#options.clock.nowMs()) this.#over(away);
      else this.#away.add({ ...away, browser, untilMs });
    }
  }

  #over({ id, room, wallMs, broadcast, isKept }: Omit<AwayVisit, 'browser' | 'untilMs'>): void {
    if (isKept) this.#ended.push(id);
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
