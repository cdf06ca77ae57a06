import type { Clock } from '../../../contract/clock.ts';
import type { Asker } from '../../child/line.ts';
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

/** What is asked of the daemon, which has mediasoup. A route is held; `id` names it, among those of one process. */
export interface RouteCalls {
  route(wanted: { readonly id: number; readonly publication: string }): RtpRoute;
  /** Packets are to be sent to this port on loopback. */
  connectRoute(route: { readonly id: number; readonly port: number }): void;
  /** More comes by it than may: whoever sends that is to be ended. */
  refuseRoute(route: { readonly id: number }): void;
}

/** One route that is there, until it is closed. */
export interface OpenRoute extends RtpRoute {
  connect(port: number): void;
  /** More comes than may. */
  refuse(): void;
  close(): void;
}

/** Asks the daemon, which has mediasoup, for routes. */
export class Routes {
  readonly #daemon: Asker<RouteCalls>;
  /** Rooms that wait, once for each route. */
  readonly #waiting: string[] = [];
  #count = 0;

  constructor(daemon: Asker<RouteCalls>) {
    this.#daemon = daemon;
  }

  /** Whether one is waited for in a room. */
  waits(room: string): boolean {
    return this.#waiting.includes(room);
  }

  /** Rejects where the publisher is gone, where nobody answers (SOURCE_TIMEOUT), or with the signal's reason. */
  async open(room: string, publication: string, clock: Clock, signal: AbortSignal): Promise<OpenRoute> {
    const id = ++this.#count;
    const over = new AbortController();
    const close = () => over.abort();
    this.#waiting.push(room);
    try {
      const route = await inTime(() => this.#daemon.hold('route', { id, publication }, over.signal), {
        ...{ timeoutMs, clock, done: 'routed', signal },
      });
      // The daemon logs why where it cannot be connected.
      const connect = (port: number) => void this.#daemon.ask('connectRoute', { id, port }).catch(() => {});
      const refuse = () => this.#daemon.tell('refuseRoute', { id });
      return { ...route, connect, refuse, close };
    } catch (error) {
      close();
      throw error;
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(room), 1);
    }
  }
}
