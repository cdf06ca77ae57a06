import { randomInt } from 'node:crypto';
import type { VideoCodec } from '../../contract/plan.ts';
import type { RtpIdentity } from '../../ingest/media/rtp/rtp-stream.ts';
import type { AudioOutput, VideoOutput } from '../../ingest/process/splicer/rtp-sink.ts';
import { dependencyDescriptorId, producerPayloadType } from './codecs.ts';

/** What goes out of a broadcast for as long as it lasts, whatever its sources are. */
export interface Output {
  readonly video: VideoOutput;
  readonly audio: AudioOutput;
}

/** An output in this codec with so many renditions; its streams have numbers that nothing else has. */
export function newOutput(codec: VideoCodec, layers: number): Output {
  const identities = Array.from({ length: layers }, () => identity(producerPayloadType.video, 90_000));
  return {
    video: { codec, identities },
    audio: { identity: identity(producerPayloadType.audio, 48_000) },
  };
}

function identity(payloadType: number, clockRate: number): RtpIdentity {
  return { ssrc: randomInt(1, 2 ** 32), payloadType, clockRate, extensionId: dependencyDescriptorId };
}
