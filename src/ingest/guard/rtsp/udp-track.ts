import { randomInt } from 'node:crypto';
import { type Clock, every, type Timer } from '../../../contract/clock.ts';
import type { Slice } from '../../child/work-mark.ts';
import { ReorderBuffer } from '../../media/rtp-in/reorder-buffer.ts';
import { openingPacket, receiverReport } from './receiver-report.ts';
import type { Pair } from './transport-header.ts';
import { type Peer, type Port, UdpPair } from './udp-pair.ts';

/** A packet that is missing is waited for so long, in ms: what overtakes another one by UDP comes milliseconds before it. */
const orderWaitMs = 50;
/** Reports go out this often, in ms (RFC 3550, 6.2): servers send for as long as they hear of somebody. */
const reportIntervalMs = 5000;
/** The heads of RTP and RTCP. */
const leastBytes: Pair = [12, 8];

export interface UdpTrackOptions {
  /** The address of this machine that the server sees. */
  readonly address: string;
  readonly clock: Clock;
  readonly slice: Slice;
  /** Packets in their order. */
  readonly onPacket: (packet: Buffer, port: Port) => void;
}

interface Numbered {
  readonly sequence: number;
  readonly datagram: Buffer;
}

/** One track that comes by UDP, to ports of its own: put in order, and its sender told now and then that it is heard. */
export class UdpTrack {
  readonly #options: UdpTrackOptions;
  readonly #pair: UdpPair;
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #order = new ReorderBuffer<Numbered>(orderWaitMs);
  #orderTimer: Timer | undefined;
  #reportTimer: Timer | undefined;

  private constructor(pair: UdpPair, options: UdpTrackOptions) {
    this.#pair = pair;
    this.#options = options;
  }

  static async create(options: UdpTrackOptions): Promise<UdpTrack> {
    return new UdpTrack(await UdpPair.create(options.address), options);
  }

  get ports(): Pair {
    return this.#pair.ports;
  }

  /** Takes what this peer sends, and lets it through. */
  async begin(peer: Peer): Promise<void> {
    const { slice, clock } = this.#options;
    await this.#pair.hear(peer, (datagram, port) => slice(() => this.#receive(datagram, port)));
    this.#pair.send(openingPacket(this.#ssrc), 0);
    this.#report();
    this.#reportTimer = every(clock, reportIntervalMs, () => this.#report());
  }

  close(): void {
    this.#orderTimer?.cancel();
    this.#reportTimer?.cancel();
    this.#pair.close();
  }

  #report(): void {
    this.#pair.send(receiverReport(this.#ssrc), 1);
  }

  #receive(datagram: Buffer, port: Port): void {
    const version = (datagram[0] ?? 0) >> 6;
    if (version !== 2 || datagram.length < leastBytes[port]) return;
    if (port === 1) this.#options.onPacket(datagram, port);
    else {
      const nowMs = this.#options.clock.nowMs();
      this.#pass(this.#order.push({ sequence: datagram.readUInt16BE(2), datagram }, nowMs));
      this.#schedule(nowMs);
    }
  }

  #pass(ordered: readonly { readonly packet: Numbered }[]): void {
    for (const { packet } of ordered) this.#options.onPacket(packet.datagram, 0);
  }

  #schedule(nowMs: number): void {
    const { clock, slice } = this.#options;
    this.#orderTimer?.cancel();
    const { deadlineMs } = this.#order;
    if (deadlineMs === undefined) return;
    this.#orderTimer = clock.after(Math.ceil(deadlineMs - nowMs), () => slice(() => this.#expire()));
  }

  #expire(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#pass(this.#order.expire(nowMs));
    this.#schedule(nowMs);
  }
}
