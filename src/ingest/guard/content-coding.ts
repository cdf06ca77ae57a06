import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** What undoes a content coding (RFC 9110, section 8.4.1); some servers compress unasked. */
const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** What undoes that of an answer; undefined: it has none, or one that nobody here knows. */
export function decoderOf(headers: IncomingHttpHeaders): Transform | undefined {
  return decoders[headers['content-encoding']?.trim().toLowerCase() ?? '']?.();
}

/** The head of an answer whose coding was undone: its lengths and places were those of what was sent. */
export function decodedHead(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const { 'content-encoding': _, 'content-length': __, 'content-range': ___, ...rest } = headers;
  return { ...rest, 'accept-ranges': 'none' };
}
