import { MiroliveError } from '../../contract/errors.ts';
import { type Probe, type VideoProbe, videoCodec } from '../../contract/plan.ts';
import { marked, unmarked } from '../child/work-mark.ts';
import { type Input, type InputPart, silence } from '../sources/input.ts';
import { type FfprobeAnswer, runFfprobe } from './ffprobe.ts';
import type { Subject } from './ffprobe-output.ts';
import { withKnownLength } from './known-length.ts';
import { isFileByPace } from './measure-file.ts';
import { readIntervals, readPacketTimes, type Stretch, stretchesOf } from './packet-times.ts';
import { type Looked, notMedia, packetEntries, type Read, readHeaders, withPackets } from './read-headers.ts';

/** How something is probed. */
export interface ProbeOptions {
  /** Path or name of ffprobe. */
  readonly ffprobe: string;
  /** How long all of it may take, in ms. */
  readonly timeoutMs: number;
  /** Aborting rejects with its reason; ffprobe is killed first. */
  readonly signal?: AbortSignal | undefined;
  /** Runs work on what ffprobe says of it; default at once. */
  readonly slice?: Input['slice'] | undefined;
}

/** So much of something live is looked at, in s: twice the usual limit between key frames, so that more is seen as more. */
const liveStretchS = 5;
/** Where no key frame came to tell what its picture is like, so much of the time is spent on waiting for one. */
const patience = 0.85;

/** Of a picture in five seconds ffprobe has what it wants once the third has come. */
const seldomFactor = 1.5;

/** What was found out of a source; `whole`: nothing of the look at it was cut off by its time limit. */
export interface Found {
  readonly probe: Probe;
  /** It comes at its own pace; where that is not known beforehand, what says of no end does, unless it comes faster than it is played. */
  readonly live: boolean;
  readonly whole: boolean;
}

/**
 * Says what is inside an opened source. Where the video codec is one that can be copied, and there is an end, its packets
 * are looked at too: all of a file up to 48 MiB, else eight stretches of 6 s. What was seen after half of `timeoutMs` counts.
 *
 * What is cut off where nothing comes may take half as long again.
 *
 * @throws MiroliveError SOURCE_NOT_MEDIA, SOURCE_TIMEOUT, FFMPEG_NOT_FOUND, and as the input explains its failures
 */
export async function probeInput(input: Input, subject: Subject, options: ProbeOptions): Promise<Probe> {
  return (await findOut(input, subject, options)).probe;
}

/** The same, and whether it was looked at as long as it took. */
export async function findOut(input: Input, subject: Subject, options: ProbeOptions): Promise<Found> {
  const first = await lookAt(input, { subject, stretchS: liveStretchS }, options);
  const isEnough = input.tellsLater === true && first.found.audioTracks.length > 0;
  const isLonger = input.live === true && first.unknownPicture && !isEnough;
  // It ended before anything came.
  const refusal = holdsAny(first.found) ? null : await input.explain('');
  if (refusal) throw refusal;
  const { found, live, whole } = isLonger ? await lookLonger() : first;
  const variants = (await input.variants?.()) ?? null;
  const byUdp = await input.byUdp?.();
  const probe = {
    ...found,
    ...(variants && variants.found.length > 1 && { variants }),
    ...(byUdp && ({ byUdp } as const)),
  };
  if (holdsAny(found)) return { probe, live, whole };
  throw notMedia(subject, `${subject.path} holds neither picture nor sound`);

  function lookLonger(): Promise<WholeLook> {
    const stretchS = (options.timeoutMs / 1000) * patience;
    return lookAt(input, { subject, stretchS }, options, [
      '-analyzeduration',
      `${Math.round(stretchS * 1e6)}`,
    ]);
  }
}

function holdsAny({ video, audioTracks }: Probe): boolean {
  return video !== null || audioTracks.length > 0;
}

type WholeLook = Looked & Omit<Found, 'probe'>;

async function lookAt(
  input: Input,
  what: { subject: Subject; stretchS: number },
  options: ProbeOptions,
  analysis: readonly string[] = [],
): Promise<WholeLook> {
  const { ffprobe } = options;
  const timeoutMs = options.timeoutMs * (input.cutOff ? seldomFactor : 1);
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  signal.throwIfAborted();
  const look: Look = (part, show, until = signal) =>
    runFfprobe({
      ffprobe,
      part,
      env: input.env,
      aside: input.aside,
      called: input.called,
      options: [...analysis, ...show],
      signal: until,
    });
  try {
    const { slice = unmarked } = options;
    const read: Read = (work) => marked(slice, work);
    const looked = await readHeaders(input, { ...what, read }, async (part, show) => {
      const answer = await look(part, show);
      signal.throwIfAborted();
      return answer;
    });
    const { found } = looked;
    const live =
      input.live ?? (found.durationMs === null && !(await isFile(input, found, { ...options, signal })));
    if (!found.video || live) return { ...looked, live, whole: true };
    const enough = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs / 2)]);
    const picture = found.video;
    const stretches = stretchesOf(found);
    const packets = await listPackets(picture, stretches, (show) => look(input.parts[0], show, enough));
    const seen = read(() => (packets === null ? null : readPacketTimes(packets, stretches)));
    signal.throwIfAborted();
    const whole = !enough.aborted;
    if (!seen) return { ...looked, live, whole };
    const video = withPackets(picture, seen);
    return { ...looked, live, whole, found: withKnownLength({ ...found, video }, seen.latestMs) };
  } catch (error) {
    if (!signal.aborted || signal.reason !== deadline.reason) throw error;
    const known = await input.explain(silence);
    throw (
      known ??
      new MiroliveError('SOURCE_TIMEOUT', `${what.subject.path} was not probed within ${timeoutMs} ms`)
    );
  }
}

/** Whether what says nothing of its length has an end; a list of HLS without one has none. */
async function isFile(
  input: Input,
  { format }: Probe,
  options: ProbeOptions & { readonly signal: AbortSignal },
): Promise<boolean> {
  return format !== 'hls' && (await isFileByPace(input, options));
}

type Look = (part: InputPart, show: readonly string[], until?: AbortSignal) => Promise<FfprobeAnswer>;

/** As ffprobe lists them; null: a codec that is transcoded anyway need not be looked at. */
async function listPackets(
  video: VideoProbe,
  stretches: readonly Stretch[] | null,
  look: (show: readonly string[]) => Promise<FfprobeAnswer>,
): Promise<string | null> {
  if (!videoCodec.safeParse(video.codec).success) return null;
  const entries = ['-show_entries', `packet=${packetEntries}`, '-of', 'csv=p=0'];
  const where = stretches ? ['-read_intervals', readIntervals(stretches)] : [];
  const { stdout } = await look(['-select_streams', `${video.index}`, ...entries, ...where]);
  return stdout;
}
