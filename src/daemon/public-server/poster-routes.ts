import type { FastifyInstance } from 'fastify';
import type { Ban } from '../../contract/bans.ts';
import type { Posters } from '../posters/posters.ts';
import { BannedError } from '../viewers/bans.ts';
import type { Admission } from './admission.ts';
import type { AddressOf } from './client-address.ts';
import { requireRoomName } from './require-room-name.ts';

export interface PosterRoutesOptions {
  readonly posters: Pick<Posters, 'of'>;
  readonly admission: Pick<Admission, 'look'>;
  readonly addressOf: AddressOf;
  /** The ban by which an address sees nothing of a room; null: there is none. */
  readonly isBanned: (address: string, room: string) => Ban | null;
}

interface PosterRequest {
  Params: { readonly room: string };
  /** Names the still that is meant: none of anything else is given. */
  Querystring: { readonly of?: string };
}

/** `GET /poster/ROOM`: a still of what is on air, for the page, and for pages and chats that link to it. Nobody keeps it: it may be hidden any moment. */
export function posterRoutes({ posters, admission, addressOf, isBanned }: PosterRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get<PosterRequest>('/poster/:room', async (request, reply) => {
      // A page of another origin shows it anyway: it may also read why there is none.
      reply.headers({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' });
      const [address, room] = [addressOf(request.raw), requireRoomName(request.params.room)];
      admission.look(address);
      const ban = isBanned(address, room);
      if (ban) throw new BannedError(ban);
      const { type, body } = await posters.of(room, request.query.of);
      return reply.type(type).send(body);
    });
  };
}
