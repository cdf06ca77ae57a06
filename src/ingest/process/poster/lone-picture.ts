import type { VideoCodec } from '../../../contract/plan.ts';

/** One picture in a form that ffmpeg reads by itself. */
export interface LonePicture {
  /** ffmpeg's name of that form. */
  readonly demuxer: 'h264' | 'ivf';
  readonly file: Buffer;
}

const fourCc = { vp8: 'VP80', vp9: 'VP90', av1: 'AV01' } as const;
const headerBytes = 32;
const frameHeaderBytes = 12;

/** Puts one key frame into a file: H.264 with its parameter sets is one already; all else goes into IVF, whose sizes decoders pass over. */
export function lonePicture(codec: VideoCodec, data: Buffer): LonePicture {
  if (codec === 'h264') return { demuxer: 'h264', file: data };
  // https://wiki.multimedia.cx/index.php/Duck_IVF
  const header = Buffer.alloc(headerBytes + frameHeaderBytes);
  header.write('DKIF', 0, 'latin1');
  header.writeUInt16LE(headerBytes, 6);
  header.write(fourCc[codec], 8, 'latin1');
  // One picture each second, one in all.
  for (const at of [16, 20, 24]) header.writeUInt32LE(1, at);
  header.writeUInt32LE(data.length, headerBytes);
  return { demuxer: 'ivf', file: Buffer.concat([header, data]) };
}
