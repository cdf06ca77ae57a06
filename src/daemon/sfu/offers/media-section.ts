import { randomInt } from 'node:crypto';
import type { types } from 'mediasoup';
import type { MediaDescription, SessionDescription } from 'sdp-transform';
import { currentCandidates } from '../addresses.ts';

/** The discard port: where to send is told by the candidates (RFC 8840, 4.1.1). */
const placeholderPort = 9;

/** What mediasoup's transport tells the client. */
export interface DescribedTransport {
  readonly iceParameters: types.IceParameters;
  readonly iceCandidates: readonly types.IceCandidate[];
  readonly dtlsParameters: types.DtlsParameters;
}

/** What an m-line is, and what goes over it. */
export interface DescribedTrack {
  readonly kind: string;
  readonly protocol: string;
  readonly mid: string | null;
  readonly reducedSizeRtcp: boolean;
  readonly codecs: readonly types.RtpCodecParameters[];
  /** The `a=fmtp` line of each payload type that has one. */
  readonly formats: ReadonlyMap<number, string>;
  readonly headerExtensions: readonly types.RtpHeaderExtensionParameters[];
  /** What else is to be said: of streams, layers, bandwidth. */
  readonly more: Partial<MediaDescription>;
}

/** A session of these m-lines; those that are alive go over one connection. */
export function session(media: MediaDescription[]): SessionDescription {
  const mids = media.filter(({ port }) => port !== 0).flatMap(({ mid }) => mid ?? []);
  return {
    version: 0,
    origin: {
      username: '-',
      sessionId: randomInt(2 ** 47),
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
}

/** An m-line that carries a track. */
export function mediaSection(
  track: DescribedTrack,
  transport: DescribedTransport,
  setup: 'actpass' | 'active' | 'passive',
): MediaDescription {
  const { codecs, formats, headerExtensions, more } = track;
  const fingerprint = transport.dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  return {
    ...mediaLine(track, placeholderPort, codecs.map(({ payloadType }) => payloadType).join(' ')),
    ...iceLines(transport),
    rtcpMux: 'rtcp-mux',
    ...(track.reducedSizeRtcp && { rtcpRsize: 'rtcp-rsize' as const }),
    setup,
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

/** What every m-line begins with. */
export function mediaLine(
  { kind, protocol, mid }: Pick<DescribedTrack, 'kind' | 'protocol' | 'mid'>,
  port: number,
  payloads: string,
) {
  return {
    type: kind,
    port,
    protocol,
    payloads,
    connection: { version: 4, ip: '0.0.0.0' },
    ...(mid !== null && { mid }),
  };
}

/** What tells that a Consumer's track belongs to a stream, whose tracks are played in step. */
export function streamLines(
  { id, rtpParameters }: types.Consumer,
  streamId: string,
): Partial<MediaDescription> {
  const { encodings = [], rtcp } = rtpParameters;
  const [encoding] = encodings;
  const ssrcs = [encoding?.ssrc, encoding?.rtx?.ssrc].filter((ssrc) => ssrc !== undefined);
  return {
    msid: [{ id: streamId, appdata: id }],
    ssrcs: ssrcs.map((ssrc) => ({ id: ssrc, attribute: 'cname', value: rtcp?.cname ?? streamId })),
    ...(ssrcs.length > 1 && { ssrcGroups: [{ semantics: 'FID', ssrcs: ssrcs.join(' ') }] }),
  };
}

function iceLines({ iceParameters, iceCandidates }: DescribedTransport) {
  return {
    iceUfrag: iceParameters.usernameFragment,
    icePwd: iceParameters.password,
    candidates: currentCandidates(iceCandidates).map(
      ({ foundation, protocol, priority, address, port, type, tcpType }) => ({
        foundation,
        component: 1,
        transport: protocol,
        priority,
        ip: address,
        port,
        type,
        ...(tcpType && { tcptype: tcpType }),
      }),
    ),
    endOfCandidates: 'end-of-candidates' as const,
  };
}
