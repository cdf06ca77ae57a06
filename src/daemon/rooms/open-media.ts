import type { CompatibleCodec } from '../../contract/plan.ts';
import type { CompatibleOutput } from '../../ingest/process/splicer/rtp-sink.ts';
import { producerParameters } from '../sfu/codecs.ts';
import type * as types from '../sfu/media-types.ts';
import type { Output } from '../sfu/output.ts';
import { workerGone } from './errors.ts';
import type { OpenMedia } from './room-parts.ts';

/** Bytes that the worker's socket may hold until it is read: a second of 30 Mbit/s. The kernel may grant less. */
const receiveBufferBytes = 4 * 1024 * 1024;

/**
 * A PlainTransport for a programme's packets, with a Producer for each track.
 *
 * @param port where the packets come from, on loopback
 * @param onLost its router is gone, and it with it
 */
export async function openMedia(
  router: types.Router,
  { video, audio }: Output,
  port: number,
  onLost: (reason: string) => void,
): Promise<OpenMedia> {
  const opening = router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1', recvBufferSize: receiveBufferBytes },
    rtcpMux: true,
    comedia: false,
  });
  const transport = await opening.catch((error: unknown) => {
    throw router.closed ? workerGone(error) : error;
  });
  try {
    await transport.connect({ ip: '127.0.0.1', port });
    const ssrcs = video.identities.map(({ ssrc }) => ssrc);
    const producers = await Promise.all([
      transport.produce({ kind: 'video', rtpParameters: producerParameters(video.codec, ssrcs) }),
      transport.produce({ kind: 'audio', rtpParameters: producerParameters('opus', [audio.identity.ssrc]) }),
    ]);
    // What is gone by now tells nobody any more.
    if (transport.closed) throw workerGone();
    transport.once('routerclose', () => onLost(workerGone().message));
    const compatible = compatibleProducers(transport, video.compatible ?? []);
    return { port: transport.tuple.localPort, producers, compatible, close: () => transport.close() };
  } catch (error) {
    transport.close();
    throw router.closed ? workerGone(error) : error;
  }
}

/** Each is made when somebody needs it first. */
function compatibleProducers(
  transport: types.PlainTransport,
  outputs: readonly CompatibleOutput[],
): OpenMedia['compatible'] {
  const made = new Map<CompatibleCodec, Promise<types.Producer>>();
  return (codec) => {
    const output = outputs.find((one) => one.codec === codec);
    if (!output) throw new Error(`nothing is made in ${codec}`);
    const rtpParameters = producerParameters(codec, [output.identity.ssrc]);
    const producer = made.get(codec) ?? transport.produce({ kind: 'video', rtpParameters });
    made.set(codec, producer);
    // The next who needs it tries again.
    producer.catch(() => made.delete(codec));
    return producer;
  };
}
