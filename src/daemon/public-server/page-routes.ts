import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { roomName } from '../../contract/names.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { HomePage, type HomeWords, type LiveRoom, meantRoom } from './home-page.ts';
import type { PageFile } from './page-files.ts';
import { type RoomFace, RoomPages } from './room-pages.ts';

const nothingHere = 'There is no such room.\n';

export interface PageRoutesOptions {
  readonly files: ReadonlyMap<string, PageFile>;
  /** Somebody opens the page of a room: what of it is to be seen and known before that runs. */
  readonly face: (room: string, request: FastifyRequest) => RoomFace;
  /** What is on air, where viewers may know that; null: they may not. */
  readonly live: () => readonly LiveRoom[] | null;
}

/** The page at each room's name, which a telephone may have begun with a capital letter, what it consists of below `/assets/`, and what leads to it, by a watch link below `/enter/`. */
export function pageRoutes({ files, face, live }: PageRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const template = files.get('home.html');
    const home = template && new HomePage(template, live);
    const lead = async (which: HomeWords, request: FastifyRequest, reply: FastifyReply) => {
      const file = await home?.now(which);
      if (file === undefined) return reply.code(404).type('text/plain').send(nothingHere);
      reply.header('content-security-policy', contentSecurityPolicy(String(file.body)));
      return sendPageFile(file, request, reply.code(which === 'lost' ? 404 : 200));
    };
    // A program, which takes anything, has no use for a page.
    app.setNotFoundHandler((request, reply) =>
      /\btext\/html\b/.test(request.headers.accept ?? '')
        ? lead('lost', request, reply)
        : reply.code(404).type('text/plain').send(nothingHere),
    );
    const plain = files.get('index.html');
    const rooms = plain && new RoomPages(plain);
    const send = (file: PageFile | undefined, request: FastifyRequest, reply: FastifyReply) =>
      file ? sendPageFile(file, request, reply) : reply.callNotFound();
    app.get<{ Querystring: { room?: string | string[] } }>('/', async (request, reply) => {
      const [typed] = [request.query.room ?? []].flat();
      if (typed === undefined) return lead('welcome', request, reply);
      const meant = meantRoom(typed);
      if (roomName.safeParse(meant).success) return reply.redirect(`/${meant}`, 303);
      return lead('lost', request, reply);
    });
    app.get<{ Params: { room: string } }>('/enter/:room', async (request, reply) => {
      const file = files.get('enter.html');
      if (!file || !roomName.safeParse(request.params.room).success) return reply.callNotFound();
      reply.headers({
        'content-security-policy': contentSecurityPolicy(String(file.body)),
        'referrer-policy': 'no-referrer',
      });
      return sendPageFile(file, request, reply);
    });
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
      return send(await rooms?.of(room, face(room, request)), request, reply);
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
  // What is not there is not there whatever a browser has (RFC 9110, 13.2.1).
  const isThere = reply.statusCode === 200;
  if (isThere && request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (takesGzip) reply.header('content-encoding', 'gzip');
  return reply.type(file.type).send(takesGzip ? file.gzipped : file.body);
}
