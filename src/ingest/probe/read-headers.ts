import { MiroliveError } from '../../contract/errors.ts';
import type { Probe, VideoProbe } from '../../contract/plan.ts';
import type { Input, InputPart } from '../sources/input.ts';
import type { FfprobeAnswer } from './ffprobe.ts';
import {
  ffprobeOutput,
  isEncrypted,
  lacksKeyFrame,
  packetsOf,
  programmeEntries,
  readFfprobeOutput,
  type Subject,
} from './ffprobe-output.ts';
import { type PacketFindings, readPacketTimes } from './packet-times.ts';
import { seldomMs } from './seldom.ts';

/** What is asked of packets. */
export const packetEntries = 'pts_time,dts_time,flags';

/** So many tell whether they are encrypted; ffprobe has read them anyway. */
const firstPackets = 8;

/** Does work on what ffprobe said. */
export type Read = <T>(work: () => T) => T;

/** What was seen; `unknownPicture`: there is one, and no key frame of it came. */
export interface Looked {
  readonly found: Probe;
  readonly unknownPicture: boolean;
}

/**
 * What the head of a source says, and, where it cannot be opened beside itself, the packets of its first `stretchS` seconds.
 *
 * @throws MiroliveError SOURCE_NOT_MEDIA, and as the input explains its failures
 */
export async function readHeaders(
  input: Input,
  { subject, stretchS, read }: { subject: Subject; stretchS: number; read: Read },
  look: (part: InputPart, show: readonly string[]) => Promise<FfprobeAnswer>,
): Promise<Looked> {
  const probes: Probe[] = [];
  let unknownPicture = false;
  const packets = [
    '-show_entries',
    `packet=stream_index,${packetEntries}:packet_side_data=side_data_type`,
    '-read_intervals',
    input.measurable ? `%+${stretchS}` : `%+#${firstPackets}`,
  ];
  const show = [
    '-show_format',
    '-show_streams',
    '-show_entries',
    programmeEntries,
    ...(input.measurable || input.live !== true ? packets : []),
    '-of',
    'json',
  ];
  for (const part of input.parts) {
    const { ok, complaints, stdout } = await look(part, show);
    const output = ok ? read(() => ffprobeOutput.parse(JSON.parse(stdout))) : null;
    // What cannot be sought in may have a good head, and nothing that can be read.
    if (!output || (input.measurable && output.packets.length === 0)) {
      const reason = complaints[0] ?? 'no reason given';
      if (/^format (?:\w+_pipe|image2) is not taken/.test(reason)) throw stillPicture(subject);
      throw (
        (await input.explain(complaints.join('; '))) ??
        notMedia(subject, `ffprobe cannot read ${subject.path}: ${reason}`)
      );
    }
    if (isEncrypted(output)) throw encrypted(subject);
    read(() => {
      unknownPicture ||= lacksKeyFrame(output);
      const probe = readFfprobeOutput(subject, output);
      const { video } = probe;
      const measured =
        video && input.measurable
          ? withPackets(video, readPacketTimes(packetsOf(output, video), null))
          : video;
      probes.push({ ...probe, video: measured });
    });
  }
  const [first, last] = [probes[0] as Probe, probes.at(-1) as Probe];
  const format = input.container ?? probes.map((probe) => probe.format).join('+');
  return { found: { ...first, format, audioTracks: last.audioTracks }, unknownPicture };
}

/** A picture with what its packets tell. */
export function withPackets(
  video: VideoProbe,
  { bFrames, maxKeyframeIntervalMs, pictureIntervalMs, edited }: PacketFindings,
): VideoProbe {
  return {
    ...{ ...video, bFrames: bFrames ?? video.bFrames, maxKeyframeIntervalMs },
    ...(pictureIntervalMs > seldomMs && { pictureIntervalMs }),
    ...(edited && { edited }),
  };
}

function stillPicture({ path }: Subject): MiroliveError {
  return new MiroliveError(
    'SOURCE_NOT_MEDIA',
    `expected something that plays, got a still picture: ${path}`,
    {
      hint: 'Pictures are taken from files of this machine, in PNG, JPEG, WebP or GIF: convert it, such as by ffmpeg -i IN picture.png, then: mirolive stream --file picture.png',
    },
  );
}

function encrypted({ path }: Subject): MiroliveError {
  return new MiroliveError(
    'SOURCE_NOT_MEDIA',
    `expected something that anybody can play, got ${path}, which is encrypted (DRM: Common Encryption)`,
    {
      hint: 'Take the copy from before it was encrypted, or decrypt it with its key: ffmpeg -decryption_key KEY -i FILE -c copy clear.mp4',
    },
  );
}

/** @param message says what was got instead of something to play */
export function notMedia({ path, sizeBytes }: Subject, message: string): MiroliveError {
  const hint = 'What can be played is told in docs/sources-and-plans.md';
  return new MiroliveError(
    'SOURCE_NOT_MEDIA',
    message,
    sizeBytes === null ? { hint } : { details: { path } },
  );
}
