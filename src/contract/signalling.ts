import type { types as client } from 'mediasoup-client';
import { z } from 'zod';

/**
 * The WebSocket between the page and the daemon: `ws(s)://host/ws/ROOM`, JSON text messages, one viewer per socket.
 * The daemon speaks first with `hello`. When a broadcast begins it sends `live`; the page answers with `join`,
 * gets `transport`, sends `connect` and `consume`, and gets one `consumer` per track; it sends `playing` when
 * a picture or sound is there. `offline` ends that; the page waits on the same socket for the next `live`.
 */

const opaque = z.record(z.string(), z.unknown());

/** What the page may send. Validated by the daemon; anything else closes the socket with code 1008. */
export const pageMessage = z.discriminatedUnion('type', [
  /** Wants the broadcast that was announced. */
  z.strictObject({ type: z.literal('join') }),
  z.strictObject({ type: z.literal('connect'), dtlsParameters: opaque }),
  z.strictObject({ type: z.literal('consume'), rtpCapabilities: opaque }),
  /** All consumers are there: the daemon may resume them, which asks for a key frame. */
  z.strictObject({ type: z.literal('ready') }),
  /** Is the connection alive? Answered with `pong`; a browser cannot see the pings of the WebSocket itself. */
  z.strictObject({ type: z.literal('ping') }),
]);
export type PageMessage = z.infer<typeof pageMessage>;

/** What a page needs to know of the room. */
export interface RoomInfo {
  readonly room: string;
  readonly live: boolean;
  readonly title: string | null;
  readonly viewers: number;
}

/** What the daemon sends. */
export type DaemonMessage =
  | ({ readonly type: 'hello'; readonly version: string } & RoomInfo)
  /** A broadcast is on air: join it. Also sent at once after `hello` where one is. */
  | {
      readonly type: 'live';
      readonly broadcast: string;
      readonly title: string;
      readonly video: boolean;
      readonly audio: boolean;
      readonly rtpCapabilities: client.RtpCapabilities;
    }
  | {
      readonly type: 'transport';
      readonly id: string;
      readonly iceParameters: client.IceParameters;
      readonly iceCandidates: client.IceCandidate[];
      readonly dtlsParameters: client.DtlsParameters;
    }
  | {
      readonly type: 'consumer';
      readonly id: string;
      readonly producerId: string;
      readonly kind: client.MediaKind;
      readonly rtpParameters: client.RtpParameters;
    }
  /** How many watch, when it changes; at most once a second. */
  | { readonly type: 'viewers'; readonly viewers: number }
  /** Nothing on air any more: `ended` by the operator or the source's end; `interrupted`: it will come back. */
  | { readonly type: 'offline'; readonly reason: 'ended' | 'interrupted' }
  /** The daemon ends; come back after `retryMs`. */
  | { readonly type: 'bye'; readonly retryMs: number }
  | { readonly type: 'pong' }
  /** `TRACK_NOT_PLAYABLE` stands for a `consumer` that will not come, since the browser lacks the codec; the other track plays on. */
  | { readonly type: 'error'; readonly code: string; readonly message: string };
