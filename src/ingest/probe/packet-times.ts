/** A stretch of a file on its own timeline, in ms. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the packets of the video track tell. */
export interface PacketFindings {
  /** Pictures are shown in another order than they are stored in; null: the packets carry no presentation times. */
  readonly bFrames: boolean | null;
  /** The longest distance seen, in ms; at the ends of a stretch at least so long; null: no packet. */
  readonly maxKeyframeIntervalMs: number | null;
  /** The longest distance between two pictures that was seen, in ms; 0: there were no two. */
  readonly pictureIntervalMs: number;
  /** Some are only decoded, and not to be shown. */
  readonly edited: boolean;
  /** When the last of them is shown, in ms; null: no packet. */
  readonly latestMs: number | null;
}

/** Files up to this size are read as a whole: 48 MiB take well under half a second. */
const wholeFileBytes = 48 * 1024 * 1024;
const stretchMs = 6000;
const maxStretches = 8;
/** The same of what comes over a network, where a stretch may take a second. */
const maxRemoteStretches = 3;

/**
 * Which parts of a source to look at: all of a small file (null), else up to 8 stretches of 6 s, or 3 where its size is not
 * known, evenly from its beginning to its end, so that two hours cost as much as two minutes. Of what is said to be short, all,
 * and what may come behind its end.
 */
export function stretchesOf(file: {
  sizeBytes: number | null;
  startMs: number;
  durationMs: number | null;
}): Stretch[] | null {
  const { sizeBytes, startMs, durationMs } = file;
  if (sizeBytes !== null && sizeBytes <= wholeFileBytes) return null;
  const most = sizeBytes === null ? maxRemoteStretches : maxStretches;
  const count = Math.min(most, Math.max(1, Math.floor((durationMs ?? 0) / (2 * stretchMs))));
  const lastMs = count === 1 ? (durationMs ?? 0) + stretchMs : stretchMs;
  const step = count > 1 ? ((durationMs ?? 0) - stretchMs) / (count - 1) : 0;
  return Array.from({ length: count }, (_, i) => {
    const fromMs = Math.round(startMs + i * step);
    return { fromMs, toMs: fromMs + lastMs };
  });
}

/** The stretches as ffprobe's `-read_intervals`; the first is where it begins anyway, since HLS cannot seek to there. */
export function readIntervals(stretches: readonly Stretch[]): string {
  return stretches
    .map(({ fromMs, toMs }, index) => `${index === 0 ? '' : fromMs / 1000}%${toMs / 1000}`)
    .join(',');
}

/**
 * Reads what `ffprobe -show_entries packet=pts_time,dts_time,flags -of csv=p=0` wrote, also if it was cut off.
 * ffprobe goes back to the key frame before each stretch and does not mark where the next one begins: a packet past the
 * end of a stretch, or a step back in decoding time, tells.
 */
export function readPacketTimes(csv: string, stretches: readonly Stretch[] | null): PacketFindings {
  const endOf = (index: number) => stretches?.[index]?.toMs ?? Number.POSITIVE_INFINITY;
  let stretch = 0;
  let run: Run | undefined;
  let bFrames: boolean | null = null;
  let longest: number | null = null;
  let latestMs: number | null = null;
  let edited = false;
  let apartMs = 0;
  for (const line of csv.split('\n')) {
    const [, pts, dts, flags] = /^(-?[\d.]+|N\/A),(-?[\d.]+|N\/A),(\w+)/.exec(line) ?? [];
    const shownMs = pts === undefined || pts === 'N/A' ? null : Number(pts) * 1000;
    const storedMs = dts === undefined || dts === 'N/A' ? shownMs : Number(dts) * 1000;
    const atMs = shownMs ?? storedMs;
    if (atMs === null || storedMs === null) continue;
    if (!run || atMs >= endOf(stretch) || storedMs < run.storedMs) {
      if (run) stretch++;
      while (atMs >= endOf(stretch)) stretch++;
      run = { storedMs, latestMs: atMs, keyMs: atMs };
    }
    if (shownMs !== null) bFrames = (bFrames ?? false) || shownMs < run.latestMs;
    apartMs = Math.max(apartMs, storedMs - run.storedMs);
    run.storedMs = storedMs;
    run.latestMs = Math.max(run.latestMs, atMs);
    latestMs = Math.max(latestMs ?? atMs, atMs);
    longest = Math.max(longest ?? 0, run.latestMs - run.keyMs);
    if (flags?.startsWith('K')) run.keyMs = atMs;
    if (flags?.[1] === 'D') edited = true;
  }
  const maxKeyframeIntervalMs = longest === null ? null : Math.round(longest);
  return { bFrames, maxKeyframeIntervalMs, pictureIntervalMs: Math.round(apartMs), edited, latestMs };
}

/** Packets that were read one after the other. */
interface Run {
  storedMs: number;
  latestMs: number;
  keyMs: number;
}
