/** The page's side of DTLS, as it stands in its SDP answer. */
export interface Answer {
  readonly role: 'client' | 'server';
  readonly fingerprint: string;
  /** It takes the picture that was offered, or none was. */
  readonly picture: boolean;
}

/**
 * Reads what the daemon needs to know of an answer.
 * @throws if it has no certificate with a SHA-256 hash
 */
export function readAnswer(sdp: string): Answer {
  const fingerprint = /^a=fingerprint:sha-256 ([0-9a-f:]+)/im.exec(sdp)?.[1];
  if (fingerprint === undefined) throw new Error('expected a=fingerprint:sha-256 in the answer');
  const role = /^a=setup:passive/m.test(sdp) ? 'server' : 'client';
  return { role, fingerprint: fingerprint.toUpperCase(), picture: !/^m=video 0 /m.test(sdp) };
}

/** Why there is no picture, and what helps: the words of a browser that has refused the one that was offered. */
export function pictureNotice(offer: string, userAgent: string): string {
  const codec = /^m=video [\s\S]*?^a=rtpmap:\d+ (\w+)/m.exec(offer)?.[1] ?? '';
  const name = codec === 'H264' ? 'H.264' : codec;
  const cure =
    codec === 'H264' && userAgent.includes('Firefox/')
      ? 'Turn on the OpenH264 plug-in (menu, Add-ons and themes, Plugins) and load the page anew, or use another browser.'
      : 'Another browser may.';
  return `This browser cannot play the picture (${name}). ${cure}`;
}

/** Browsers play Opus in stereo only where their own description asks for it (RFC 7587, 6.1). */
export function withStereo(sdp: string): string {
  const payloadType = /^a=rtpmap:(\d+) opus\//im.exec(sdp)?.[1];
  if (payloadType === undefined || /[ ;]stereo=1/.test(sdp)) return sdp;
  return sdp.replace(`a=fmtp:${payloadType} `, `a=fmtp:${payloadType} stereo=1;`);
}
