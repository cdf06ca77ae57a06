import { marked, type Slice } from '../child/work-mark.ts';
import type { InsideUrls } from './inside-urls.ts';
import { unreachable } from './network.ts';

/** A playlist is kept as a whole until it was read, in bytes; one of ten hours has less than 4 MB. */
const maxPlaylistBytes = 8 * 1024 * 1024;
/** Every HLS playlist begins so (RFC 8216, section 4.3.1.1). */
const playlistMark = Buffer.from('#EXTM3U');

/**
 * A body, unless it is a playlist: then its addresses are as they are inside. `start` is called before the first byte, `may` with
 * the whole of a playlist before that: whether it is given.
 */
export async function* rewritten(
  body: AsyncIterable<Buffer>,
  urls: InsideUrls,
  slice: Slice,
  may: (playlist: string) => boolean,
  start: (playlistBytes: number | null) => void,
): AsyncGenerator<Buffer> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let isPlaylist: boolean | undefined;
  for await (const chunk of body) {
    if (isPlaylist === false) {
      yield chunk;
      continue;
    }
    slice(() => kept.push(chunk));
    keptBytes += chunk.length;
    if (keptBytes > maxPlaylistBytes) {
      throw unreachable(`a playlist of more than ${maxPlaylistBytes} bytes is not taken`);
    }
    if (isPlaylist || keptBytes < playlistMark.length) continue;
    const head = Buffer.concat(kept.splice(0));
    isPlaylist = head.subarray(0, playlistMark.length).equals(playlistMark);
    if (isPlaylist) {
      kept.push(head);
    } else {
      start(null);
      yield head;
    }
  }
  if (isPlaylist === false) return;
  const rest = marked(slice, () => {
    const whole = Buffer.concat(kept);
    if (!isPlaylist) return whole;
    const text = whole.toString('utf8');
    return Buffer.from(may(text) ? urls.playlist(text) : '');
  });
  start(isPlaylist ? rest.length : null);
  yield rest;
}
