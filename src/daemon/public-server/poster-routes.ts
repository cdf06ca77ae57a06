import type { FastifyInstance } from 'fastify';
import type { Posters } from '../posters/posters.ts';
import type { Admission } from './admission.ts';
import type { AddressOf } from './client-address.ts';
import { requireRoomName } from './require-room-name.ts';

export interface PosterRoutesOptions {
  readonly posters: Pick<Posters, 'of'>;
  readonly admission: Pick<Admission, 'look'>;
  readonly addressOf: AddressOf;
}

interface PosterRequest {
  Params: { readonly room: string };
  /** Names the still that is meant: none of anything else is given. */
  Querystring: { readonly of?: string };
}

/** `GET /poster/ROOM`: a still of what is on air, for the page, and for pages and chats that link to it. Nobody keeps it: it may be hidden any moment. */
export function posterRoutes({ posters, admission, addressOf }: PosterRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get<PosterRequest>('/poster/:room', async (request, reply) => {
      // A page of another origin shows it anyway: it may also read why there is none.
      reply.headers({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' });
      admission.look(addressOf(request.raw));
      const { type, body } = await posters.of(requireRoomName(request.params.room), request.query.of);
      return reply.type(type).send(body);
    });
  };
}
