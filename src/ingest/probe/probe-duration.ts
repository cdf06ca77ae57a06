import type { Input } from '../sources/input.ts';
import { runFfprobe } from './ffprobe.ts';
import type { ProbeOptions } from './probe-input.ts';

/** How long a source is, in ms, as its container says; null: it does not, or the source comes at its own pace. */
export async function probeDuration(input: Input, options: ProbeOptions): Promise<number | null> {
  const [part] = input.parts;
  if (!part || input.live === true) return null;
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  const show = ['-show_entries', 'format=duration', '-of', 'csv=p=0'];
  const { ffprobe } = options;
  const { stdout } = await runFfprobe({
    ffprobe,
    part,
    env: input.env,
    aside: input.aside,
    options: show,
    signal,
  });
  const seconds = Number.parseFloat(stdout);
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : null;
}
