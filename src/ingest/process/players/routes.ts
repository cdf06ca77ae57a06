import type { IncomingTrack } from '../../media/rtp-in/incoming-stream.ts';

/** The way of a publisher's RTP from mediasoup to one receiver. Plain data: it crosses to the ingest process. */
export interface RtpRoute {
  /** The port on loopback that packets will come from. */
  readonly peerPort: number;
  readonly tracks: readonly IncomingTrack[];
}

/** What the ingest process tells of a route that it has asked for. */
export type RouteReport =
  | { readonly type: 'route.wanted'; readonly route: number; readonly publication: string }
  /** Packets are to be sent to this port on loopback. */
  | { readonly type: 'route.connect'; readonly route: number; readonly port: number }
  | { readonly type: 'route.close'; readonly route: number };

/** One route that is there, until it is closed. */
export interface OpenRoute extends RtpRoute {
  connect(port: number): void;
  close(): void;
}

/** Asks the daemon, which has mediasoup, for routes. */
export class Routes {
  readonly #report: (report: RouteReport) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<RtpRoute>>();
  #count: number;

  /** @param first number of its routes, so that those of several processes are told apart */
  constructor(report: (report: RouteReport) => void, first = 0) {
    this.#report = report;
    this.#count = first;
  }

  /** Rejects where the publisher is gone. */
  async open(publication: string): Promise<OpenRoute> {
    const route = ++this.#count;
    const answer = Promise.withResolvers<RtpRoute>();
    this.#waiting.set(route, answer);
    this.#report({ type: 'route.wanted', route, publication });
    return {
      ...(await answer.promise),
      connect: (port) => this.#report({ type: 'route.connect', route, port }),
      close: () => this.#report({ type: 'route.close', route }),
    };
  }

  /** The daemon's answer; null: there is no such publisher. */
  answer(route: number, answer: RtpRoute | null): void {
    const waiting = this.#waiting.get(route);
    this.#waiting.delete(route);
    if (answer) waiting?.resolve(answer);
    else waiting?.reject(new Error('the publisher has left'));
  }
}
