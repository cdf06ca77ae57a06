import type { Trouble } from '../child/restarts.ts';
import type { CertificateFiles } from '../tls/watched-pair.ts';

/** What the RTMP process is to do, as its first message. */
export interface RtmpSettings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly tls: TlsSettings | null;
  /** Connections at once. */
  readonly maxConnections: number;
  /** What each of them may send, over some seconds. */
  readonly maxBitrateBps: number;
}

/** RTMPS. */
export interface TlsSettings extends CertificateFiles {
  readonly port: number;
}

/** The ports that it has. */
export interface RtmpListening {
  readonly port: number;
  readonly tlsPort: number | null;
  /** On loopback, for our own ffmpeg. */
  readonly pullPort: number;
}

/** Tracks of somebody who publishes of which something has come: of the picture a key frame. */
export type CameTracks = readonly ('video' | 'audio')[];

/** Somebody who wants to publish. */
export interface PublishRequest {
  readonly room: string;
  readonly secret: string;
  readonly protocol: 'rtmp' | 'rtmps';
  readonly address: string;
}

/** Why somebody may not: `conflict`: another one publishes with this key; `tooMuch`: it sent too much, a short time ago. */
export type Refusal = 'refused' | 'conflict' | 'tooMuch';

/**
 * What came in the place of somebody who publishes: `tls`, `plain`: RTMPS where RTMP is expected, and the other way round; `handshake`: TLS that was broken
 * off; `rtmpe`: RTMP in a cipher of its own; `http`, `other`: no RTMP; `play`: it wants to see something; `hesitant`: it connects, and does not say that it publishes; `place`:
 * it publishes where no room can be.
 */
export const strangers = [
  ...(['tls', 'plain', 'handshake', 'rtmpe', 'http', 'other'] as const),
  ...(['play', 'hesitant', 'place'] as const),
] as const;
export type Stranger = (typeof strangers)[number];

/** Why somebody is gone: `tooMuch`: it sent more than it may; `codec`: it sends one that is not taken, which was told. */
export type Leave = 'left' | 'silent' | 'tooMuch' | 'codec';

/** The id of the publication, or why there is none. */
export type PublishAnswer = { readonly id: string } | { readonly refusal: Refusal };

/** What the daemon asks of the RTMP process. */
export interface RtmpCalls {
  /**
   * Listens. One that takes the place of another (`again`) does so without RTMPS where that cannot be had, and goes on trying.
   *
   * @throws MiroliveError PORT_IN_USE, INVALID_CONFIG
   */
  begin(settings: RtmpSettings & { readonly again: boolean }): RtmpListening;
  /** RTMPS goes by these files from now on, which are looked at at once; whether they can be used is told by `certificate`. */
  certify(files: CertificateFiles): void;
  /** Cuts a publisher off. */
  end(publication: { readonly id: string }): void;
}

export interface StrangerNews {
  readonly what: Stranger;
  readonly words: string | null;
}

/** What the RTMP process asks of the daemon, and tells it. */
export interface RtmpNews {
  publish(request: PublishRequest): PublishAnswer;
  /** Somebody was sent away before it said that it publishes. `words`: more of it, where there is more. */
  stranger(told: Pick<PublishRequest, 'protocol' | 'address'> & StrangerNews): void;
  /** Its media comes, and may be pulled. `token` goes with the address. */
  published(stream: {
    readonly id: string;
    readonly room: string;
    readonly token: string;
    readonly tracks: CameTracks;
  }): void;
  /** More of its tracks have come than were told. */
  tracks(publication: { readonly id: string; readonly tracks: CameTracks }): void;
  /** It sends a codec that is not taken, and is ended. */
  otherCodec(publication: { readonly id: string; readonly codec: string }): void;
  unpublished(publication: { readonly id: string; readonly reason: Leave }): void;
  silent(publication: { readonly id: string; readonly silent: boolean }): void;
  /** Why RTMPS cannot be had for now; null: it is there. */
  rtmps(trouble: Trouble | null): void;
  /** Why the certificate's files cannot be used, so that the old one stays; null: they can again. */
  certificate(trouble: Trouble | null): void;
}
