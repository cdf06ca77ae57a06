import { marked, unmarked } from '../child/work-mark.ts';
import type { Input } from '../sources/input.ts';
import { runFfprobe } from './ffprobe.ts';
import { ffprobeOutput, readFfprobeOutput } from './ffprobe-output.ts';
import type { ProbeOptions } from './probe-input.ts';

/**
 * How long a source is, in ms, as `probeInput` says it without a look at its packets; null: it does not say, or comes at its own
 * pace.
 */
export async function probeDuration(input: Input, options: ProbeOptions): Promise<number | null> {
  const { parts, env, aside, live } = input;
  if (live === true) return null;
  const { ffprobe, timeoutMs, slice = unmarked } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  const show = ['-show_format', '-show_streams', '-of', 'json'];
  const { ok, stdout } = await runFfprobe({ ffprobe, part: parts[0], env, aside, options: show, signal });
  if (!ok) return null;
  const output = marked(slice, () => ffprobeOutput.parse(JSON.parse(stdout)));
  return readFfprobeOutput({ path: '', sizeBytes: null }, output).durationMs;
}
