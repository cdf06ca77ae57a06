import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { roomName } from '../../contract/names.ts';

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
  /** Changes with the content, so that a browser that has it is told so in a few bytes. */
  readonly etag: string;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
};

/** The page's files by name, all in memory: they are few, and a name that is not among them is no path to anywhere. */
export async function readPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  const files = await Promise.all(
    names.map(async (name) => {
      const type = types[extname(name)] ?? 'application/octet-stream';
      return [name, await pageFile(type, await readFile(join(folder, name)))] as const;
    }),
  );
  return new Map(files);
}

async function pageFile(type: string, body: Buffer): Promise<PageFile> {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { type, body, gzipped: await promisify(gzip)(body), etag };
}

/** The page as it is, and as it is where there is a poster: that is asked for before anything else is known. */
async function pagesOf(plain: PageFile | undefined): Promise<{ plain?: PageFile; posted?: PageFile }> {
  if (!plain) return {};
  const html = plain.body.toString().replace('<html', '<html data-poster');
  return { plain, posted: await pageFile(plain.type, Buffer.from(html)) };
}

/** The page at each room's name, where there is a poster with the word that it may ask for that, which a telephone may have begun with a capital letter, and what it consists of below `/assets/`. */
export function pageRoutes(files: ReadonlyMap<string, PageFile>, hasPoster: (room: string) => boolean) {
  return async (app: FastifyInstance): Promise<void> => {
    const pages = await pagesOf(files.get('index.html'));
    const send = (file: PageFile | undefined, request: FastifyRequest, reply: FastifyReply) =>
      file ? sendPageFile(file, request, reply) : reply.callNotFound();
    app.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) =>
      send(files.get(request.params.name), request, reply),
    );
    app.get<{ Params: { room: string } }>('/:room', async (request, reply) => {
      const { room } = request.params;
      const isRoom = roomName.safeParse(room).success;
      const meant = room.toLowerCase();
      if (!isRoom && roomName.safeParse(meant).success)
        return reply.redirect(`/${meant}${/\?.*$/.exec(request.url)?.[0] ?? ''}`, 308);
      return send(isRoom ? pages[hasPoster(room) ? 'posted' : 'plain'] : undefined, request, reply);
    });
  };
}

/** Answers with a file: nothing where the browser has it already, compressed where it takes that. */
function sendPageFile(file: PageFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ 'cache-control': 'no-cache', etag: file.etag, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (takesGzip) reply.header('content-encoding', 'gzip');
  return reply.type(file.type).send(takesGzip ? file.gzipped : file.body);
}
