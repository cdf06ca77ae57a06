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

/** RTMPS: paths of PEM files. */
export interface TlsSettings {
  readonly port: number;
  readonly cert: string;
  readonly key: string;
}

/** The ports that it has. */
export interface RtmpListening {
  readonly port: number;
  readonly tlsPort: number | null;
  /** On loopback, for our own ffmpeg. */
  readonly pullPort: number;
}

/** Somebody who wants to publish. */
export interface PublishRequest {
  readonly room: string;
  readonly secret: string;
  readonly protocol: 'rtmp' | 'rtmps';
  readonly address: string;
}

/** Why somebody may not: `conflict`: another one publishes with this key; `tooMuch`: it sent too much, a short time ago. */
export type Refusal = 'refused' | 'conflict' | 'tooMuch';

/** Why somebody is gone: `tooMuch`: it sent more than it may. */
export type Leave = 'left' | 'silent' | 'tooMuch';

/** From the daemon to the RTMP process. */
export type RtmpRequest =
  | { readonly type: 'listen'; readonly settings: RtmpSettings }
  /** Answers `ask`: the id of the publication, or why there is none. */
  | { readonly type: 'answer'; readonly call: number; readonly id: string }
  | { readonly type: 'answer'; readonly call: number; readonly refusal: Refusal }
  /** Cut a publisher off. */
  | { readonly type: 'end'; readonly id: string };

/** From the RTMP process to the daemon. */
export type RtmpReport =
  | { readonly type: 'ready'; readonly listening: RtmpListening }
  | { readonly type: 'failed'; readonly key: string; readonly code: string; readonly message: string }
  | { readonly type: 'ask'; readonly call: number; readonly request: PublishRequest }
  /** Its media comes, and may be pulled. `token` goes with the address. */
  | { readonly type: 'published'; readonly id: string; readonly room: string; readonly token: string }
  | { readonly type: 'unpublished'; readonly id: string; readonly reason: Leave }
  | { readonly type: 'silent'; readonly id: string; readonly silent: boolean }
  /** Something that the operator should know of, such as a certificate that cannot be read. */
  | { readonly type: 'warning'; readonly message: string };
