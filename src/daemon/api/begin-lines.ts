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
