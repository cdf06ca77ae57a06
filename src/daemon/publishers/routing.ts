import type { Logger } from 'pino';
import type { IngestPool } from '../../ingest/pool/ingest-pool.ts';
import type { RouteReport } from '../../ingest/process/players/routes.ts';
import type { WhipMedia, WhipRoute } from './publication-media.ts';

/** Gives ingest processes the RTP of those who publish by WebRTC, where they ask for it. */
export class Routing {
  readonly #media: (publication: string) => WhipMedia | undefined;
  readonly #log: Logger;
  readonly #routes = new Map<number, WhipRoute>();
  /** Routes that are being made. */
  readonly #wanted = new Set<number>();

  constructor(media: (publication: string) => WhipMedia | undefined, log: Logger) {
    this.#media = media;
    this.#log = log;
  }

  serve(pool: IngestPool): void {
    pool.on('route', (report) => {
      this.#answer(pool, report).catch((error: unknown) => {
        this.#log.warn({ err: error, ...report }, 'a publisher could not be routed');
        if (report.type === 'route.wanted') pool.answerRoute(report.route, null);
      });
    });
  }

  async #answer(pool: IngestPool, report: RouteReport): Promise<void> {
    if (report.type === 'route.wanted') {
      this.#wanted.add(report.route);
      const route = await this.#media(report.publication)?.route();
      // Whoever has asked may be gone by now.
      if (!this.#wanted.delete(report.route)) route?.close();
      else if (route) this.#routes.set(report.route, route);
      pool.answerRoute(report.route, route ? { peerPort: route.peerPort, tracks: route.tracks } : null);
      return;
    }
    const route = this.#routes.get(report.route);
    if (report.type === 'route.connect') await route?.connect(report.port);
    else {
      this.#wanted.delete(report.route);
      this.#routes.delete(report.route);
      route?.close();
    }
  }
}
