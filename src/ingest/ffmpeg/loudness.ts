import { execa } from 'execa';
import type { AudioPlan, Loudness } from '../../contract/plan.ts';
import type { Input } from '../sources/input.ts';
import { asideOf } from './aside.ts';
import { giveWay } from './give-way.ts';
import { asStereo, joinedSides } from './sound-filters.ts';

/** What ffmpeg measures loudness with; its figures stand in its words at the end. */
export const loudnessMeter = 'ebur128=peak=true:framelog=verbose';

const summaries = /^\[Parsed_ebur128_\d+ @ \w+\] (?=Summary:)/m;

/** Nothing below is counted by EBU R128. */
const gateLufs = -70;
/** The lowest priority. */
const niceness = 19;
/** All of a long file is decoded, behind all others on the machine: so much is expected of a slow disk, in ms. */
const timeoutMs = 3_600_000;

/** What is measured. */
export type MeasuredSound = Pick<AudioPlan, 'index' | 'sides'>;

/** Differs where it is another sound of the same file. */
export function soundKey({ index, sides }: MeasuredSound): string {
  if (!sides) return `${index}`;
  return [sides.left, sides.right].map((side) => `${side.index}:${side.channel ?? ''}`).join('+');
}

function soundArgs({ index, sides }: MeasuredSound, filter: string): string[] {
  if (!sides) return ['-map', `0:${index}`, '-af', filter];
  return ['-filter_complex', `${joinedSides(sides, 0)},${filter}[sound]`, '-map', '[sound]'];
}

export interface MeasureOptions {
  /** Path or name of the ffmpeg program. */
  readonly ffmpeg: string;
  readonly audio: MeasuredSound;
  readonly signal: AbortSignal;
}

/** Measures all of one track, as viewers hear it in stereo, at the lowest priority. null: it cannot be, or it was given up. */
export async function measureLoudness(
  input: Pick<Input, 'parts' | 'env' | 'aside'>,
  { ffmpeg, audio, signal }: MeasureOptions,
): Promise<Loudness | null> {
  const [part] = input.parts;
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info', ...part.options, '-i', part.location],
    ...soundArgs(audio, [...asStereo, loudnessMeter].join()),
    ...['-f', 'null', '-'],
  ];
  const measuring = execa(ffmpeg, args, {
    env: input.env,
    stdio: ['ignore', 'ignore', 'pipe', asideOf(input.aside)],
    ...{ reject: false, timeout: timeoutMs, cancelSignal: signal },
    // `media.ffmpeg` may be a script around it.
    ...{ killSignal: 'SIGKILL', killDescendants: true },
    maxBuffer: { stderr: 1024 * 1024 },
  });
  if (measuring.pid !== undefined) giveWay(measuring.pid, niceness);
  const { failed, stderr } = await measuring;
  if (failed) return null;
  // Where its rate or its channels change in the midst of it, each part is measured by itself; so is nothing at all, before the first.
  const [, ...parts] = stderr.split(summaries).map(readLoudness);
  const heard = parts.filter((part) => part !== null && part.integratedLufs !== null);
  return heard.length > 1 ? null : (heard[0] ?? parts.at(-1) ?? null);
}

/** The figures at the end of what ffmpeg says with `loudnessMeter`; null: there are none. */
export function readLoudness(words: string): Loudness | null {
  const summary = words.slice(words.lastIndexOf('Summary:'));
  const [integratedLufs, rangeLu, truePeakDb] = ['I:', 'LRA:', 'Peak:'].map((name) => {
    const figure = new RegExp(`^\\s*${name}\\s+(-?(?:[\\d.]+|inf))`, 'm').exec(summary)?.[1];
    return figure === undefined ? undefined : Number(figure.replace('inf', 'Infinity'));
  });
  if (integratedLufs === undefined || rangeLu === undefined || truePeakDb === undefined) return null;
  return {
    integratedLufs: integratedLufs > gateLufs ? integratedLufs : null,
    rangeLu,
    truePeakDb: Number.isFinite(truePeakDb) ? truePeakDb : null,
  };
}

/** A part of a file's sound, so long. */
export interface SoundPart {
  readonly loudness: Loudness;
  readonly ms: number;
}

/** Two parts as one: each that is heard counts for as long as it is. */
export function together(one: SoundPart, other: SoundPart): SoundPart {
  const parts = [one, other];
  const heard = parts.flatMap(({ ms, loudness: { integratedLufs: lufs } }) =>
    lufs === null ? [] : [{ ms, energy: ms * 10 ** (lufs / 10) }],
  );
  const ms = heard.reduce((sum, part) => sum + part.ms, 0);
  const energy = heard.reduce((sum, part) => sum + part.energy, 0) / ms;
  const peaks = parts.flatMap(({ loudness }) => loudness.truePeakDb ?? []);
  return {
    ms,
    loudness: {
      integratedLufs: ms === 0 ? null : Math.round(100 * Math.log10(energy)) / 10,
      rangeLu: Math.max(...parts.map(({ loudness }) => loudness.rangeLu)),
      truePeakDb: peaks.length === 0 ? null : Math.max(...peaks),
    },
  };
}
