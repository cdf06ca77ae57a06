import type { MediaDescription } from 'sdp-transform';
import { dependencyDescriptorUri } from '../../../ingest/media/av1/dependency-descriptor.ts';
import type * as types from '../../sfu/media-types.ts';
import type { AnsweredTrack } from '../../sfu/offers/answer.ts';
import type { OfferedCodec, OfferedSection } from '../../sfu/offers/offer.ts';
import { rtxOf } from '../../sfu/offers/offered-codec.ts';
import type { AcceptedTrack, AcceptedVideo } from './accepted-media.ts';

/** What a publisher is asked for: stereo, which browsers send only then, in a bit rate that serves music (RFC 7587, 3.1.1). */
const opusFormat = 'minptime=10;useinbandfec=1;stereo=1;maxaveragebitrate=128000';
/**
 * Header extensions that mediasoup makes use of. Not that of a turned picture: without it the publisher turns the picture
 * itself, while viewers would not hear of it.
 */
const wantedExtensions = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
];

/** What mediasoup is to receive, and how that is answered. */
export interface ReceivedTrack {
  readonly kind: types.MediaKind;
  readonly rtpParameters: types.RtpParameters;
  readonly answered: AnsweredTrack;
}

/** The picture; the publisher is told not to exceed the bit rate. */
export function receivedVideo(
  router: types.RtpCapabilities,
  { section, offered, codec, layers }: AcceptedVideo,
  maxBitrateBps: number,
): ReceivedTrack {
  const rtx = rtxOf(section, offered);
  const encodings = layers.map((rid) => ({ rid }));
  const layerLines = {
    rids: layers.map((id) => ({ id, direction: 'recv' })),
    simulcast: { dir1: 'recv' as const, list1: layers.join(';') },
  };
  return received(router, 'video', section, {
    codecs: [mediaCodec(router, 'video', offered), ...(rtx ? [repairCodec(rtx, offered)] : [])],
    format: offered.format,
    // mediasoup knows key frames of AV1 by nothing else.
    extensions: codec === 'av1' ? [...wantedExtensions, dependencyDescriptorUri] : wantedExtensions,
    encodings: encodings.length > 0 ? encodings : [encodingOf(section, rtx !== undefined)],
    more: {
      bandwidth: [{ type: 'AS', limit: Math.round(maxBitrateBps / 1000) }],
      ...(layers.length > 0 && layerLines),
    },
  });
}

export function receivedAudio(
  router: types.RtpCapabilities,
  { section, offered }: AcceptedTrack,
): ReceivedTrack {
  return received(router, 'audio', section, {
    codecs: [mediaCodec(router, 'audio', offered)],
    format: opusFormat,
    extensions: wantedExtensions,
    encodings: [encodingOf(section, false)],
    more: {},
  });
}

interface Reception {
  /** The media's first. */
  readonly codecs: types.RtpCodecParameters[];
  /** The `a=fmtp` line of the media. */
  readonly format: string;
  readonly extensions: readonly string[];
  readonly encodings: types.RtpEncodingParameters[];
  readonly more: Partial<MediaDescription>;
}

function received(
  router: types.RtpCapabilities,
  kind: types.MediaKind,
  section: OfferedSection,
  { codecs, format, extensions, encodings, more }: Reception,
): ReceivedTrack {
  const known = (router.headerExtensions ?? []).filter((extension) => extension.kind === kind);
  const headerExtensions = section.extensions
    .filter(({ uri }) => extensions.includes(uri) && known.some((extension) => extension.uri === uri))
    .map(({ id, uri }) => ({ id, uri: uri as types.RtpHeaderExtensionUri }));
  const formats = codecs.map(({ payloadType, parameters }, index): [number, string] => {
    return [payloadType, index === 0 ? format : `apt=${parameters?.apt}`];
  });
  const { mid, reducedSizeRtcp: reducedSize } = section;
  return {
    kind,
    rtpParameters: {
      ...(mid !== null && { mid }),
      codecs,
      headerExtensions,
      encodings,
      rtcp: { reducedSize },
    },
    answered: {
      section,
      codecs,
      formats: new Map(formats.filter(([, line]) => line !== '')),
      headerExtensions,
      more,
    },
  };
}

/**
 * As the Router declares it, with the publisher's number and the feedback that both know. mediasoup compares profiles of
 * H.264 by their names; which one is sent makes no difference to it.
 */
function mediaCodec(
  router: types.RtpCapabilities,
  kind: types.MediaKind,
  { payloadType, name, feedback }: OfferedCodec,
): types.RtpCodecParameters {
  const own = router.codecs?.find(({ mimeType }) => mimeType.toLowerCase() === `${kind}/${name}`);
  if (!own) throw new Error(`the Router of a room has no codec ${name}`);
  const { mimeType, clockRate, channels, parameters, rtcpFeedback = [] } = own;
  return {
    mimeType,
    payloadType,
    clockRate,
    ...(channels !== undefined && { channels }),
    ...(parameters && { parameters }),
    rtcpFeedback: rtcpFeedback.filter(({ type, parameter = '' }) =>
      feedback.some((entry) => entry.type === type && entry.parameter === parameter),
    ),
  };
}

function repairCodec(
  { payloadType, clockRate }: OfferedCodec,
  media: OfferedCodec,
): types.RtpCodecParameters {
  return { mimeType: 'video/rtx', payloadType, clockRate, parameters: { apt: media.payloadType } };
}

/** By its SSRC where that is told, else mediasoup goes by MID and payload type. */
function encodingOf({ ssrcs }: OfferedSection, repaired: boolean): types.RtpEncodingParameters {
  if (ssrcs.media === undefined) return {};
  const { media: ssrc, repair } = ssrcs;
  return { ssrc, ...(repaired && repair !== undefined && { rtx: { ssrc: repair } }) };
}
