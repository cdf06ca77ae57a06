import { MiroliveError } from '../../contract/errors.ts';

/** The head of a box of ISO media (ISO/IEC 14496-12, section 4.2): its size, its type, and the size again where that is large. */
const boxHead = 8;
const largeBoxHead = 16;

/** Whether a file, by its first bytes, is MP4 whose media come before their index: nothing of it can be played without the end. */
export function hasIndexBehind(head: Buffer): boolean {
  for (let at = 0; at + boxHead <= head.length; ) {
    const type = head.toString('latin1', at + 4, at + boxHead);
    if (at === 0 && type !== 'ftyp') return false;
    if (type === 'mdat') return true;
    if (type === 'moov' || type === 'moof') return false;
    const size = head.readUInt32BE(at);
    if (size === 1 && at + largeBoxHead > head.length) return false;
    const whole = size === 1 ? Number(head.readBigUInt64BE(at + boxHead)) : size;
    if (whole < boxHead) return false;
    at += whole;
  }
  return false;
}

/** Where a request begins that goes on to the end: `bytes=500-`; null: it is another one. */
export function rangeStart(range: string | undefined): number | null {
  const [, from] = /^bytes=(\d{1,15})-$/.exec(range ?? '') ?? [];
  return from === undefined ? null : Number(from);
}

/** What follows the first bytes of a body. */
export async function* behind(body: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of body) {
    if (chunk.length > left) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

const indexFirst = 'Put the index first (ffmpeg -i FILE -c copy -movflags +faststart READY.mp4)';

/** Why it takes long until anything comes of such a file. */
export function readsAll(where: string): MiroliveError {
  const message = `its index is at its end, and ${where} gives no part of it (no ranges): all of it has to be read before it plays`;
  return new MiroliveError('SOURCE_UNREACHABLE', message, {
    hint: `${indexFirst}, or raise media.probeTimeout`,
  });
}

/** Why nothing of such a file can be played. */
export function indexBehind(where: string): MiroliveError {
  const message = `its index is at its end, and ${where} says no length and gives no part of it: nothing of it can be played`;
  return new MiroliveError('SOURCE_UNREACHABLE', message, {
    hint: `${indexFirst}, or fetch it and play the file: curl -o FILE ADDRESS`,
  });
}
