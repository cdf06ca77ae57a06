import type { types } from 'mediasoup';
import type { VideoCodec } from '../../contract/models.ts';
import { dependencyDescriptorUri } from '../../ingest/rtp/dependency-descriptor.ts';

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

/** Payload types of a router, by codec. */
export interface PayloadTypes {
  readonly opus: number;
  readonly video: Readonly<Record<VideoCodec, { readonly media: number; readonly rtx: number | null }>>;
}

/** Every codec that a room can carry, as mediasoup's `createRouter` takes them. */
export function routerCodecs(
  preferred?: (codec: VideoCodec | 'opus') => number | undefined,
): types.RouterRtpCodecCapability[] {
  const withType = <T extends object>(codec: VideoCodec | 'opus', value: T) => {
    const preferredPayloadType = preferred?.(codec);
    return preferredPayloadType === undefined ? value : { ...value, preferredPayloadType };
  };
  return [
    withType('opus', {
      kind: 'audio' as const,
      mimeType: 'audio/opus' as const,
      clockRate: 48_000,
      channels: 2,
      parameters: { useinbandfec: 1 },
    }),
    ...Object.entries(videoCodecs).map(([codec, { mimeType, parameters }]) =>
      withType(codec as VideoCodec, {
        kind: 'video' as const,
        mimeType,
        clockRate: 90_000,
        parameters,
        rtcpFeedback: videoFeedback,
      }),
    ),
  ];
}

/** What our own RTP streams look like on the PlainTransport; any numbers will do there. */
export const producerPayloadType = { video: 101, audio: 100 } as const;
export const dependencyDescriptorId = 12;

/** RTP parameters of the Producer for a track that the splicer sends. */
export function producerParameters(codec: VideoCodec | 'opus', ssrc: number): types.RtpParameters {
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
      encodings: [{ ssrc }],
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
    encodings: [{ ssrc }],
  };
}
