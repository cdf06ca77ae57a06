import { randomInt } from 'node:crypto';
import { PacketMemory } from './packet-memory.ts';
import type { Packetizer, Payload } from './payload.ts';

/** The greatest RTP packet, in bytes: what fits every path once SRTP, UDP and IP are added. */
const maxPacketBytes = 1200;
const headerBytes = 12;
/** A one-byte header extension (RFC 8285) with one element of at most 11 bytes: 4, 1 for its head, and padding. */
const extensionBytes = 16;
/** Packets that are kept so that a lost one can be sent again, at most, by default: a second of 8 Mbit/s. */
const historyPackets = 1024;
/** They are kept for so long, in µs: the worker is on this machine, and asks for what it misses within a few tens of ms. */
const keptUs = 1_000_000;

/** How the packets of a frame are made. */
export interface FrameOptions {
  readonly key: boolean;
  readonly timeUs: number;
  /** The last packet is marked. */
  readonly marker: boolean;
  /** Packets of this stream that were given and have not left yet, at most; default none. */
  readonly unsent?: number;
}

/** What is seldom said of an RTP stream. */
export interface RtpStreamOptions {
  /** Packets that are kept at most, a power of two; default 1024. */
  readonly kept?: number;
  /** The RTP time stamp of moment 0; default a random one. */
  readonly timestampBase?: number;
}

/** What identifies an RTP stream to mediasoup. */
export interface RtpIdentity {
  readonly ssrc: number;
  readonly payloadType: number;
  /** Ticks of the time stamp per second. */
  readonly clockRate: number;
  /** Id of the header extension, where the codec has one. */
  readonly extensionId: number;
}

/**
 * One RTP stream whose sequence numbers and time stamps are never interrupted, whatever the frames come from.
 * `timeUs` is a moment on the broadcast's own clock, in µs from its beginning.
 */
export class RtpStream {
  readonly identity: RtpIdentity;
  readonly #packetizer: Packetizer;
  readonly #timestampBase: number;
  readonly #history: (Buffer | undefined)[];
  readonly #memory = new PacketMemory();
  #sequence = randomInt(2 ** 15);
  #packets = 0;
  /** Frames whose packets are kept, by the number of their first one. */
  readonly #frames: { readonly from: number; readonly timeUs: number }[] = [];
  /** The number of the first packet that is kept. */
  #keptFrom = 0;
  #payloadBytes = 0;

  constructor(
    identity: RtpIdentity,
    packetizer: Packetizer,
    { kept = historyPackets, timestampBase = randomTimestamp() }: RtpStreamOptions = {},
  ) {
    this.identity = identity;
    this.#packetizer = packetizer;
    this.#timestampBase = timestampBase;
    this.#history = new Array(kept);
  }

  /** The packets of a frame, in order; each stays what it is for as long as it is kept, or has not left. */
  packets(frame: Buffer, { key, timeUs, marker, unsent = 0 }: FrameOptions): Buffer[] {
    const room = maxPacketBytes - headerBytes - extensionBytes;
    const payloads = this.#packetizer.packetize(frame, key, room);
    const timestamp = this.timestamp(timeUs);
    this.#forget(timeUs - keptUs);
    this.#frames.push({ from: this.#packets, timeUs });
    const usedTo = Math.min(this.#packets - unsent, this.#keptFrom);
    return payloads.map((payload, index) => {
      const packet = this.#memory.take(packetBytes(payload), this.#packets, usedTo);
      this.#write(packet, payload, timestamp, marker && index === payloads.length - 1);
      this.#history[this.#sequence % this.#history.length] = packet;
      this.#sequence = (this.#sequence + 1) & 0xffff;
      this.#packets++;
      this.#payloadBytes += payload.data.length;
      return packet;
    });
  }

  /** The packet with this sequence number, if it is not too long ago. */
  sent(sequence: number): Buffer | undefined {
    const packet = this.#history[sequence % this.#history.length];
    return packet?.readUInt16BE(2) === sequence ? packet : undefined;
  }

  /** The RTP time stamp of a moment. */
  timestamp(timeUs: number): number {
    const ticks = this.#timestampBase + Math.round((timeUs * this.identity.clockRate) / 1e6);
    return ((ticks % 2 ** 32) + 2 ** 32) % 2 ** 32;
  }

  /** What a sender report says (RFC 3550, 6.4.1); `timeUs` and `wallMs` are the same moment. */
  senderReport(timeUs: number, wallMs: number): Buffer {
    const report = Buffer.alloc(28);
    report.writeUInt16BE(0x80c8, 0);
    report.writeUInt16BE(6, 2);
    report.writeUInt32BE(this.identity.ssrc, 4);
    // Seconds from 1900, as NTP counts, to 1970.
    const ntpSeconds = wallMs / 1000 + 2_208_988_800;
    report.writeUInt32BE(Math.floor(ntpSeconds) % 2 ** 32, 8);
    report.writeUInt32BE(Math.floor((ntpSeconds % 1) * 2 ** 32), 12);
    report.writeUInt32BE(this.timestamp(timeUs), 16);
    report.writeUInt32BE(this.#packets % 2 ** 32, 20);
    report.writeUInt32BE(this.#payloadBytes % 2 ** 32, 24);
    return report;
  }

  /** What is from before a time is not sent again. */
  #forget(beforeUs: number): void {
    while ((this.#frames[0]?.timeUs ?? beforeUs) < beforeUs) this.#frames.shift();
    const { length } = this.#history;
    const from = this.#frames[0]?.from ?? this.#packets;
    // What is more than may be kept has been written over.
    this.#keptFrom = Math.max(this.#keptFrom, this.#packets - length);
    for (; this.#keptFrom < from; this.#keptFrom++) {
      const sequence = this.#sequence - (this.#packets - this.#keptFrom) + 0x10000;
      this.#history[sequence % length] = undefined;
    }
  }

  #write(packet: Buffer, { data, extension }: Payload, timestamp: number, marker: boolean): void {
    const { ssrc, payloadType } = this.identity;
    packet[0] = extension ? 0x90 : 0x80;
    packet[1] = (marker ? 0x80 : 0) | payloadType;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(timestamp, 4);
    packet.writeUInt32BE(ssrc, 8);
    if (extension) this.#writeExtension(packet.subarray(headerBytes, packet.length - data.length), extension);
    data.copy(packet, packet.length - data.length);
  }

  #writeExtension(extension: Buffer, element: Buffer): void {
    extension.fill(0);
    extension.writeUInt16BE(0xbede, 0);
    extension.writeUInt16BE(extension.length / 4 - 1, 2);
    extension[4] = (this.identity.extensionId << 4) | (element.length - 1);
    element.copy(extension, 5);
  }
}

function packetBytes({ data, extension }: Payload): number {
  return headerBytes + (extension ? 4 + Math.ceil((extension.length + 1) / 4) * 4 : 0) + data.length;
}

/** Where the time stamps of a stream begin (RFC 3550, 5.1). */
export function randomTimestamp(): number {
  return randomInt(2 ** 32);
}
