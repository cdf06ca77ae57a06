import type { Clock } from '../../../contract/clock.ts';
import type { IncomingTrack } from '../../media/rtp-in/incoming-stream.ts';
import { inTime } from '../in-time.ts';

/** So long it is waited for, in ms: mediasoup makes one at once, and a worker that is stopped never does. */
const timeoutMs = 5000;

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

  /** Whether one is waited for. */
  get waits(): boolean {
    return this.#waiting.size > 0;
  }

  /** Rejects where the publisher is gone, where nobody answers (SOURCE_TIMEOUT), or with the signal's reason. */
  async open(publication: string, clock: Clock, signal: AbortSignal): Promise<OpenRoute> {
    const route = ++this.#count;
    const answer = Promise.withResolvers<RtpRoute>();
    this.#waiting.set(route, answer);
    this.#report({ type: 'route.wanted', route, publication });
    const close = () => this.#report({ type: 'route.close', route });
    try {
      const wait = { timeoutMs, clock, done: 'routed', signal };
      return {
        ...(await inTime(() => answer.promise, wait)),
        connect: (port) => this.#report({ type: 'route.connect', route, port }),
        close,
      };
    } catch (error) {
      this.#waiting.delete(route);
      close();
      throw error;
    }
  }

  /** The daemon's answer; null: there is no such publisher. */
  answer(route: number, answer: RtpRoute | null): void {
    const waiting = this.#waiting.get(route);
    this.#waiting.delete(route);
    if (answer) waiting?.resolve(answer);
    else waiting?.reject(new Error('the publisher has left'));
  }
}
