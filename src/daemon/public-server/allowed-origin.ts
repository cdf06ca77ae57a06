import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from '../../contract/config.ts';

/**
 * Whether a page may open the WebSocket: the daemon's own, and those that are allowed. Browsers always name the origin, so that
 * a request without one comes from a program, which could name any: it is let in. `null` is a page that hides where it is from.
 */
export function mayConnect(
  { origin, host }: Pick<IncomingHttpHeaders, 'origin' | 'host'>,
  { allowedOrigins, publicUrl }: Pick<Config['http'], 'allowedOrigins' | 'publicUrl'>,
): boolean {
  if (origin === undefined || allowedOrigins.includes('*')) return true;
  const own = [`http://${host}`, `https://${host}`, ...(publicUrl === null ? [] : [publicUrl])];
  const wanted = originOf(origin);
  return wanted !== null && [...own, ...allowedOrigins].some((allowed) => originOf(allowed) === wanted);
}

/** With the port only where it is not the usual one, in lower case; null for what is none. */
function originOf(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed && parsed.origin !== 'null' ? parsed.origin : null;
}
