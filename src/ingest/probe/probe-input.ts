import { MiroliveError } from '../../contract/errors.ts';
import { type Probe, type VideoProbe, videoCodec } from '../../contract/models.ts';
import type { Input, InputPart } from '../sources/input.ts';
import { runFfprobe } from './ffprobe.ts';
import { ffprobeOutput, readFfprobeOutput, type Subject } from './ffprobe-output.ts';
import { readIntervals, readPacketTimes, type Stretch, stretchesOf } from './packet-times.ts';

/** How something is probed. */
export interface ProbeOptions {
  /** Path or name of ffprobe. */
  readonly ffprobe: string;
  /** How long all of it may take, in ms. */
  readonly timeoutMs: number;
  /** Aborting rejects with its reason; ffprobe is killed first. */
  readonly signal?: AbortSignal | undefined;
}

/** So much of something live is looked at, in ms: its length is waited for. */
const liveStretchMs = 3000;

/**
 * Says what is inside an opened source. Where the video codec is one that can be copied, and there is an end, its packets
 * are looked at too: all of a file up to 48 MiB, else eight stretches of 6 s. What was seen after half of `timeoutMs` counts.
 *
 * @throws MiroliveError SOURCE_NOT_MEDIA, SOURCE_TIMEOUT, FFMPEG_NOT_FOUND
 */
export async function probeInput(input: Input, subject: Subject, options: ProbeOptions): Promise<Probe> {
  const { ffprobe, timeoutMs } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  signal.throwIfAborted();
  const look: Look = (part, show, until = signal) =>
    runFfprobe({ ffprobe, part, env: input.env, options: show, signal: until });
  try {
    const probe = await readHeaders(input, subject, look, signal);
    const live = isLive(input, probe);
    if (!probe.video || (live && !input.measurable)) return probe;
    const enough = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs / 2)]);
    const stretches = live
      ? [{ fromMs: probe.startMs, toMs: probe.startMs + liveStretchMs }]
      : stretchesOf(probe);
    const video = await readPackets(probe.video, stretches, (show) => look(input.parts[0], show, enough));
    signal.throwIfAborted();
    return { ...probe, video };
  } catch (error) {
    if (!signal.aborted || signal.reason !== deadline.reason) throw error;
    throw new MiroliveError('SOURCE_TIMEOUT', `${subject.path} was not probed within ${timeoutMs} ms`);
  }
}

/** Whether it comes at its own pace; where that is not known beforehand, what has no end does. */
export function isLive({ live }: Input, { durationMs }: Probe): boolean {
  return live ?? durationMs === null;
}

type Answer = ReturnType<typeof runFfprobe>;
type Look = (part: InputPart, show: readonly string[], until?: AbortSignal) => Answer;

async function readHeaders(input: Input, subject: Subject, look: Look, signal: AbortSignal): Promise<Probe> {
  const probes: Probe[] = [];
  for (const part of input.parts) {
    const { ok, complaints, stdout } = await look(part, ['-show_format', '-show_streams', '-of', 'json']);
    signal.throwIfAborted();
    // What cannot be sought in may have a good head, and nothing that can be read.
    const known = ok && !input.measurable ? null : input.explain(complaints.join('; '));
    if (known) throw known;
    if (!ok) throw notMedia(`ffprobe cannot read ${subject.path}: ${complaints[0] ?? 'no reason given'}`);
    probes.push(readFfprobeOutput(subject, ffprobeOutput.parse(JSON.parse(stdout))));
  }
  const [first, last] = [probes[0] as Probe, probes.at(-1) as Probe];
  if (first.video === null && last.audioTracks.length === 0) {
    throw notMedia(`${subject.path} holds neither picture nor sound`);
  }
  const format = probes.map((probe) => probe.format).join('+');
  return { ...first, format, audioTracks: last.audioTracks };

  function notMedia(message: string): MiroliveError {
    const { path, sizeBytes } = subject;
    const hint = 'What can be played is told in docs/sources-and-plans.md';
    return new MiroliveError(
      'SOURCE_NOT_MEDIA',
      message,
      sizeBytes === null ? { hint } : { details: { path } },
    );
  }
}

async function readPackets(
  video: VideoProbe,
  stretches: readonly Stretch[] | null,
  look: (show: readonly string[]) => Answer,
): Promise<VideoProbe> {
  // A codec that is transcoded anyway need not be looked at.
  if (!videoCodec.safeParse(video.codec).success) return video;
  const entries = ['-show_entries', 'packet=pts_time,dts_time,flags', '-of', 'csv=p=0'];
  const where = stretches ? ['-read_intervals', readIntervals(stretches)] : [];
  const { stdout } = await look(['-select_streams', `${video.index}`, ...entries, ...where]);
  const { bFrames, maxKeyframeIntervalMs } = readPacketTimes(stdout, stretches);
  return { ...video, bFrames: bFrames ?? video.bFrames, maxKeyframeIntervalMs };
}
