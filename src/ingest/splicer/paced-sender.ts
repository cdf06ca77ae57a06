/** Time between two slices, in ms. */
const sliceMs = 2;
/** Packets of a slice, at least: with 1,200 bytes each, about 40 Mbit/s. */
const slicePackets = 8;
/** A backlog leaves within about this many slices, however large it is: 24 ms. */
const backlogSlices = 12;

/**
 * Sends the packets of large pictures in slices a few milliseconds apart, so that buffers on the way
 * (the worker's socket, a viewer's router) do not overflow at each key frame.
 */
export class PacedSender {
  readonly #send: (packet: Buffer) => void;
  #backlog: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (packet: Buffer) => void) {
    this.#send = send;
  }

  push(packets: readonly Buffer[]): void {
    this.#backlog.push(...packets);
    if (!this.#timer) this.#slice();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#backlog = [];
  }

  #slice = (): void => {
    const size = Math.max(slicePackets, Math.ceil(this.#backlog.length / backlogSlices));
    for (const packet of this.#backlog.splice(0, size)) this.#send(packet);
    this.#timer = this.#backlog.length > 0 ? setTimeout(this.#slice, sliceMs) : undefined;
  };
}
