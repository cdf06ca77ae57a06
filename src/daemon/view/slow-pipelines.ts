import type { Clock } from '../../contract/clock.ts';
import type { EventHub } from '../event-hub.ts';
import type { RoomFacts } from './health-of.ts';

/** So long what was told holds, in ms: it is told once a minute while ffmpeg is too slow. */
const holdsMs = 90_000;

/** Rooms whose ffmpeg is slower than real time, as it was told of them. */
export class SlowPipelines implements Disposable {
  readonly #clock: Clock;
  readonly #told = new Map<
    string,
    { readonly speed: number; readonly hint: string; readonly atMs: number }
  >();
  readonly #leave: () => void;

  constructor(hub: Pick<EventHub, 'listen'>, clock: Clock) {
    this.#clock = clock;
    this.#leave = hub.listen((event) => {
      if (event.type === 'broadcast.ended') this.#told.delete(event.room);
      if (event.type !== 'pipeline.overloaded') return;
      const { room, speed, hint, renditions } = event;
      // With fewer renditions it is another one, which is judged anew.
      if (renditions !== null) this.#told.delete(room);
      else this.#told.set(room, { speed, hint, atMs: clock.nowMs() });
    });
  }

  /** How slow that of a room is, and what helps; null: it keeps up, as far as is known. */
  of(room: string): RoomFacts['slow'] {
    const told = this.#told.get(room);
    if (told && this.#clock.nowMs() - told.atMs < holdsMs)
      return {
        reason: `ffmpeg is too slow, ${Math.round(told.speed * 100)} % of real time`,
        hint: `${told.hint}; how it is played: mirolive programme --room ${room}`,
      };
    this.#told.delete(room);
    return null;
  }

  [Symbol.dispose](): void {
    this.#leave();
  }
}
