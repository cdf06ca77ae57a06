import { randomInt } from 'node:crypto';
import type { CompatibleCodec, VideoCodec } from '../../contract/plan.ts';
import type { RtpIdentity } from '../../ingest/media/rtp/rtp-stream.ts';
import type { AudioOutput, VideoOutput } from '../../ingest/process/splicer/rtp-sink.ts';
import { dependencyDescriptorId, producerPayloadType } from './codecs.ts';

/** What goes out of a broadcast for as long as it lasts, whatever its sources are. */
export interface Output {
  readonly video: VideoOutput;
  readonly audio: AudioOutput;
}

/** What a picture may be made in besides, the preferred one first: what players have that lack its codec. */
export function compatibleCodecs(codec: VideoCodec): readonly CompatibleCodec[] {
  const codecs = ['h264', 'vp8'] as const;
  return codecs.filter((one) => one !== codec);
}

/**
 * An output in this codec with so many renditions; its streams have numbers that nothing else has.
 *
 * @param compatible what may be made of it besides
 */
export function newOutput(
  codec: VideoCodec,
  layers: number,
  compatible: readonly CompatibleCodec[] = [],
): Output {
  const identities = Array.from({ length: layers }, () => identity(producerPayloadType.video, 90_000));
  const besides = compatible.map((one) => ({
    codec: one,
    identity: identity(producerPayloadType.video, 90_000),
  }));
  return {
    video: { codec, identities, ...(besides.length > 0 && { compatible: besides }) },
    audio: { identity: identity(producerPayloadType.audio, 48_000) },
  };
}

function identity(payloadType: number, clockRate: number): RtpIdentity {
  return { ssrc: randomInt(1, 2 ** 32), payloadType, clockRate, extensionId: dependencyDescriptorId };
}
