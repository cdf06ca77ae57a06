import type { Clock } from '../../contract/clock.ts';
import { newToken } from '../../contract/ids.ts';
import type { Notice } from '../../contract/signalling.ts';

/** So many stand at once: the oldest goes first. */
const most = 100;

interface Announcement {
  readonly notice: Notice;
  /** null: in all rooms. */
  readonly room: string | null;
  readonly untilMs: number;
}

/** What is announced, for as long as it is: who comes meanwhile is told it too. The newest takes the place of what was announced in the same room, or in all. */
export class Announcements {
  readonly #clock: Clock;
  #all: readonly Announcement[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(text: string, room: string | null, forMs: number): Notice {
    const notice = { id: newToken(), text, forMs };
    const untilMs = this.#clock.nowMs() + forMs;
    this.#all = [...this.#standing().filter((one) => one.room !== room), { notice, room, untilMs }].slice(
      -most,
    );
    return notice;
  }

  /** Those in a room, each with the time that it has left. */
  in(room: string): Notice[] {
    const nowMs = this.#clock.nowMs();
    return this.#standing()
      .filter((one) => one.room === null || one.room === room)
      .map(({ notice, untilMs }) => ({ ...notice, forMs: Math.ceil(untilMs - nowMs) }));
  }

  #standing(): readonly Announcement[] {
    const nowMs = this.#clock.nowMs();
    return this.#all.filter(({ untilMs }) => untilMs > nowMs);
  }
}
