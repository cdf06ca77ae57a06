import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { roomName } from '../../contract/names.ts';
import type { PageFile } from './page-files.ts';
import { PostedPages } from './posted-pages.ts';

export interface PageRoutesOptions {
  readonly files: ReadonlyMap<string, PageFile>;
  /** Somebody opens the page of a room: names the still that it is to show meanwhile; null: none. */
  readonly poster: (room: string, request: FastifyRequest) => string | null;
}

/** The page at each room's name, which a telephone may have begun with a capital letter, and what it consists of below `/assets/`. */
export function pageRoutes({ files, poster }: PageRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const plain = files.get('index.html');
    const posted = plain && new PostedPages(plain);
    const send = (file: PageFile | undefined, request: FastifyRequest, reply: FastifyReply) =>
      file ? sendPageFile(file, request, reply) : reply.callNotFound();
    app.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) =>
      send(files.get(request.params.name), request, reply),
    );
    app.get<{ Params: { room: string } }>('/:room/', async (request, reply) => {
      const meant = request.params.room.toLowerCase();
      if (!roomName.safeParse(meant).success) return reply.callNotFound();
      return reply.redirect(`/${meant}${queryOf(request)}`, 308);
    });
    app.get<{ Params: { room: string } }>('/:room', async (request, reply) => {
      const { room } = request.params;
      const isRoom = roomName.safeParse(room).success;
      const meant = room.toLowerCase();
      if (!isRoom && roomName.safeParse(meant).success)
        return reply.redirect(`/${meant}${queryOf(request)}`, 308);
      if (!isRoom) return reply.callNotFound();
      const key = poster(room, request);
      return send(key === null ? plain : await posted?.of(room, key), request, reply);
    });
  };
}

/** As it was typed, with its `?`; else empty. */
function queryOf({ url }: FastifyRequest): string {
  return /\?.*$/.exec(url)?.[0] ?? '';
}

/** Answers with a file: nothing where the browser has it already, compressed where it takes that. */
function sendPageFile(file: PageFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ 'cache-control': 'no-cache', etag: file.etag, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (takesGzip) reply.header('content-encoding', 'gzip');
  return reply.type(file.type).send(takesGzip ? file.gzipped : file.body);
}
