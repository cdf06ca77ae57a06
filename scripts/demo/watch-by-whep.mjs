import { RTCPeerConnection, RTCRtpCodecParameters } from 'werift';

const wantedFrames = 30;
/** An Opus packet of silence is a few bytes; one with music is far longer. */
const soundPacketBytes = 20;
const wantedSoundPackets = 25;

/** Plays a WHEP resource without a browser until 30 pictures and half a second of sound were received. */
export const watchByWhep = async (url) => {
  await using cleanup = new AsyncDisposableStack();
  const startedAt = performance.now();
  const connection = new RTCPeerConnection({
    codecs: {
      audio: [new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2 })],
      video: [
        new RTCRtpCodecParameters({
          mimeType: 'video/H264',
          clockRate: 90_000,
          parameters: 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1',
          rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
        }),
      ],
    },
  });
  cleanup.defer(() => connection.close());
  const seen = { frames: 0, sounds: 0, firstFrameMs: 0 };
  const enough = new Promise((resolve) => {
    connection.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe(({ header, payload }) => {
        if (track.kind === 'audio' && payload.length > soundPacketBytes) seen.sounds++;
        if (track.kind === 'video' && header.marker) seen.frames++;
        if (seen.frames === 1) seen.firstFrameMs ||= Math.round(performance.now() - startedAt);
        if (seen.frames >= wantedFrames && seen.sounds >= wantedSoundPackets) resolve();
      });
    });
  });
  connection.addTransceiver('video', { direction: 'recvonly' });
  connection.addTransceiver('audio', { direction: 'recvonly' });
  await connection.setLocalDescription(await connection.createOffer());
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp' },
    body: connection.localDescription.sdp,
  });
  if (response.status !== 201)
    throw new Error(`expected 201 of ${url}, got ${response.status}: ${await response.text()}`);
  const resource = new URL(response.headers.get('location'), url);
  cleanup.defer(() => fetch(resource, { method: 'DELETE' }));
  await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  await enough;
  return {
    viewer: 'whep',
    first_frame_ms: seen.firstFrameMs,
    frames: seen.frames,
    sound_packets: seen.sounds,
  };
};
