import { MiroliveError } from '../../contract/errors.ts';
import { unreachable } from './network.ts';

const webPage =
  /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*>\s*)*<(?:!doctype\s+html|html|head|body)\b/i;
/** RFC 1952, section 2.3.1, with its only method: two bytes alone may be those of something encrypted. */
const gzip = '\x1f\x8b\x08';

/**
 * Why what a server gives can be no media, where its beginning tells so; null: it may be. ffmpeg's words for such answers name
 * neither of them.
 *
 * @param where the server's host and port
 * @param head how it begins; empty: that is all
 */
export function unfitAnswer(where: string, head: Buffer): MiroliveError | null {
  if (head.length === 0) return unreachable(`${where} gave an empty answer`);
  const words = head.toString('latin1', 0, 512);
  if (webPage.test(words))
    return notMedia(
      `${where} gave a web page`,
      "Give the address of the stream itself: a browser's developer tools show, under Network, what the page plays",
    );
  if (!words.startsWith(gzip)) return null;
  return notMedia(`${where} gave something that is packed by gzip`, 'Unpack it, and play what is inside');
}

function notMedia(got: string, hint: string): MiroliveError {
  return new MiroliveError('SOURCE_NOT_MEDIA', `expected something that plays, ${got}`, { hint });
}
