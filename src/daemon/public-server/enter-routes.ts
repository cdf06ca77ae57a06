import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Clock } from '../../contract/clock.ts';
import { browserId } from '../../contract/names.ts';
import type { Links } from '../access/links.ts';
import { refusal } from '../sfu/offers/refusal.ts';
import { BannedError, type Bans } from '../viewers/bans.ts';
import type { Admission } from './admission.ts';
import type { AddressOf } from './client-address.ts';
import { RecentPasses } from './recent-passes.ts';
import { requireRoomName } from './require-room-name.ts';

/** What a page says who has been opened by a link. `browser`: whoever says it gets the same pass once more, within a minute. */
const entering = z.strictObject({ link: z.string().max(100), browser: browserId.optional() });

export interface EnterRoutesOptions {
  readonly links: Pick<Links, 'enter' | 'guest'>;
  readonly bans: Pick<Bans, 'find'>;
  readonly admission: Pick<Admission, 'enters'>;
  readonly addressOf: AddressOf;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** `POST /enter/ROOM`: the secret of a watch link for a pass. A page asks when somebody has clicked, so that a robot that opens links spends none. */
export function enterRoutes({ links, bans, admission, addressOf, clock }: EnterRoutesOptions) {
  const recent = new RecentPasses(clock);
  return async (app: FastifyInstance): Promise<void> => {
    app.post<{ Params: { readonly room: string } }>('/enter/:room', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const address = addressOf(request.raw);
      admission.enters(address);
      const room = requireRoomName(request.params.room);
      const said = entering.safeParse(request.body);
      if (!said.success)
        throw refusal(400, 'expected {"link": "…"} as JSON', 'Open the link that you were sent');
      const { link, browser } = said.data;
      // What is his own is banned: no use of his link helps him.
      const ban = bans.find({ address, browser: browser ?? null, guest: null, room });
      if (ban) throw new BannedError(ban);
      const give = () => links.enter(room, link);
      if (browser === undefined) return { pass: give() };
      return { pass: recent.of(link, browser, (pass) => links.guest(room, pass) !== null, give) };
    });
  };
}
