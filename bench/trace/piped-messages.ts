import type { PipeCall } from './pipe-calls.ts';
import type { RtmpMessage } from './rtmp-messages.ts';

/** How much larger a picture may be in ffmpeg's pipe than in RTMP, in bytes: the head of a frame, and parameter sets. */
const mostHead = 100;
/** How much smaller: what is FLV's own. */
const leastHead = -5;
/** So many writes of sound may come before a picture's. */
const mostBetween = 20;

/** In which write each picture left ffmpeg, found by size, one after the other. */
export function pipedMessages(
  video: readonly RtmpMessage[],
  pipe: readonly PipeCall[],
): Map<RtmpMessage, PipeCall> {
  const found = new Map<RtmpMessage, PipeCall>();
  let next = 0;
  for (const message of video) {
    const fits = ({ bytes, writtenMs }: PipeCall) =>
      writtenMs > message.atMs && bytes >= message.bytes + leastHead && bytes < message.bytes + mostHead;
    // Before the first one is found, any may be it.
    const among = found.size === 0 ? pipe.length : next + mostBetween;
    const at = pipe.slice(next, among).findIndex(fits);
    const call = pipe[next + at];
    if (at < 0 || !call) continue;
    found.set(message, call);
    next += at + 1;
  }
  return found;
}
