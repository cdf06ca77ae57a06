import type { ChildProcess } from 'node:child_process';
import { start } from './child.ts';
import { clockBits, clockBlock } from './clock-strip.ts';
import type { Context } from './context.ts';

/** How a publisher encodes its picture. */
export interface ClockPublisher {
  /** Where it publishes, with the key. */
  readonly url: string;
  /** From key frame to key frame, in s. */
  readonly keyFrameIntervalS: number;
  readonly bFrames: number;
}

/**
 * AAC that is made now is of sound some frames ago, and ffmpeg's muxer keeps a picture back, 60 ms in the median, until there is sound
 * of its time: the tone's times are put on by more than that, in s, so that sound waits for its picture.
 */
const soundAheadS = 0.1;

/**
 * ffmpeg that publishes 720p30 and a tone; each picture bears the wall clock of the moment at which it was made, before it was
 * encoded. The encoder keeps nothing back, as that would be its delay, not ours: a picture leaves it after 5 ms.
 */
export function publishClock(
  context: Context,
  { url, keyFrameIntervalS, bFrames }: ClockPublisher,
): ChildProcess {
  const gop = `${keyFrameIntervalS * 30}`;
  const args = [
    ...['-hide_banner', '-nostdin', '-v', 'error'],
    ...['-re', '-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30'],
    ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
    ...['-vf', clockFilter(), '-fps_mode', 'passthrough'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
    ...['-g', gop, '-keyint_min', gop, '-sc_threshold', '0', '-bf', `${bFrames}`, '-b:v', '2M'],
    ...['-af', `asetpts=PTS+${soundAheadS}/TB`, '-c:a', 'aac', '-b:a', '128k', '-ac', '2'],
    ...['-flush_packets', '1', '-f', 'flv', url],
  ];
  return start(context, 'ffmpeg', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A time stamp is the wall clock while the blocks are drawn, and then counts pictures again. */
function clockFilter(): string {
  const box = (block: number, width: number, color: string) =>
    `drawbox=x=${block * clockBlock}:y=0:w=${width * clockBlock}:h=${clockBlock}:t=fill:color=${color}`;
  const bit = (_: unknown, index: number) =>
    `${box(index + 2, 1, 'white')}:enable='mod(floor(t*1000/${2 ** index}+0.0001),2)'`;
  return [
    ...['settb=1/1000', `setpts='mod(floor(RTCTIME/1000),${2 ** clockBits})'`],
    ...[box(0, clockBits + 2, 'black'), box(0, 1, 'white')],
    ...Array.from({ length: clockBits }, bit),
    "setpts='N*1000/30'",
  ].join(',');
}
