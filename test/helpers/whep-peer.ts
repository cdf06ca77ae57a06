import { useH264 as h264, useOPUS as opus, RTCPeerConnection, type RTCRtpReceiver } from 'werift';

/** A player by WHEP that is sent media, and loses what it is told to: no browser has to be started for it, and no line be shaped. */
export interface WhepPeer extends AsyncDisposable {
  /** How many packets have arrived. */
  readonly received: number;
  /** Of so many packets it loses one from now on, and reports that; null: none. */
  lose(oneOf: number | null): void;
}

/** Asks for picture and sound, and waits until it is connected. */
export async function whepPeer(url: string): Promise<WhepPeer> {
  const peer = new RTCPeerConnection({ codecs: { video: [h264()], audio: [opus()] } });
  const state = { received: 0, oneOf: null as number | null };
  for (const kind of ['video', 'audio'] as const)
    losing(peer.addTransceiver(kind, { direction: 'recvonly' }).receiver, state);
  await peer.setLocalDescription(await peer.createOffer());
  const headers = { 'content-type': 'application/sdp' };
  const response = await fetch(url, { method: 'POST', headers, body: peer.localDescription?.sdp ?? '' });
  if (response.status !== 201)
    throw new Error(`expected 201, got ${response.status}: ${await response.text()}`);
  const up = new Promise<void>((resolve, reject) => {
    peer.connectionStateChange.subscribe((now) => {
      if (now === 'connected') resolve();
      if (now === 'failed' || now === 'closed') reject(new Error(`the connection is ${now}`));
    });
  });
  await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  await up;
  return {
    get received() {
      return state.received;
    },
    lose(oneOf) {
      state.oneOf = oneOf;
    },
    async [Symbol.asyncDispose]() {
      await peer.close();
      const resource = response.headers.get('location');
      // It is gone where the server has ended.
      if (resource !== null) await fetch(new URL(resource, url), { method: 'DELETE' }).catch(() => {});
    },
  };
}

/** What is lost is not heard of where reports are made, which is behind it. */
function losing(receiver: RTCRtpReceiver, state: { received: number; readonly oneOf: number | null }): void {
  for (const way of ['handleRtpBySsrc', 'handleRtpByRid'] as const) {
    const hear = receiver[way] as (
      packet: { header: { sequenceNumber: number } },
      ...rest: unknown[]
    ) => void;
    const hearSome: typeof hear = (packet, ...rest) => {
      if (state.oneOf !== null && packet.header.sequenceNumber % state.oneOf === 0) return;
      state.received++;
      hear(packet, ...rest);
    };
    Object.assign(receiver, { [way]: hearSome });
  }
}
