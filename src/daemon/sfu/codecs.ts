import type { types } from 'mediasoup';
import type { VideoCodec } from '../../contract/plan.ts';
import { dependencyDescriptorUri } from '../../ingest/media/av1/dependency-descriptor.ts';

const videoFeedback: types.RtcpFeedback[] = [
  { type: 'nack' },
  { type: 'nack', parameter: 'pli' },
  { type: 'ccm', parameter: 'fir' },
  { type: 'goog-remb' },
  { type: 'transport-cc' },
];

/**
 * How each codec is declared. H.264 is declared as constrained baseline whatever its profile: every browser offers that
 * one and decodes the others too, while a player that offers only that one would refuse the stream's true profile.
 */
const videoCodecs: Record<
  VideoCodec,
  { mimeType: `video/${string}`; parameters: Record<string, string | number> }
> = {
  h264: {
    mimeType: 'video/H264',
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
  vp8: { mimeType: 'video/VP8', parameters: {} },
  vp9: { mimeType: 'video/VP9', parameters: { 'profile-id': 0 } },
  av1: { mimeType: 'video/AV1', parameters: {} },
};

/** The payload types that a Router gives its video and its Opus. */
export interface PayloadTypes {
  readonly video: number;
  readonly audio: number;
}

/**
 * Payload types of a room's Router. A WHEP client takes only packets with the numbers of its own offer: these are the ones
 * of pion and of Chromium's earlier releases, so that many clients need no Router of their own.
 */
export const commonPayloadTypes: Readonly<Record<VideoCodec | 'opus', number>> = {
  opus: 111,
  vp8: 96,
  vp9: 98,
  h264: 102,
  av1: 45,
};

/** Every codec that a room can carry, as mediasoup's `createRouter` takes them. */
export function routerCodecs(): types.RouterRtpCodecCapability[] {
  // In this order mediasoup gives H.264's RTX the number 103, as Chromium does.
  const order = ['vp8', 'vp9', 'h264', 'av1'] as const;
  return [
    opusCodec(commonPayloadTypes.opus),
    ...order.map((codec) => videoCodec(codec, commonPayloadTypes[codec])),
  ];
}

/** One video codec and Opus, with the payload types of a client. */
export function variantCodecs(
  codec: VideoCodec,
  payloadTypes: PayloadTypes,
): types.RouterRtpCodecCapability[] {
  return [opusCodec(payloadTypes.audio), videoCodec(codec, payloadTypes.video)];
}

function opusCodec(preferredPayloadType: number): types.RouterRtpCodecCapability {
  const parameters = { useinbandfec: 1 };
  return {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    parameters,
    preferredPayloadType,
  };
}

function videoCodec(codec: VideoCodec, preferredPayloadType: number): types.RouterRtpCodecCapability {
  const { mimeType, parameters } = videoCodecs[codec];
  return {
    kind: 'video',
    mimeType,
    clockRate: 90_000,
    parameters,
    rtcpFeedback: videoFeedback,
    preferredPayloadType,
  };
}

/** What our own RTP streams look like on the PlainTransport; any numbers will do there. */
export const producerPayloadType = { video: 101, audio: 100 } as const;
export const dependencyDescriptorId = 12;

/** RTP parameters of the Producer for a track that the splicer sends; of several renditions the lowest first. */
export function producerParameters(
  codec: VideoCodec | 'opus',
  ssrcs: readonly number[],
): types.RtpParameters {
  if (codec === 'opus') {
    return {
      codecs: [
        {
          mimeType: 'audio/opus',
          payloadType: producerPayloadType.audio,
          clockRate: 48_000,
          channels: 2,
          parameters: { 'sprop-stereo': 1, useinbandfec: 1 },
        },
      ],
      encodings: ssrcs.map((ssrc) => ({ ssrc })),
    };
  }
  const { mimeType, parameters } = videoCodecs[codec];
  return {
    codecs: [
      {
        mimeType,
        payloadType: producerPayloadType.video,
        clockRate: 90_000,
        parameters,
        rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
      },
    ],
    headerExtensions: codec === 'av1' ? [{ uri: dependencyDescriptorUri, id: dependencyDescriptorId }] : [],
    encodings: ssrcs.map((ssrc) => ({ ssrc })),
  };
}
