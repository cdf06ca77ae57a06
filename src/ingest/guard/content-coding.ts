import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** What undoes a content coding (RFC 9110, section 8.4.1); some servers compress unasked. */
const decoders: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** What undoes that of an answer; undefined: it has none, or one that nobody here knows. */
export function decoderOf(headers: IncomingHttpHeaders): Transform | undefined {
  return decoders.get(codingOf(headers))?.();
}

/** By its name, as the server says it. */
export function codingOf(headers: IncomingHttpHeaders): string {
  return headers['content-encoding']?.trim().toLowerCase() ?? '';
}

/** Whether a decoder says so of what it was given: it is not in that coding, or cut off (zlib, Brotli). */
export function isCodingError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:Z_|ERR__ERROR_)/.test(String(error.code));
}

/** The head of an answer whose coding was undone: its lengths and places were those of what was sent. */
export function decodedHead(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const { 'content-encoding': _, 'content-length': __, 'content-range': ___, ...rest } = headers;
  return { ...rest, 'accept-ranges': 'none' };
}
