import type { DepacketizedFrame, Depacketizer } from './depacketizer.ts';
import type { OrderedPacket } from './reorder-buffer.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** No picture of a publisher is as large as this, in bytes: at 100 Mbit/s it would take a third of a second. */
const maxFrameBytes = 4 * 1024 * 1024;
/** Nor has one more packets: so many of 1,200 bytes are twice as large. */
const maxFramePackets = 8192;

/** A picture with the RTP time stamp of its packets. */
export interface AssembledFrame extends DepacketizedFrame {
  readonly timestamp: number;
}

/**
 * Makes pictures of the packets of one stream, which come in order. Begins with a key frame, and after a loss begins anew:
 * what refers to a lost picture would be shown broken.
 */
export class FrameAssembler {
  readonly counters = { frames: 0, keyFrames: 0, dropped: 0 };
  readonly #depacketizer: Depacketizer;
  #payloads: Buffer[] = [];
  #bytes = 0;
  #timestamp = 0;
  #needsKeyFrame = true;

  constructor(depacketizer: Depacketizer) {
    this.#depacketizer = depacketizer;
  }

  /** Nothing comes out before the next key frame, and that has not begun. */
  get needsKeyFrame(): boolean {
    return this.#needsKeyFrame && this.#payloads.length === 0;
  }

  /** Gives the pictures that are complete: at most two, since a packet may end one and be another. */
  push({ packet, afterLoss }: OrderedPacket): AssembledFrame[] {
    if (afterLoss) this.restart();
    const done: AssembledFrame[] = [];
    if (packet.timestamp !== this.#timestamp) this.#close(done);
    this.#timestamp = packet.timestamp;
    this.#add(packet);
    if (packet.marker) this.#close(done);
    return done;
  }

  /** Drops what is begun, and everything up to the next key frame. */
  restart(): void {
    if (this.#payloads.length > 0) this.counters.dropped++;
    this.#reset();
    this.#needsKeyFrame = true;
  }

  #add({ payload }: RtpPacket): void {
    if (payload.length === 0) return;
    const begun = this.#payloads.length > 0;
    if (this.#needsKeyFrame && !begun && !this.#depacketizer.beginsKeyFrame(payload)) return;
    this.#payloads.push(payload);
    this.#bytes += payload.length;
    if (this.#bytes > maxFrameBytes || this.#payloads.length > maxFramePackets) this.restart();
  }

  #close(done: AssembledFrame[]): void {
    if (this.#payloads.length === 0) return;
    const frame = this.#depacketizer.frame(this.#payloads);
    if (!frame || (this.#needsKeyFrame && !frame.key)) {
      this.restart();
      return;
    }
    this.#reset();
    this.#needsKeyFrame = false;
    this.counters.frames++;
    if (frame.key) this.counters.keyFrames++;
    done.push({ ...frame, timestamp: this.#timestamp });
  }

  #reset(): void {
    this.#payloads = [];
    this.#bytes = 0;
  }
}
