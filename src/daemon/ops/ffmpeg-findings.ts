import { execa } from 'execa';
import type { Finding } from '../../contract/finding.ts';

/** A program that takes longer to say what it has hangs, in ms; a machine with much else to do needs seconds. */
const answerTimeoutMs = 20_000;

interface Part {
  readonly check: string;
  readonly list: 'encoders' | 'filters' | 'protocols';
  readonly names: readonly string[];
  readonly state: 'warn' | 'fail';
  /** What does not work without them. */
  readonly lost: string;
}

/** What an ffmpeg may have been built without, and what that costs. Debian's has all of it. */
export const parts: readonly Part[] = [
  {
    ...{ check: 'encoders', list: 'encoders', names: ['libx264', 'libopus'], state: 'fail' },
    lost: 'nothing can be transcoded',
  },
  {
    ...{ check: 'VP8', list: 'encoders', names: ['libvpx'], state: 'warn' },
    lost: 'who cannot decode H.264 gets no picture',
  },
  {
    ...{ check: 'loudness', list: 'filters', names: ['ebur128', 'alimiter'], state: 'fail' },
    lost: 'sound that is encoded cannot be played, unless by audio.loudness: off where it is stereo',
  },
  {
    ...{ check: 'cards', list: 'filters', names: ['drawtext'], state: 'fail' },
    lost: 'there are no cards, nor the slate that is one',
  },
  {
    ...{ check: 'SRT', list: 'protocols', names: ['srt'], state: 'warn' },
    lost: 'srt:// cannot be played',
  },
];

/** Which of them an ffmpeg has. */
export async function* partFindings(program: string): AsyncGenerator<Finding> {
  const answers = new Map<Part['list'], Promise<ReadonlySet<string> | null>>();
  for (const part of parts) {
    const answer = answers.get(part.list) ?? namesIn(program, part.list);
    answers.set(part.list, answer);
    const there = await answer;
    // What does not run was told already.
    if (there) yield partFinding(part, there);
  }
}

/** @param there names of what it has */
export function partFinding({ check, names, state, lost }: Part, there: ReadonlySet<string>): Finding {
  const missing = names.filter((name) => !there.has(name));
  if (missing.length === 0) return { check, state: 'ok', detail: names.join(', '), fix: null };
  return {
    ...{ check, state, detail: `missing: ${missing.join(', ')}; ${lost}` },
    fix: 'Install an ffmpeg that was built with it (Debian’s is), or name it in media.ffmpeg',
  };
}

async function namesIn(program: string, list: Part['list']): Promise<ReadonlySet<string> | null> {
  const result = await execa(program, ['-hide_banner', `-${list}`], {
    ...{ reject: false, timeout: answerTimeoutMs, stdin: 'ignore' },
  });
  return result.failed ? null : new Set(result.stdout.split(/\s+/));
}
