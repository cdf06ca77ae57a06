import type { VideoCodec } from '../../contract/plan.ts';
import type { RtpRoute } from '../../ingest/process/players/routes.ts';
import type { CameTracks } from '../../ingest/rtmp/calls.ts';

/** How the media of somebody who publishes can be had. */
export type PublicationMedia = RtmpMedia | WhipMedia;

/** ffmpeg gets it from the RTMP server on loopback. */
export interface RtmpMedia {
  readonly protocol: 'rtmp';
  readonly pullUrl: string;
  /** Those of which something has come by now. */
  readonly tracks: CameTracks;
}

/** It comes by WebRTC, and from mediasoup by RTP. */
export interface WhipMedia {
  readonly protocol: 'whip';
  /** null: sound only. */
  readonly codec: VideoCodec | null;
  /** Renditions of its picture; 1 for sound only. */
  readonly layers: number;
  /** Makes a way for its RTP into an ingest process. */
  route(): Promise<WhipRoute>;
  /** Whoever plays it gets more of it than may be. */
  refuse(): void;
}

/** A way for a publisher's RTP, until it is closed. */
export interface WhipRoute extends RtpRoute {
  /** Packets go to this port on loopback from now on. */
  connect(port: number): Promise<void>;
  close(): void;
}
