import type { CompatibleCodec } from '../../../contract/plan.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { Placed } from './timeline.ts';

/** What has left since a sink was made. */
export interface SinkCounters {
  readonly pictures: number;
  readonly bytes: number;
  readonly packets: number;
  readonly resent: number;
  /** Pictures that were sent again for somebody who joined. */
  readonly repeated: number;
}

/** Where what a splicer puts on air goes to. */
export interface Sink {
  readonly counters: SinkCounters;
  /** The local port that it sends from. */
  readonly port: number;
  /** From now on it goes to this port on this machine. Rejects once closed. */
  connect(port: number): Promise<void>;
  /** A frame leaves now. */
  send(placed: Placed): void;
  /** A picture leaves now that is made of one that left at `timeUs`, in another codec. */
  sendCompatible(codec: CompatibleCodec, picture: MediaFrame, timeUs: number): void;
  close(): Promise<void>;
}

/** Nobody gets what goes there. */
export const nowhere: Sink = {
  counters: { pictures: 0, bytes: 0, packets: 0, resent: 0, repeated: 0 },
  port: 0,
  connect: async () => {},
  send: () => {},
  sendCompatible: () => {},
  close: async () => {},
};
