import { type Clock, systemClock } from '../../contract/clock.ts';
import type { Input } from '../sources/input.ts';
import { type FfprobeRun, runFfprobe } from './ffprobe.ts';

/** So much of it is read, in s, where it comes fast enough. */
const readS = 40;
/** Of the time limit of a look so much is spent on it: what comes live comes no sooner. */
const patience = 0.2;
/** Servers of live media begin with what they have of the last seconds, at most so much, in s and bytes. */
const burstS = 15;
const burstBytes = 512 * 1024;
/** What comes so many times as fast as it is played is no more live than what was made yesterday. */
const fasterThanPlayed = 3;

/** What was read of something in a time. */
export interface Read {
  /** From the time of the first packet to that of the last, in s. */
  readonly mediaS: number;
  readonly bytes: number;
  /** It came to its end. */
  readonly ended: boolean;
  readonly tookS: number;
}

/**
 * Whether what says nothing of its length is a file all the same: read as fast as it comes, it comes much faster than it is played, or
 * to its end.
 */
export async function isFileByPace(
  input: Input,
  { ffprobe, timeoutMs, signal }: Pick<FfprobeRun, 'ffprobe' | 'signal'> & { readonly timeoutMs: number },
  clock: Clock = systemClock,
): Promise<boolean> {
  const fromMs = clock.nowMs();
  const limit = AbortSignal.timeout(timeoutMs * patience);
  const { env, aside, called, parts } = input;
  const { stdout, ok } = await runFfprobe({
    ...{ ffprobe, part: parts[0], env, aside, called },
    options: ['-show_entries', 'packet=pts_time,size', '-of', 'csv=p=0', '-read_intervals', `%+${readS}`],
    signal: AbortSignal.any([limit, signal]),
  });
  signal.throwIfAborted();
  const { mediaS, bytes } = readPackets(stdout);
  const tookS = (clock.nowMs() - fromMs) / 1000;
  return comesAsFile({ mediaS, bytes, ended: ok && mediaS < readS, tookS });
}

/** The same, by what was read. */
export function comesAsFile({ mediaS, bytes, ended, tookS }: Read): boolean {
  const isFast = mediaS > fasterThanPlayed * tookS;
  return isFast && (ended || (mediaS > burstS && bytes > burstBytes));
}

/** The times and sizes of packets as ffprobe writes them, also if that was cut off. */
export function readPackets(csv: string): Pick<Read, 'mediaS' | 'bytes'> {
  let [first, last, bytes] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const line of csv.split('\n')) {
    const [, time, size] = /^([\d.-]+),(\d+)/.exec(line) ?? [];
    if (time === undefined) continue;
    first = Math.min(first, Number(time));
    last = Math.max(last, Number(time));
    bytes += Number(size);
  }
  return { mediaS: Math.max(0, last - first), bytes };
}
