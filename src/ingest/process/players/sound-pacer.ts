import type { Clock, Timer } from '../../../contract/clock.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { SoundPace } from './sound-pace.ts';

/**
 * Live sound is heard so much later than its picture is seen, in µs, instead of a picture that waits for it: sound is cut into
 * packets, decoded and encoded on its way, and held back by whoever plays it. Up to this nobody notices it (EBU R37; ITU-R BT.1359
 * has 125 ms).
 */
export const behindPictureUs = 60_000;

/** What is due within this, in ms, leaves now: less than anybody hears, and one timer less. */
const nearMs = 1;

interface Waiting {
  readonly packet: MediaFrame;
  readonly atMs: number;
}

/** Lets packets of live sound go at their own pace, in order, each with the time at which it is to be heard. */
export class SoundPacer {
  readonly #clock: Clock;
  readonly #onDue: (packets: readonly MediaFrame[]) => void;
  readonly #pace = new SoundPace();
  readonly #waiting: Waiting[] = [];
  #timer: Timer | undefined;

  constructor(clock: Clock, onDue: (packets: readonly MediaFrame[]) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  push(packet: MediaFrame): void {
    const nowMs = this.#clock.nowMs();
    this.#waiting.push({ packet, atMs: this.#pace.leavesAtUs(packet.ptsUs, nowMs * 1000) / 1000 });
    this.#timer ??= this.#wait(nowMs);
  }

  /** What waits is of no use any more. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#waiting.length = 0;
  }

  #wait(nowMs: number): Timer | undefined {
    const [first] = this.#waiting;
    return first && this.#clock.after(first.atMs - nowMs, () => this.#wake());
  }

  #wake(): void {
    const nowMs = this.#clock.nowMs();
    const later = this.#waiting.findIndex(({ atMs }) => atMs > nowMs + nearMs);
    const due = this.#waiting.splice(0, later === -1 ? this.#waiting.length : later);
    this.#timer = this.#wait(nowMs);
    if (due.length > 0)
      this.#onDue(due.map(({ packet }) => ({ ...packet, ptsUs: packet.ptsUs + behindPictureUs })));
  }
}
