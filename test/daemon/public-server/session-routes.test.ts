import { EventEmitter } from 'node:events';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { HttpSession } from '../../../src/daemon/public-server/http-session.ts';
import { SessionRoutes } from '../../../src/daemon/public-server/session-routes.ts';
import type { ClientTransport } from '../../../src/daemon/sfu/client-transport.ts';
import type { Offer } from '../../../src/daemon/sfu/offers/offer.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('A session that was ended while it was opened is not answered as one that is there, and not kept; no other method is taken, of any type', async () => {
  const clock = new VirtualClock();
  const opened: HttpSession[] = [];
  const routes = new SessionRoutes({
    protocol: 'whip',
    specification: 'RFC 9725',
    missing: 'PUBLISHER_NOT_FOUND',
    addressOf: () => '127.0.0.1',
    open: async () => {
      const transport = { iceParameters: { usernameFragment: 'abcd' } };
      const media = Object.assign(new EventEmitter(), { transport }) as unknown as ClientTransport;
      const offer = { iceUfrag: 'efgh' } as Offer;
      const session = new HttpSession({
        offer,
        answer: 'v=0',
        media,
        scope: new DisposableStack(),
        clock,
        connectMs: 15_000,
      });
      opened.push(session);
      if (opened.length === 1) session.close();
      return session;
    },
  });
  await using app = fastify();
  await app.register(routes.routes);
  const post = () =>
    app.inject({
      method: 'POST',
      url: '/whip/lobby',
      headers: { 'content-type': 'application/sdp' },
      body: 'v=0',
    });
  expect((await post()).json()).toMatchObject({ code: 'PUBLISHER_NOT_FOUND' });
  const ended = await app.inject({ method: 'DELETE', url: `/whip/lobby/${opened[0]?.id}` });
  expect(ended.json()).toMatchObject({ code: 'PUBLISHER_NOT_FOUND' });
  const { statusCode, headers } = await post();
  expect(statusCode).toBe(201);
  expect((await app.inject({ method: 'DELETE', url: headers.location ?? '' })).statusCode).toBe(200);
  for (const [method, url, allow] of [
    ['PUT', '/whip/lobby', 'OPTIONS, POST'],
    ['PUT', headers.location ?? '', 'OPTIONS, DELETE, PATCH'],
    ['POST', headers.location ?? '', 'OPTIONS, DELETE, PATCH'],
  ] as const) {
    const refused = await app.inject({ method, url, headers: { 'content-type': 'text/plain' }, body: 'a' });
    expect([refused.statusCode, refused.headers.allow]).toEqual([405, allow]);
  }
  expect(clock.timers).toBe(0);
});
