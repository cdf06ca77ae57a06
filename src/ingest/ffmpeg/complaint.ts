import type { VideoEncoder } from '../../contract/plan.ts';
import { soundOutput } from './args.ts';
import { asidePath } from './aside.ts';

/** `[h264_nvenc @ 0x5587bfe46440] [error] Cannot load libcuda.so.1`, as ffmpeg writes with `-loglevel level+…`. */
const complaint = /\[(?:error|fatal)\] ([^;\n]+)/;

/** What ffmpeg complained of first, which says most, in lines or behind semicolons; null: of nothing. */
export function complaintIn(words: string): string | null {
  return complaint.exec(words)?.[1]?.trim().replace(/\.$/, '') ?? null;
}

/** Whether a line is more than a warning. */
export function isComplaint(line: string): boolean {
  return complaint.test(line);
}

const missing = new RegExp(`${soundOutput}: Bad file descriptor|${asidePath}: No such file`);

/** Whether a line says that there is nothing at a descriptor that ffmpeg was given: a script around it, such as `sudo`, has closed it. */
export function missesDescriptor(line: string): boolean {
  return missing.test(line);
}

/** How ffmpeg speaks of an encoder in hardware, of its device, and of the way there; its message has its last lines. */
const ofHardware =
  /h264_(?:vaapi|nvenc|qsv|v4l2m2m)|hwupload|init_hw_device|Device creation failed|opening encoder|to the encoder|Video encoding failed/i;

/** Whether ffmpeg began so far before its place that its muxer has no times for what it gave (libavformat/nutenc.c). */
export function beganFarBefore(message: string): boolean {
  return message.includes('Negative pts not supported');
}

/** A pipeline that was stuck. */
const stuck = /^no output for /;

/**
 * Whether an encoder in hardware is the cause of a failure, as far as ffmpeg's words tell.
 *
 * @param again it failed at the same place before: where it is stuck there once more, that is taken to be the hardware
 */
export function blamesEncoder(encoder: VideoEncoder, message: string, again: boolean): boolean {
  return encoder.name !== 'x264' && (ofHardware.test(message) || (again && stuck.test(message)));
}
