import { execa } from 'execa';
import type { Recipe } from './recipes.ts';

/** Inputs whose picture is white and whose sound beeps for the first 0.1 s of each second but the first. */
export function flashes(seconds: number, soundDelay = 0): string[] {
  const on = 'lt(mod(t,1),0.1)*gte(t,1)';
  return [
    ...['-f', 'lavfi', '-i', `color=black:s=320x240:r=30:d=${seconds},drawbox=c=white:t=fill:enable='${on}'`],
    ...['-itsoffset', `${soundDelay}`],
    ...['-f', 'lavfi', '-i', `aevalsrc='if(${on},0.8*sin(2*PI*1000*t),0)':s=44100:d=${seconds}`],
  ];
}

/** When a file flashes and beeps, in ms, by its own time stamps. */
export async function measureFlashes(path: string): Promise<{ flashes: number[]; beeps: number[] }> {
  const input = ['-hide_banner', '-nostdin', '-nostats', '-copyts', '-i', path];
  const picture = ['-map', '0:v:0', '-vf', 'scale=16:16,format=gray,showinfo', '-f', 'null', '-'];
  const sound = ['-map', '0:a:0', '-af', 'silencedetect=n=-20dB:d=0.3', '-f', 'null', '-'];
  const { stderr } = await execa('ffmpeg', [...input, ...picture, ...sound]);
  const means = [...stderr.matchAll(/pts_time:(\S+)[^\n]*mean:\[(\d+)/g)].map(([, at, mean]) => ({
    atMs: Number(at) * 1000,
    white: Number(mean) > 128,
  }));
  return {
    flashes: means.filter(({ white }, i) => white && !means[i - 1]?.white).map(({ atMs }) => atMs),
    // The last silence ends with the file, not with a beep.
    beeps: [...stderr.matchAll(/silence_end: (\S+)/g)].map(([, at]) => Number(at) * 1000).slice(0, -1),
  };
}

/** Files whose tracks begin at different times, or pause; each flash has its beep, `soundDelay` later. */
export const flashRecipes: readonly (Recipe & { name: string })[] = [
  { name: 'copied.mp4', args: [...flashes(6), ...coded(0), '-c:a', 'aac'] },
  { name: 'priming-and-b-frames.mp4', args: [...flashes(6), ...coded(3), '-c:a', 'aac'] },
  { name: 'late-sound.mp4', args: [...flashes(6, 0.7), ...coded(0), '-c:a', 'aac'] },
  { name: 'late-start.ts', args: [...flashes(6), ...coded(0), '-c:a', 'mp2'] },
  { name: 'late-start-b-frames.ts', args: [...flashes(6), ...coded(2), '-c:a', 'mp2'] },
  { name: 'negative-start.mkv', args: [...flashes(6), ...coded(0), '-c:a', 'libopus'] },
  { name: 'milliseconds.mkv', args: [...flashes(6), ...coded(2), '-c:a', 'flac'] },
  {
    name: 'hole-in-sound.mkv',
    args: [...flashes(6), ...coded(0), '-af', "aselect='not(between(t,2.3,3.6))'", '-c:a', 'flac'],
  },
  {
    name: 'copied-vp9.webm',
    args: [
      ...flashes(6),
      '-c:v',
      'libvpx-vp9',
      '-deadline',
      'realtime',
      '-cpu-used',
      '8',
      '-g',
      '30',
      '-c:a',
      'libopus',
    ],
  },
];

function coded(bFrames: number): string[] {
  return ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', `${bFrames}`, '-g', '30', '-pix_fmt', 'yuv420p'];
}
