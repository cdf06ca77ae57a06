import type { Logger } from 'pino';
import type { IngestThread } from '../../ingest/pool/ingest-thread.ts';
import type { RouteReport } from '../../ingest/process/players/routes.ts';
import type { WhipMedia, WhipRoute } from './publication-media.ts';

/** Gives the ingest thread the RTP of those who publish by WebRTC, where it asks for it. */
export class Routing {
  readonly #media: (publication: string) => WhipMedia | undefined;
  readonly #log: Logger;
  readonly #routes = new Map<number, WhipRoute>();
  #thread: IngestThread | undefined;

  constructor(media: (publication: string) => WhipMedia | undefined, log: Logger) {
    this.#media = media;
    this.#log = log;
  }

  /** The thread that asks from now on; what another one had is closed. */
  serve(thread: IngestThread): void {
    for (const route of this.#routes.values()) route.close();
    this.#routes.clear();
    this.#thread = thread;
    thread.on('route', (report) => {
      this.#answer(thread, report).catch((error: unknown) => {
        this.#log.warn({ err: error, ...report }, 'a publisher could not be routed');
        if (report.type === 'route.wanted') thread.answerRoute(report.route, null);
      });
    });
  }

  async #answer(thread: IngestThread, report: RouteReport): Promise<void> {
    if (report.type === 'route.wanted') {
      const route = await this.#media(report.publication)?.route();
      if (route && thread !== this.#thread) route.close();
      else if (route) this.#routes.set(report.route, route);
      thread.answerRoute(report.route, route ? { peerPort: route.peerPort, tracks: route.tracks } : null);
      return;
    }
    const route = this.#routes.get(report.route);
    if (report.type === 'route.connect') await route?.connect(report.port);
    else {
      this.#routes.delete(report.route);
      route?.close();
    }
  }
}
