import type { AudioPlan } from '../../contract/plan.ts';
import { mostPeakDb } from '../plan/gain.ts';

/**
 * Sound as Opus takes it. Of more than two channels the centre, where speech is, stays at −3 dB, so do the surrounds, and the LFE is left
 * out (ITU-R BS.775): ffmpeg lowers all of it by 7.7 dB more where its samples are whole numbers, which these are not.
 */
export const asStereo = ['aresample=48000', 'aformat=sample_fmts=fltp:channel_layouts=stereo'];

/**
 * Sound has the times of its samples, counted, unless the source says otherwise by more than 0.1 s: then it goes on from there.
 * Not `aresample=async=1`, which makes all the silence of a jump at once: 1 GB of memory for 45 minutes.
 */
const countedTimes =
  "asetpts='st(0,if(eq(N,0)+gt(abs(PTS-ld(1)),0.1*SR),PTS,ld(1)));st(1,ld(0)+NB_SAMPLES);ld(0)'";

/** Sound as it comes. */
export const plainSound = [...asStereo, countedTimes];

/** The filter that sets loudness: what it is called in a command, and the command. */
export const volumeFilter = 'volume';

/** The descriptor that ffmpeg writes what it hears to: behind its standard streams, what it finds at 3, and its sound at 4. */
export const heardFd = 5;

/** True peaks are those between samples, of which there are four times as many here (ITU-R BS.1770, annex 2). */
const limiter = [
  ...['aresample=192000', `alimiter=level=0:limit=${factor(mostPeakDb).toFixed(4)}`, 'aresample=48000'],
];

/**
 * Says the loudness of the last 0.4 s at `heardFd` each 0.1 s. It is beside the way of the sound: in it, it would hold back 0.1 s of it.
 */
const meter =
  'asplit[main][beside];[beside]ebur128=metadata=1,' +
  `ametadata=mode=print:key=lavfi.r128.M:file=pipe\\\\:${heardFd}:direct=1,anullsink;[main]`;

/** Both sides as stereo, of whatever tracks. @param part the number of the input that has them */
export function joinedSides({ left, right }: NonNullable<AudioPlan['sides']>, part: number): string {
  const mono = ({ index, channel }: typeof left) =>
    `[${part}:${index}]aresample=48000,` +
    (channel === null
      ? 'aformat=sample_fmts=fltp:channel_layouts=mono'
      : `aformat=sample_fmts=fltp,pan=mono|c0=c${channel}`);
  return `${mono(left)}[left];${mono(right)}[right];[left][right]join=inputs=2:channel_layout=stereo`;
}

/** Whether its loudness is found out while it plays. */
export function isFollowed({ level }: AudioPlan): boolean {
  return level?.gainDb === null;
}

export interface SoundOptions {
  readonly volumePercent: number;
  /** The volume is changed by commands. */
  readonly commanded: boolean;
  /** What it is raised by at its beginning, in dB, where that follows what is heard. */
  readonly fromDb: number;
}

/** What is made of sound that is encoded, as a filter of ffmpeg. */
export function soundFilter(audio: AudioPlan, { volumePercent, commanded, fromDb }: SoundOptions): string {
  const followed = audio.action === 'transcode' && isFollowed(audio);
  const gain = gainOf(volumePercent, audio.level?.gainDb ?? fromDb);
  const isSet = commanded || followed || Number(gain) !== 1;
  const volume = isSet ? [`${volumeFilter}=${gain}`] : [];
  const [first = '', ...rest] = [...volume, ...(audio.limited ? limiter : []), countedTimes];
  return [...asStereo, `${followed ? meter : ''}${first}`, ...rest].join();
}

/** A volume, with what sound is raised by, as `volumeFilter` takes it. */
export function gainOf(volumePercent: number, db = 0): string {
  return `${Number(((volumePercent / 100) * factor(db)).toFixed(4))}`;
}

/** The loudness of the last 0.4 s, in LUFS, as often as it stands in what ffmpeg says at `heardFd`. */
export function heardIn(lines: readonly string[]): number[] {
  return lines.flatMap((line) => {
    const lufs = /^lavfi\.r128\.M=(-?[\d.]+|-?inf|nan)/.exec(line)?.[1];
    return lufs === undefined
      ? []
      : [Number.isFinite(Number(lufs)) ? Number(lufs) : Number.NEGATIVE_INFINITY];
  });
}

function factor(db: number): number {
  return 10 ** (db / 20);
}
