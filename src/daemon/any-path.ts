import { type IncomingMessage, maxHeaderSize } from 'node:http';

/** Options of a Fastify that is asked for anything: what is no path, or very long, is where nothing is, and answered by our own words. */
export const anyPath = {
  routerOptions: { maxParamLength: maxHeaderSize },
  rewriteUrl: ({ url = '/' }: IncomingMessage) => (isDecodable(url) ? url : '/%25'),
};

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '');
    return true;
  } catch {
    return false;
  }
}
