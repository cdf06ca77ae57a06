import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Links } from '../access/links.ts';
import { refusal } from '../sfu/offers/refusal.ts';
import type { Admission } from './admission.ts';
import type { AddressOf } from './client-address.ts';
import { requireRoomName } from './require-room-name.ts';

/** What a page says who has been opened by a link. */
const entering = z.strictObject({ link: z.string().max(100) });

export interface EnterRoutesOptions {
  readonly links: Pick<Links, 'enter'>;
  readonly admission: Pick<Admission, 'knock'>;
  readonly addressOf: AddressOf;
}

/** `POST /enter/ROOM`: the secret of a watch link for a pass. A page asks when somebody has clicked, so that a robot that opens links spends none. */
export function enterRoutes({ links, admission, addressOf }: EnterRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    app.post<{ Params: { readonly room: string } }>('/enter/:room', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      admission.knock(addressOf(request.raw));
      const room = requireRoomName(request.params.room);
      const said = entering.safeParse(request.body);
      if (!said.success)
        throw refusal(400, 'expected {"link": "…"} as JSON', 'Open the link that you were sent');
      return { pass: links.enter(room, said.data.link) };
    });
  };
}
