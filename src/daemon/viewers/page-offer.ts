import { type MediaDescription, type SessionDescription, write } from 'sdp-transform';
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

/** What a page is offered on one connection; of its tracks only the picture is ever another one. */
export class PageOffer {
  readonly capabilities: types.RtpCapabilities;
  readonly #transport: DescribedTransport;
  readonly #streamId: string;
  readonly #sounds: readonly types.Consumer[];
  readonly #first: SessionDescription;
  #version = 1;

  /** @param capabilities that its Consumers were made with */
  constructor(
    transport: DescribedTransport,
    consumers: readonly types.Consumer[],
    capabilities: types.RtpCapabilities,
    streamId: string,
  ) {
    this.#transport = transport;
    this.#streamId = streamId;
    this.capabilities = capabilities;
    this.#sounds = consumers.filter(({ kind }) => kind === 'audio');
    this.#first = session(this.#sections(consumers));
  }

  /** Complete: the page answers with nothing but its certificate's fingerprint. */
  get sdp(): string {
    return write(this.#first);
  }

  /** The next one on the same connection, with this picture in the place of the one before. */
  withPicture(picture: types.Consumer): string {
    const { origin } = this.#first;
    const media = this.#sections([...this.#sounds, picture]);
    this.#version++;
    return write({ ...session(media), origin: { ...origin, sessionVersion: this.#version } });
  }

  /**
   * Sound comes first, which every browser plays: Firefox looks for candidates in the first m-line alone, and never connects where it
   * has refused that.
   */
  #sections(consumers: readonly types.Consumer[]): MediaDescription[] {
    const soundFirst = [...consumers].sort((a, b) => a.kind.localeCompare(b.kind));
    return soundFirst.map((consumer) => {
      const { kind, rtpParameters } = consumer;
      const { mid = null, codecs, headerExtensions = [] } = rtpParameters;
      const track = { kind, protocol: 'UDP/TLS/RTP/SAVPF', mid, reducedSizeRtcp: true };
      const formats = new Map(codecs.flatMap(formatOf));
      const more = { ...streamLines(consumer, this.#streamId), direction: 'sendonly' as const };
      return mediaSection({ ...track, codecs, formats, headerExtensions, more }, this.#transport, 'actpass');
    });
  }
}

function formatOf({ payloadType, parameters = {} }: types.RtpCodecParameters): [number, string][] {
  const pairs = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? [] : [[payloadType, pairs.join(';')]];
}
