/** The page's side of DTLS, as it stands in its SDP answer. */
export interface Answer {
  readonly role: 'client' | 'server';
  readonly fingerprint: string;
}

/**
 * Reads what the daemon needs to know of an answer.
 * @throws if it has no certificate with a SHA-256 hash
 */
export function readAnswer(sdp: string): Answer {
  const fingerprint = /^a=fingerprint:sha-256 ([0-9a-f:]+)/im.exec(sdp)?.[1];
  if (fingerprint === undefined) throw new Error('expected a=fingerprint:sha-256 in the answer');
  const role = /^a=setup:passive/m.test(sdp) ? 'server' : 'client';
  return { role, fingerprint: fingerprint.toUpperCase() };
}

/** Browsers play Opus in stereo only where their own description asks for it (RFC 7587, 6.1). */
export function withStereo(sdp: string): string {
  const payloadType = /^a=rtpmap:(\d+) opus\//im.exec(sdp)?.[1];
  if (payloadType === undefined || /[ ;]stereo=1/.test(sdp)) return sdp;
  return sdp.replace(`a=fmtp:${payloadType} `, `a=fmtp:${payloadType} stereo=1;`);
}
