import type { FastifyInstance, FastifyReply } from 'fastify';

/** How the daemon is, as it is asked for each time. */
export interface Health {
  /** Parts that are away and could not be had back so far. */
  readonly degraded: readonly { readonly part: string; readonly reason: string }[];
  /** Whether any room can be served. */
  readonly servable: boolean;
  /** Whether it has started and is not ending. */
  readonly ready: boolean;
}

/**
 * `/healthz`, for who starts a daemon anew: 200 as long as any room can be served. `/readyz`, for who sends viewers: 200 from
 * the end of the start to the beginning of the end. Anybody may ask, so that kinds of parts are counted, and neither names nor reasons are told.
 */
export function healthRoutes(health: Health) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get('/healthz', async (_request, reply) => {
      const reasons = kinds(health.degraded);
      const status = reasons.length > 0 || !health.servable ? 'degraded' : 'ok';
      return answer(reply, health.servable, { status, reasons });
    });
    app.get('/readyz', async (_request, reply) => answer(reply, health.ready, { ready: health.ready }));
  };
}

/** A room's part is called by its name too, which is nobody's business. */
function kinds(degraded: Health['degraded']): readonly { part: string; count: number }[] {
  const byKind = Map.groupBy(degraded, ({ part }) => part.split(' ', 1)[0] ?? part);
  return [...byKind].map(([part, { length: count }]) => ({ part, count }));
}

function answer(reply: FastifyReply, well: boolean, body: object): FastifyReply {
  return reply
    .code(well ? 200 : 503)
    .header('cache-control', 'no-store')
    .send(body);
}
