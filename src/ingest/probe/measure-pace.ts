import { type Clock, systemClock } from '../../contract/clock.ts';
import type { Input } from '../sources/input.ts';
import { runFfprobe } from './ffprobe.ts';
import type { ProbeOptions } from './probe-input.ts';

/** So much media is waited for beyond what can be there already, in ms. */
const aheadMs = 1000;
/** What comes at its own pace is waited for at least so long for it, in ms. */
const waitedMs = 600;

/**
 * Whether a live source comes in real time: then what was not made yet has to be waited for; what is read from a file,
 * or faster than it is played, is there at once.
 *
 * @param sinceMs when its first byte came, by the monotonic clock
 * @param startMs the time stamp of its first packet
 */
export async function comesInRealTime(
  input: Input,
  { sinceMs, startMs }: { readonly sinceMs: number; readonly startMs: number },
  { ffprobe, timeoutMs, signal }: ProbeOptions,
  clock: Clock = systemClock,
): Promise<boolean> {
  const fromMs = clock.nowMs();
  const untilS = (startMs + (fromMs - sinceMs) + aheadMs) / 1000;
  const limit = AbortSignal.timeout(timeoutMs);
  await runFfprobe({
    ...{ ffprobe, part: input.parts[0], env: input.env, aside: input.aside },
    options: ['-show_entries', 'packet=pts_time', '-of', 'csv=p=0', '-read_intervals', `%${untilS}`],
    signal: signal ? AbortSignal.any([limit, signal]) : limit,
  });
  signal?.throwIfAborted();
  return clock.nowMs() - fromMs >= waitedMs;
}
