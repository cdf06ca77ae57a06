import type { RtpPacket } from './rtp-packet.ts';

/** Packets that are held at most; more of them would not come in order any more. */
const maxPackets = 1024;
/** A jump of the sequence numbers by more than this is another stream, not a loss. */
const maxJump = 4096;

/** A packet in its turn. */
export interface OrderedPacket<T = RtpPacket> {
  readonly packet: T;
  /** Something before it is lost for good. */
  readonly afterLoss: boolean;
}

/**
 * Puts the packets of one stream in order, and waits a while for what is missing: networks let them overtake each other, and
 * mediasoup has lost packets sent again, which come late. Pure: it is told the time, in ms.
 */
export class ReorderBuffer<T extends { readonly sequence: number } = RtpPacket> {
  readonly counters = { lost: 0, late: 0 };
  readonly #waitMs: number;
  readonly #waiting = new Map<number, { readonly packet: T; readonly atMs: number }>();
  #next: number | undefined;

  constructor(waitMs: number) {
    this.#waitMs = waitMs;
  }

  /** Takes a packet in; gives those whose turn it is. Twice the same, or one that was given up, is dropped. */
  push(packet: T, nowMs: number): OrderedPacket<T>[] {
    this.#next ??= packet.sequence;
    const distance = this.#ahead(packet.sequence);
    if (Math.abs(distance) > maxJump) {
      this.#waiting.clear();
      this.#next = (packet.sequence + 1) & 0xffff;
      return [{ packet, afterLoss: true }];
    }
    if (distance < 0 || this.#waiting.has(packet.sequence)) {
      this.counters.late++;
      return [];
    }
    this.#waiting.set(packet.sequence, { packet, atMs: nowMs });
    const ready = this.#take(false);
    return this.#waiting.size > maxPackets ? [...ready, ...this.#skip()] : ready;
  }

  /** When to call `expire`, in ms; undefined while nothing is missing. */
  get deadlineMs(): number | undefined {
    // In the order in which they came.
    const [oldest] = this.#waiting.values();
    return oldest && oldest.atMs + this.#waitMs;
  }

  /** Gives up what was waited for long enough, and gives what comes behind it. */
  expire(nowMs: number): OrderedPacket<T>[] {
    const ready: OrderedPacket<T>[] = [];
    for (;;) {
      const { deadlineMs } = this;
      if (deadlineMs === undefined || deadlineMs > nowMs) return ready;
      ready.push(...this.#skip());
    }
  }

  #skip(): OrderedPacket<T>[] {
    let next = this.#next ?? 0;
    for (; !this.#waiting.has(next); next = (next + 1) & 0xffff) this.counters.lost++;
    this.#next = next;
    return this.#take(true);
  }

  #take(afterLoss: boolean): OrderedPacket<T>[] {
    const ready: OrderedPacket<T>[] = [];
    for (;;) {
      const sequence = this.#next ?? 0;
      const held = this.#waiting.get(sequence);
      if (!held) return ready;
      this.#waiting.delete(sequence);
      ready.push({ packet: held.packet, afterLoss: afterLoss && ready.length === 0 });
      this.#next = (sequence + 1) & 0xffff;
    }
  }

  /** Steps from the packet whose turn it is, negative for those before it. */
  #ahead(sequence: number): number {
    return ((sequence - (this.#next ?? sequence)) << 16) >> 16;
  }
}
