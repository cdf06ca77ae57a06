import type { Clock, Timer } from '../../../contract/clock.ts';

/** Time between two slices, in ms. */
const sliceMs = 2;
/** Packets of a slice, where it is not more: with 1,200 bytes each, about 40 Mbit/s. */
const slicePackets = 8;
/** A backlog leaves within about this many slices, however large it is: 24 ms. */
const backlogSlices = 12;
/** Slices that leave at once where that is not much: most pictures are one such piece, and to wake costs more than to send it. */
const slicesAtOnce = 2;

/**
 * Sends the packets of large pictures in slices a few milliseconds apart, so that buffers on the way
 * (the worker's socket, a viewer's router) do not overflow at each key frame.
 */
export class PacedSender {
  readonly #send: (packet: Buffer) => void;
  readonly #clock: Clock;
  #backlog: Buffer[] = [];
  #sliceSize = 0;
  /** Until the next one, in ms. */
  #pauseMs = 0;
  /** The next slice may leave from this moment on, in ms, so that small pictures in a row are paced too. */
  #freeMs = Number.NEGATIVE_INFINITY;
  /** Runs while something waits. */
  #timer: Timer | undefined;

  constructor(send: (packet: Buffer) => void, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  /** Packets that have not left. */
  get waiting(): number {
    return this.#backlog.length;
  }

  push(packets: readonly Buffer[]): void {
    if (packets.length === 0) return;
    for (const packet of packets) this.#backlog.push(packet);
    const fair = this.#backlog.length / backlogSlices;
    const atOnce = fair <= slicePackets ? slicesAtOnce : 1;
    this.#sliceSize = Math.max(slicePackets, Math.ceil(fair)) * atOnce;
    this.#pauseMs = sliceMs * atOnce;
    if (this.#timer) return;
    const waitMs = this.#freeMs - this.#clock.nowMs();
    if (waitMs > 0) this.#timer = this.#clock.after(waitMs, this.#slice);
    else this.#slice();
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#backlog = [];
  }

  #slice = (): void => {
    const slice = this.#backlog.splice(0, this.#sliceSize);
    for (const packet of slice) this.#send(packet);
    this.#freeMs = this.#clock.nowMs() + this.#pauseMs;
    this.#timer = this.#backlog.length > 0 ? this.#clock.after(this.#pauseMs, this.#slice) : undefined;
  };
}
