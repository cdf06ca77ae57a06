import type { Logger } from 'pino';
import { type Answers, onceOver } from '../../ingest/child/line.ts';
import type { RouteCalls } from '../../ingest/process/players/routes.ts';
import type { WhipMedia, WhipRoute } from './publication-media.ts';

/** Gives an ingest process the RTP of those who publish by WebRTC, where it asks for it. */
export function routeAnswers(
  media: (publication: string) => WhipMedia | undefined,
  log: Logger,
): Answers<RouteCalls> {
  const routes = new Map<number, WhipRoute & Pick<WhipMedia, 'refuse'>>();
  const failed = (id: number, publication?: string) => (error: unknown) => {
    log.warn({ err: error, route: id, publication }, 'a publisher could not be routed');
    throw error;
  };
  return {
    async route({ id, publication }, signal) {
      const whip = media(publication);
      if (!whip) throw new Error('the publisher has left');
      const route = await whip.route().catch(failed(id, publication));
      routes.set(id, { ...route, refuse: () => whip.refuse() });
      // Whoever has asked may be gone by now.
      onceOver(signal, () => {
        routes.delete(id);
        route.close();
      });
      return { peerPort: route.peerPort, tracks: route.tracks };
    },
    connectRoute: async ({ id, port }) => await routes.get(id)?.connect(port).catch(failed(id)),
    refuseRoute: ({ id }) => routes.get(id)?.refuse(),
  };
}
