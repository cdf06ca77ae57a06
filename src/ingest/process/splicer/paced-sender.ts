import type { Clock, Timer } from '../../../contract/clock.ts';

/** Time between two slices, in ms. */
const sliceMs = 2;
/** Packets of a slice, where it is not more: with 1,200 bytes each, about 40 Mbit/s. */
const slicePackets = 8;
/** A backlog leaves within about this many slices, however large it is: 24 ms. */
const backlogSlices = 12;

/**
 * Sends the packets of large pictures in slices a few milliseconds apart, so that buffers on the way
 * (the worker's socket, a viewer's router) do not overflow at each key frame.
 */
export class PacedSender {
  readonly #send: (packet: Buffer) => void;
  readonly #clock: Clock;
  #backlog: Buffer[] = [];
  #sliceSize = slicePackets;
  /** Runs for one slice's time after each slice, so that small pictures in a row are paced too. */
  #timer: Timer | undefined;

  constructor(send: (packet: Buffer) => void, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  push(packets: readonly Buffer[]): void {
    for (const packet of packets) this.#backlog.push(packet);
    this.#sliceSize = Math.max(slicePackets, Math.ceil(this.#backlog.length / backlogSlices));
    if (!this.#timer) this.#slice();
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#backlog = [];
  }

  #slice = (): void => {
    const slice = this.#backlog.splice(0, this.#sliceSize);
    for (const packet of slice) this.#send(packet);
    this.#timer = slice.length > 0 ? this.#clock.after(sliceMs, this.#slice) : undefined;
  };
}
