import type { VideoCodec } from '../../../contract/plan.ts';
import type { IncomingTrack } from '../../../ingest/media/rtp-in/incoming-stream.ts';
import type * as types from '../../sfu/media-types.ts';
import type { WhipMedia, WhipRoute } from '../publication-media.ts';

export interface WhipPublicationOptions {
  readonly router: types.Router;
  readonly video: { readonly producer: types.Producer; readonly codec: VideoCodec } | null;
  readonly audio: { readonly producer: types.Producer } | null;
  /** More comes of it than may. */
  readonly refuse: () => void;
}

/** What somebody sends by WebRTC: it stays on the room's Router, until somebody plays it. */
export class WhipPublication implements WhipMedia {
  readonly protocol = 'whip';
  readonly codec: VideoCodec | null;
  readonly layers: number;
  readonly refuse: () => void;
  readonly #options: WhipPublicationOptions;

  constructor(options: WhipPublicationOptions) {
    this.#options = options;
    this.refuse = options.refuse;
    this.codec = options.video?.codec ?? null;
    this.layers = options.video?.producer.rtpParameters.encodings?.length ?? 1;
  }

  /** A PlainTransport with a Consumer for each track; a new one for each time that it is played. */
  async route(): Promise<WhipRoute> {
    const { router, video, audio } = this.#options;
    const listenInfo = { protocol: 'udp', ip: '127.0.0.1' } as const;
    const transport = await router.createPlainTransport({ listenInfo, rtcpMux: true, comedia: false });
    try {
      const pictures = video ? await consume(router, transport, video.producer) : [];
      const sounds = audio ? await consume(router, transport, audio.producer) : [];
      return {
        peerPort: transport.tuple.localPort,
        tracks: [
          ...pictures.map((track) => ({ ...track, kind: 'video' as const, codec: video?.codec ?? 'h264' })),
          ...sounds.map((track) => ({ ...track, kind: 'audio' as const, codec: 'opus' as const })),
        ],
        connect: (port) => transport.connect({ ip: '127.0.0.1', port }),
        close: () => transport.close(),
      };
    } catch (error) {
      transport.close();
      throw error;
    }
  }
}

type Stream = Pick<IncomingTrack, 'layer' | 'ssrc' | 'payloadType' | 'clockRate'>;

/** All layers of a Producer as they are, as between two Routers. */
async function consume(
  router: types.Router,
  transport: types.PlainTransport,
  { id }: types.Producer,
): Promise<Stream[]> {
  const consumer = await transport.consume({
    producerId: id,
    rtpCapabilities: { codecs: router.rtpCapabilities.codecs ?? [], headerExtensions: [] },
    pipe: true,
    enableRtx: false,
  });
  const { codecs, encodings = [] } = consumer.rtpParameters;
  const [codec] = codecs;
  if (!codec) throw new Error('a Consumer has no codec');
  const { payloadType, clockRate } = codec;
  return encodings.flatMap(({ ssrc }, layer) => {
    return ssrc === undefined ? [] : [{ layer, ssrc, payloadType, clockRate }];
  });
}
