import type { types } from 'mediasoup';

/** A certificate of clients. */
export type ClientCertificate = {
  readonly key: string;
  readonly path: string;
  readonly fingerprint: string;
};

/** The other end of a WebRTC transport. */
export type ConnectedClient = {
  readonly srtp: {
    encrypt(packet: Buffer): Buffer;
    encryptRtcp(packet: Buffer): Buffer;
    decrypt(packet: Buffer): Buffer;
  };
  /** Sends what is encrypted already. */
  send(packet: Buffer): void;
  /** Is given each RTP packet, encrypted. */
  onRtp(listener: (packet: Buffer) => void): void;
  close(): void;
};

/** Makes a certificate in a folder that is there. */
export function makeCertificate(folder: string): Promise<ClientCertificate>;

/** Connects to a transport on loopback. Rejects when ICE or DTLS fails; there is no time limit but that of `step`. */
export function connectClient(options: {
  readonly transport: types.WebRtcTransport;
  readonly certificate: ClientCertificate;
  readonly step?: <T>(what: string, promise: Promise<T>) => Promise<T>;
}): Promise<ConnectedClient>;
