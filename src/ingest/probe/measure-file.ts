import { type Clock, systemClock } from '../../contract/clock.ts';
import type { Input } from '../sources/input.ts';
import { type FfprobeAnswer, type FfprobeRun, runFfprobe } from './ffprobe.ts';

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
 * Whether what says nothing of its length is a file all the same: read as fast as it comes, it comes much faster than it is played, and
 * is more than what servers of live media begin with. What is less, and ends, may be that, too: a file is the same when it is read once
 * more.
 */
export async function isFileByPace(
  input: Input,
  { ffprobe, timeoutMs, signal }: Pick<FfprobeRun, 'ffprobe' | 'signal'> & { readonly timeoutMs: number },
  clock: Clock = systemClock,
): Promise<boolean> {
  const until = AbortSignal.any([AbortSignal.timeout(timeoutMs * patience), signal]);
  const { env, aside, called, parts } = input;
  const fromMs = clock.nowMs();
  const first = await read();
  const tookS = (clock.nowMs() - fromMs) / 1000;
  const { mediaS, bytes } = readPackets(first.stdout);
  const comesAs = comesBy({ mediaS, bytes, ended: first.ok && mediaS < readS, tookS });
  if (comesAs !== 'either') return comesAs === 'file';
  const again = await read();
  return again.ok && again.stdout === first.stdout;

  async function read(): Promise<FfprobeAnswer> {
    const entries = ['-show_entries', 'packet=pts_time,size,data_hash', '-show_data_hash', 'CRC32'];
    const answer = await runFfprobe({
      ...{ ffprobe, part: parts[0], env, aside, called },
      options: [...entries, '-of', 'csv=p=0', '-read_intervals', `%+${readS}`],
      signal: until,
    });
    signal.throwIfAborted();
    return answer;
  }
}

/** What it comes as, by what was read. */
export function comesBy({ mediaS, bytes, ended, tookS }: Read): 'file' | 'live' | 'either' {
  if (mediaS <= fasterThanPlayed * tookS) return 'live';
  if (mediaS > burstS && bytes > burstBytes) return 'file';
  return ended ? 'either' : 'live';
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
