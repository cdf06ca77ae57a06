import type * as types from '../../sfu/media-types.ts';
import type { AnsweredTrack } from '../../sfu/offers/answer.ts';
import { streamLines } from '../../sfu/offers/media-section.ts';
import type { OfferedCodec } from '../../sfu/offers/offer.ts';
import { rtxOf } from '../../sfu/offers/offered-codec.ts';
import type { Choice } from './codec-choice.ts';

/** What a decoder needs to know of our sound (RFC 7587, 6.1). */
const opusFormat = 'sprop-stereo=1;useinbandfec=1';

/** Header extensions that are not answered. */
const unused: ReadonlySet<types.RtpHeaderExtensionUri> = new Set([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
]);

/**
 * What a Consumer may send by an m-line: the chosen codec with the feedback that both sides know, RTX where its number is
 * the Router's, and the header extensions that have the same number on both sides (mediasoup's are fixed). Left out
 * are MID, since the SSRCs stand in the answer, and the times of sending: with them mediasoup would wait for REMB.
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
      !unused.has(uri) &&
      section.extensions.some((offered) => offered.id === preferredId && offered.uri === uri),
  );
  return { codecs, headerExtensions };
}

/** How a Consumer's track is answered. Tracks of one stream are played in step. */
export function sentTrack(
  { section }: Choice,
  codec: OfferedCodec,
  consumer: types.Consumer,
  streamId: string,
): AnsweredTrack {
  const { codecs, headerExtensions = [] } = consumer.rtpParameters;
  const formats = codecs.map(({ payloadType, parameters = {} }): [number, string] => {
    if (payloadType !== codec.payloadType) return [payloadType, `apt=${parameters.apt}`];
    return [payloadType, section.kind === 'video' ? codec.format : opusFormat];
  });
  return {
    section,
    codecs: codecs.map((own) =>
      own.payloadType === codec.payloadType ? { ...own, channels: codec.channels } : own,
    ),
    formats: new Map(formats.filter(([, format]) => format !== '')),
    headerExtensions,
    more: streamLines(consumer, streamId),
  };
}
