import { write } from 'sdp-transform';
import type * as types from '../sfu/media-types.ts';
import { type DescribedTransport, mediaSection, session, streamLines } from '../sfu/offers/media-section.ts';

/** Header extensions that a page is offered: which track a packet is of, and what the bandwidth is estimated from. */
const offeredExtensions: readonly string[] = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
];

/**
 * What a page is taken to receive before it has said anything: everything that is on air. What a browser lacks it refuses
 * in its answer, which costs less than to wait for a list that nearly always has it.
 */
export function pageCapabilities(router: types.RtpCapabilities): types.RtpCapabilities {
  const headerExtensions = router.headerExtensions?.filter(({ uri }) => offeredExtensions.includes(uri));
  return { ...router, headerExtensions: headerExtensions ?? [] };
}

/**
 * A complete SDP offer of Consumers: the page answers with nothing but its certificate's fingerprint. Sound comes first, which every browser
 * plays: Firefox looks for candidates in the first m-line alone, and never connects where it has refused that.
 */
export function writePageOffer(
  transport: DescribedTransport,
  consumers: readonly types.Consumer[],
  streamId: string,
): string {
  const soundFirst = [...consumers].sort((a, b) => a.kind.localeCompare(b.kind));
  const media = soundFirst.map((consumer) => {
    const { kind, rtpParameters } = consumer;
    const { mid = null, codecs, headerExtensions = [] } = rtpParameters;
    const track = { kind, protocol: 'UDP/TLS/RTP/SAVPF', mid, reducedSizeRtcp: true };
    const formats = new Map(codecs.flatMap(formatOf));
    const more = { ...streamLines(consumer, streamId), direction: 'sendonly' as const };
    return mediaSection({ ...track, codecs, formats, headerExtensions, more }, transport, 'actpass');
  });
  return write(session(media));
}

function formatOf({ payloadType, parameters = {} }: types.RtpCodecParameters): [number, string][] {
  const pairs = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? [] : [[payloadType, pairs.join(';')]];
}
