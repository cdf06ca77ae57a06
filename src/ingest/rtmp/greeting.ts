import type { Stranger } from './calls.ts';

/** What somebody speaks by its first byte: RTMP begins with its version, 3; others of it are encrypted, and long gone. null: RTMP. */
export function strangerOf(first: Buffer): Stranger | null {
  const [byte = 3] = first;
  if (byte === 3) return null;
  if (byte === 0x16) return 'tls';
  if (byte === 6 || byte === 8) return 'rtmpe';
  return /^[A-Z]{3,7} /.test(first.toString('latin1', 0, 8)) ? 'http' : 'other';
}
