import type { CompatibleCodec } from '../../src/contract/plan.ts';
import type { MediaFrame } from '../../src/ingest/media/media-frame.ts';
import type { Sink } from '../../src/ingest/process/splicer/sink.ts';
import type { Placed } from '../../src/ingest/process/splicer/timeline.ts';

/** Keeps what left, and sends it nowhere. */
export class RecordingSink implements Sink {
  readonly left: Placed[] = [];
  readonly compatible: { codec: CompatibleCodec; picture: MediaFrame; timeUs: number }[] = [];
  readonly counters = { pictures: 0, bytes: 0, packets: 0, resent: 0, repeated: 0 };
  readonly port = 0;
  closed = false;

  async connect(): Promise<void> {}

  send(placed: Placed): void {
    this.left.push(placed);
    this.counters.packets++;
    this.counters.bytes += placed.frame.data.length;
    if (placed.frame.kind === 'video') this.counters.pictures++;
  }

  sendCompatible(codec: CompatibleCodec, picture: MediaFrame, timeUs: number): void {
    this.compatible.push({ codec, picture, timeUs });
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
