import type { types } from 'mediasoup';
import { type MediaDescription, write } from 'sdp-transform';
import {
  type DescribedTrack,
  type DescribedTransport,
  mediaLine,
  mediaSection,
  session,
} from './media-section.ts';
import type { Direction, Offer, OfferedSection } from './offer.ts';

/** An m-line that is accepted, and what goes over it. */
export interface AnsweredTrack
  extends Pick<DescribedTrack, 'codecs' | 'formats' | 'headerExtensions' | 'more'> {
  readonly section: OfferedSection;
}

export interface AnswerOptions {
  readonly offer: Offer;
  /** Ours, the other one than the client's. */
  readonly direction: Direction;
  readonly tracks: readonly AnsweredTrack[];
  readonly transport: DescribedTransport;
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
  const setup = clientDtlsRole(offer) === 'client' ? 'passive' : 'active';
  const media = offer.sections.map((section) => {
    const track = tracks.find((entry) => entry.section === section);
    if (!track) return refused(section);
    return { ...mediaSection({ ...section, ...track }, transport, setup), direction };
  });
  return write(session(media));
}

function refused(section: OfferedSection): MediaDescription {
  return { ...mediaLine(section, 0, section.formats || '0'), direction: 'inactive', rtp: [], fmtp: [] };
}
