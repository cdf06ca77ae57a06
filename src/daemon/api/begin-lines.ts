import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import { apiVersion } from '../../contract/api.ts';

/** Begins an answer that goes on, with a line for each value. */
export function beginLines(reply: FastifyReply): FastifyReply['raw'] {
  reply.hijack();
  const { raw } = reply;
  raw.on('error', () => raw.destroy());
  raw.writeHead(200, { 'content-type': 'application/x-ndjson', 'mirolive-api': apiVersion });
  return raw;
}

/** Resolves once there is place for more, or nobody reads. */
export async function placeFor(raw: FastifyReply['raw']): Promise<void> {
  if (!raw.writableNeedDrain || raw.destroyed) return;
  const left = new AbortController();
  const closed = once(raw, 'close', { signal: left.signal });
  const drained = once(raw, 'drain', { signal: left.signal });
  await Promise.race([closed, drained]).catch(() => {});
  left.abort();
  await Promise.allSettled([closed, drained]);
}
