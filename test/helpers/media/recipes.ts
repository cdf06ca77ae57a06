/** How a sample file is made: arguments of ffmpeg without the output, and what is done to the bytes after. */
export interface Recipe {
  readonly args: readonly string[];
  readonly patch?: (file: Buffer) => Buffer;
}

/** A moving test picture with a running clock. */
export function picture(size: string, seconds: number, rate = 30): string[] {
  return ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`];
}

/** A steady tone. */
export function tone(hz: number, seconds: number, sampleRate = 48_000): string[] {
  return ['-f', 'lavfi', '-i', `sine=frequency=${hz}:sample_rate=${sampleRate}:duration=${seconds}`];
}

/** H.264 with a key frame at least every `distance` pictures. */
export function h264(distance: number, bFrames = 0): string[] {
  const times = [
    '-g',
    `${distance}`,
    '-keyint_min',
    `${distance}`,
    '-sc_threshold',
    '0',
    '-bf',
    `${bFrames}`,
  ];
  return ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-b:v', '900k', ...times];
}

export const aac: readonly string[] = ['-c:a', 'aac', '-ac', '2', '-b:a', '96k'];
export const opus: readonly string[] = ['-c:a', 'libopus', '-b:a', '64k'];

/**
 * Turns the picture of an MP4 clockwise by 90°, by its track header's matrix (ISO/IEC 14496-12, 8.3.2), as a phone held
 * upright writes it. ffmpeg's own option for it has changed from version to version.
 */
export function turnClockwise(mp4: Buffer): Buffer {
  const box = mp4.indexOf('tkhd');
  const matrixAt = box + 4 + (mp4[box + 4] === 1 ? 52 : 40);
  // Width and height stand behind the nine numbers of the matrix; the turned picture is moved right by its height.
  const height = mp4.readUInt32BE(matrixAt + 40);
  const matrix = [0, 0x10000, 0, -0x10000, 0, 0, height, 0, 0x40000000];
  const turned = Buffer.from(mp4);
  for (const [i, value] of matrix.entries()) turned.writeInt32BE(value, matrixAt + 4 * i);
  return turned;
}
