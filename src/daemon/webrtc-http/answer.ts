import type { types } from 'mediasoup';
import { type MediaDescription, type SessionDescription, write } from 'sdp-transform';
import type { Direction, Offer, OfferedSection } from './offer.ts';

/** The discard port: where to send is told by the candidates (RFC 8840, 4.1.1). */
const placeholderPort = 9;

/** An m-line that is accepted, and what goes over it. */
export interface AnsweredTrack {
  readonly section: OfferedSection;
  readonly codecs: readonly types.RtpCodecParameters[];
  /** The `a=fmtp` line of each payload type that has one. */
  readonly formats: ReadonlyMap<number, string>;
  readonly headerExtensions: readonly types.RtpHeaderExtensionParameters[];
  /** What else is to be said: of streams, layers, bandwidth. */
  readonly more: Partial<MediaDescription>;
}

/** What mediasoup's transport tells the client. */
export interface AnsweredTransport {
  readonly iceParameters: types.IceParameters;
  readonly iceCandidates: readonly types.IceCandidate[];
  readonly dtlsParameters: types.DtlsParameters;
}

export interface AnswerOptions {
  readonly offer: Offer;
  /** Ours, the other one than the client's. */
  readonly direction: Direction;
  readonly tracks: readonly AnsweredTrack[];
  readonly transport: AnsweredTransport;
}

/** The role that the client takes in DTLS: it begins the handshake wherever it may (RFC 8842, 5.3). */
export function clientDtlsRole(offer: Offer): 'client' | 'server' {
  return offer.dtls.setup === 'passive' ? 'server' : 'client';
}

/** What mediasoup has to know of the client's certificate. */
export function clientDtlsParameters(offer: Offer): types.DtlsParameters {
  const { algorithm, fingerprint } = offer.dtls;
  return {
    role: clientDtlsRole(offer),
    fingerprints: [{ algorithm: algorithm as types.FingerprintAlgorithm, value: fingerprint }],
  };
}

/** The SDP answer: every m-line of the offer in its order, those without a track refused. */
export function writeAnswer({ offer, direction, tracks, transport }: AnswerOptions): string {
  const media = offer.sections.map((section) => {
    const track = tracks.find((entry) => entry.section === section);
    return track ? { ...accepted(track, offer, transport), direction } : refused(section);
  });
  const mids = media.filter(({ port }) => port !== 0).flatMap(({ mid }) => mid ?? []);
  const session: SessionDescription = {
    version: 0,
    origin: {
      username: '-',
      sessionId: Date.now(),
      sessionVersion: 1,
      netType: 'IN',
      ipVer: 4,
      address: '127.0.0.1',
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    icelite: 'ice-lite',
    msidSemantic: { semantic: 'WMS', token: '*' },
    ...(mids.length > 0 && { groups: [{ type: 'BUNDLE', mids: mids.join(' ') }] }),
    media,
  };
  return write(session);
}

function accepted(
  { section, codecs, formats, headerExtensions, more }: AnsweredTrack,
  offer: Offer,
  transport: AnsweredTransport,
): MediaDescription {
  const fingerprint = transport.dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  return {
    ...mLine(section, placeholderPort, codecs.map(({ payloadType }) => payloadType).join(' ')),
    ...iceLines(transport),
    rtcpMux: 'rtcp-mux',
    ...(section.reducedSizeRtcp && { rtcpRsize: 'rtcp-rsize' as const }),
    setup: clientDtlsRole(offer) === 'client' ? 'passive' : 'active',
    ...(fingerprint && { fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value } }),
    rtp: codecs.map(({ mimeType, payloadType, clockRate, channels = 1 }) => ({
      payload: payloadType,
      codec: mimeType.slice(mimeType.indexOf('/') + 1),
      rate: clockRate,
      ...(channels > 1 && { encoding: channels }),
    })),
    fmtp: [...formats].map(([payload, config]) => ({ payload, config })),
    rtcpFb: codecs.flatMap(({ payloadType, rtcpFeedback = [] }) =>
      rtcpFeedback.map(({ type, parameter }) => ({
        payload: payloadType,
        type,
        ...(parameter && { subtype: parameter }),
      })),
    ),
    ext: headerExtensions.map(({ uri, id }) => ({ value: id, uri })),
    ...more,
  };
}

function iceLines({ iceParameters, iceCandidates }: AnsweredTransport) {
  return {
    iceUfrag: iceParameters.usernameFragment,
    icePwd: iceParameters.password,
    candidates: iceCandidates.map(({ foundation, protocol, priority, address, port, type, tcpType }) => ({
      foundation,
      component: 1,
      transport: protocol,
      priority,
      ip: address,
      port,
      type,
      ...(tcpType && { tcptype: tcpType }),
    })),
    endOfCandidates: 'end-of-candidates' as const,
  };
}

function refused(section: OfferedSection): MediaDescription {
  return { ...mLine(section, 0, section.formats || '0'), direction: 'inactive', rtp: [], fmtp: [] };
}

function mLine({ kind, protocol, mid }: OfferedSection, port: number, payloads: string) {
  return {
    type: kind,
    port,
    protocol,
    payloads,
    connection: { version: 4, ip: '0.0.0.0' },
    ...(mid !== null && { mid }),
  };
}
