import type { types } from 'mediasoup';
import { type MediaDescription, type SessionDescription, write } from 'sdp-transform';
import { type Choice, rtxOf } from './codec-choice.ts';
import type { Offer, OfferedCodec, OfferedSection } from './offer.ts';

/** The discard port: where to send is told by the candidates (RFC 8840, 4.1.1). */
const placeholderPort = 9;
/** What a decoder needs to know of our sound (RFC 7587, 6.1). */
const opusFormat = 'sprop-stereo=1;useinbandfec=1';

/** A track that goes out: the m-line and codec that were chosen, and what mediasoup sends. */
export interface AnsweredTrack {
  readonly section: OfferedSection;
  readonly codec: OfferedCodec;
  readonly trackId: string;
  readonly rtpParameters: types.RtpParameters;
}

/** What mediasoup's transport tells the client. */
export interface AnsweredTransport {
  readonly iceParameters: types.IceParameters;
  readonly iceCandidates: readonly types.IceCandidate[];
  readonly dtlsParameters: types.DtlsParameters;
}

export interface AnswerOptions {
  readonly offer: Offer;
  readonly tracks: readonly AnsweredTrack[];
  readonly transport: AnsweredTransport;
  /** Tracks of one stream are played in step. */
  readonly streamId: string;
}

/**
 * What a Consumer may send by an m-line: the chosen codec with the feedback that both sides know, RTX where its number is
 * the Router's, and the header extensions that have the same number on both sides (mediasoup's are fixed). The MID
 * extension is left out: the SSRCs stand in the answer.
 */
export function consumerCapabilities(
  router: types.RtpCapabilities,
  { section }: Choice,
  codec: OfferedCodec,
): types.RtpCapabilities {
  const wanted = [codec, rtxOf(section, codec)].filter((entry) => entry !== undefined);
  const codecs = (router.codecs ?? []).flatMap((own) => {
    const offered = wanted.find(({ payloadType, name }) => {
      return own.preferredPayloadType === payloadType && own.mimeType.toLowerCase() === `${own.kind}/${name}`;
    });
    if (!offered || own.kind !== section.kind) return [];
    const rtcpFeedback = (own.rtcpFeedback ?? []).filter(({ type, parameter = '' }) =>
      offered.feedback.some((entry) => entry.type === type && entry.parameter === parameter),
    );
    return [{ ...own, rtcpFeedback }];
  });
  const headerExtensions = (router.headerExtensions ?? []).filter(
    ({ kind, uri, preferredId }) =>
      kind === section.kind &&
      uri !== 'urn:ietf:params:rtp-hdrext:sdes:mid' &&
      section.extensions.some((offered) => offered.id === preferredId && offered.uri === uri),
  );
  return { codecs, headerExtensions };
}

/** The role that the client takes in DTLS: it begins the handshake wherever it may (RFC 8842, 5.3). */
export function clientDtlsRole(offer: Offer): 'client' | 'server' {
  return offer.dtls.setup === 'passive' ? 'server' : 'client';
}

/** The SDP answer: every m-line of the offer in its order, those without a track refused. */
export function writeAnswer({ offer, tracks, transport, streamId }: AnswerOptions): string {
  const mids = tracks.map(({ section }) => section.mid).filter((mid) => mid !== null);
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
    ...(mids.length > 0 && { groups: [{ type: 'BUNDLE', mids: inOfferedOrder(offer, mids).join(' ') }] }),
    media: offer.sections.map((section) => {
      const track = tracks.find((entry) => entry.section === section);
      return track ? accepted(track, offer, transport, streamId) : refused(section);
    }),
  };
  return write(session);
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

function accepted(
  { section, codec, trackId, rtpParameters }: AnsweredTrack,
  offer: Offer,
  transport: AnsweredTransport,
  streamId: string,
): MediaDescription {
  const { codecs, encodings, headerExtensions = [], rtcp } = rtpParameters;
  const [fingerprint] = transport.dtlsParameters.fingerprints.filter(
    ({ algorithm }) => algorithm === 'sha-256',
  );
  const [encoding] = encodings ?? [];
  const ssrcs = [encoding?.ssrc, encoding?.rtx?.ssrc].filter((ssrc) => ssrc !== undefined);
  const isVideo = section.kind === 'video';
  return {
    ...mLine(section, placeholderPort, codecs.map(({ payloadType }) => payloadType).join(' ')),
    ...iceLines(transport),
    direction: 'sendonly',
    rtcpMux: 'rtcp-mux',
    ...(section.reducedSizeRtcp && { rtcpRsize: 'rtcp-rsize' as const }),
    setup: clientDtlsRole(offer) === 'client' ? 'passive' : 'active',
    ...(fingerprint && { fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value } }),
    msid: [{ id: streamId, appdata: trackId }],
    rtp: codecs.map(({ mimeType, payloadType, clockRate, channels = 1 }) => ({
      payload: payloadType,
      codec: mimeType.slice(mimeType.indexOf('/') + 1),
      rate: clockRate,
      ...(channels > 1 && { encoding: channels }),
    })),
    fmtp: codecs.flatMap(({ payloadType, parameters = {} }) => {
      const isRtx = payloadType !== codec.payloadType;
      const config = isRtx ? `apt=${parameters.apt}` : isVideo ? codec.format : opusFormat;
      return config ? [{ payload: payloadType, config }] : [];
    }),
    rtcpFb: codecs.flatMap(({ payloadType, rtcpFeedback = [] }) =>
      rtcpFeedback.map(({ type, parameter }) => ({
        payload: payloadType,
        type,
        ...(parameter && { subtype: parameter }),
      })),
    ),
    ext: headerExtensions.map(({ uri, id }) => ({ value: id, uri })),
    ssrcs: ssrcs.map((id) => ({ id, attribute: 'cname', value: rtcp?.cname ?? streamId })),
    ...(ssrcs.length > 1 && { ssrcGroups: [{ semantics: 'FID', ssrcs: ssrcs.join(' ') }] }),
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

function inOfferedOrder(offer: Offer, mids: readonly string[]): string[] {
  return offer.sections.map(({ mid }) => mid).filter((mid) => mid !== null && mids.includes(mid)) as string[];
}
