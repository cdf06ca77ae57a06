import { MiroliveError } from '../../contract/errors.ts';
import { type Probe, type VideoProbe, videoCodec } from '../../contract/models.ts';
import { runFfprobe } from './ffprobe.ts';
import { ffprobeOutput, readFfprobeOutput } from './ffprobe-output.ts';
import { readIntervals, readPacketTimes, stretchesOf } from './packet-times.ts';
import { checkSourceFile } from './source-file.ts';

/** How a file is probed. */
export interface ProbeOptions {
  /** Path or name of ffprobe. */
  readonly ffprobe: string;
  /** How long all of it may take, in ms. */
  readonly timeoutMs: number;
  /** Absolute folders that files may lie in; empty: anywhere. */
  readonly roots: readonly string[];
  /** Aborting rejects with its reason; ffprobe is killed first. */
  readonly signal?: AbortSignal;
}

/**
 * Says what is inside a media file. Where the video codec is one that can be copied, its packets are looked at too: all
 * of a file up to 48 MiB, else eight stretches of 6 s. What was seen after half of `timeoutMs` counts.
 *
 * @param path absolute
 * @throws MiroliveError any of SOURCE_*, INVALID_REQUEST, FFMPEG_NOT_FOUND
 */
export async function probeFile(path: string, options: ProbeOptions): Promise<Probe> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  signal.throwIfAborted();
  const sizeBytes = await checkSourceFile(path, options.roots);
  try {
    const probe = await readHeaders(path, sizeBytes, options, signal);
    return { ...probe, video: probe.video && (await readPackets(probe, probe.video, options, signal)) };
  } catch (error) {
    if (!signal.aborted || signal.reason !== deadline.reason) throw error;
    throw new MiroliveError('SOURCE_TIMEOUT', `${path} was not probed within ${options.timeoutMs} ms`);
  }
}

async function readHeaders(
  path: string,
  sizeBytes: number,
  { ffprobe }: ProbeOptions,
  signal: AbortSignal,
): Promise<Probe> {
  const answer = await runFfprobe(ffprobe, path, ['-show_format', '-show_streams', '-of', 'json'], signal);
  signal.throwIfAborted();
  if (!answer.ok) {
    const words = answer.complaints[0] ?? 'no reason given';
    throw new MiroliveError('SOURCE_NOT_MEDIA', `ffprobe cannot read ${path}: ${words}`, {
      details: { path },
    });
  }
  const probe = readFfprobeOutput(path, sizeBytes, ffprobeOutput.parse(JSON.parse(answer.stdout)));
  if (!probe.video && probe.audioTracks.length === 0) {
    throw new MiroliveError('SOURCE_NOT_MEDIA', `${path} holds neither picture nor sound`, {
      details: { path },
    });
  }
  return probe;
}

async function readPackets(
  probe: Probe,
  video: VideoProbe,
  { ffprobe, timeoutMs }: ProbeOptions,
  signal: AbortSignal,
): Promise<VideoProbe> {
  // A codec that is transcoded anyway need not be looked at.
  if (!videoCodec.safeParse(video.codec).success) return video;
  const stretches = stretchesOf(probe);
  const entries = ['-show_entries', 'packet=pts_time,dts_time,flags', '-of', 'csv=p=0'];
  const where = stretches ? ['-read_intervals', readIntervals(stretches)] : [];
  const enough = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs / 2)]);
  const answer = await runFfprobe(
    ffprobe,
    probe.path,
    ['-select_streams', `${video.index}`, ...entries, ...where],
    enough,
  );
  signal.throwIfAborted();
  const { bFrames, maxKeyframeIntervalMs } = readPacketTimes(answer.stdout, stretches);
  return { ...video, bFrames: bFrames ?? video.bFrames, maxKeyframeIntervalMs };
}
