import { useH264 as h264, useOPUS as opus, RTCPeerConnection } from 'werift';

/** A WHIP publisher that connects, and sends what it is told to: no browser has to be started for it. */
export interface WhipPeer extends AsyncDisposable {
  readonly status: number;
  /** Resolves once DTLS is up, rejects where the connection fails. */
  connect(): Promise<void>;
  /** Sends a packet of RTP as sound. */
  sendSound(packet: Buffer): Promise<void>;
  /** The same as a part of a picture. */
  sendPicture(packet: Buffer): Promise<void>;
  /** Whether its connection stands, as it sees that itself. */
  readonly connected: boolean;
}

/** Posts an offer of H.264 and Opus. It does not connect before it is told to, and says goodbye at its end. */
export async function whipPeer(url: string, secret: string): Promise<WhipPeer> {
  const peer = new RTCPeerConnection({ codecs: { video: [h264()], audio: [opus()] } });
  const [picture, sound] = (['video', 'audio'] as const).map((kind) =>
    peer.addTransceiver(kind, { direction: 'sendonly' }),
  );
  await peer.setLocalDescription(await peer.createOffer());
  const headers = { 'content-type': 'application/sdp', authorization: `Bearer ${secret}` };
  const response = await fetch(url, { method: 'POST', headers, body: peer.localDescription?.sdp ?? '' });
  const answer = await response.text();
  return {
    status: response.status,
    async connect() {
      const up = new Promise<void>((resolve, reject) => {
        peer.connectionStateChange.subscribe((state) => {
          if (state === 'connected') resolve();
          if (state === 'failed' || state === 'closed') reject(new Error(`the connection is ${state}`));
        });
      });
      await peer.setRemoteDescription({ type: 'answer', sdp: answer });
      await up;
    },
    sendPicture: async (packet) => await picture?.sender.sendRtp(packet),
    sendSound: async (packet) => await sound?.sender.sendRtp(packet),
    get connected() {
      return peer.connectionState === 'connected';
    },
    async [Symbol.asyncDispose]() {
      await peer.close();
      const resource = response.headers.get('location');
      // It is gone where the server has ended.
      if (resource !== null) await fetch(new URL(resource, url), { method: 'DELETE' }).catch(() => {});
    },
  };
}
