import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import type { WorkerSlot } from './media-worker.ts';

/** The first estimate of what a viewer's line carries, in bit/s: an average stream, so that it starts at once. */
export const initialBitrateBps = 4_000_000;

interface ClientTransportEvents {
  /** DTLS is up: media can flow. */
  connected: [];
  /** The connection is lost, or the Router is gone. */
  lost: [];
  /** A viewer gets another layer of the picture, 0 the lowest; null: none. */
  layer: [number | null];
}

/** One client's WebRtcTransport, whoever that is: the page and WHEP receive over it, WHIP sends. */
export class ClientTransport extends EventEmitter<ClientTransportEvents> {
  readonly transport: types.WebRtcTransport;

  protected constructor(transport: types.WebRtcTransport) {
    super();
    this.transport = transport;
    transport.on('dtlsstatechange', (state) => {
      if (state === 'connected') this.emit('connected');
      if (state === 'failed' || state === 'closed') this.emit('lost');
    });
    transport.on('icestatechange', (state) => {
      if (state === 'disconnected') this.emit('lost');
    });
    transport.on('routerclose', () => this.emit('lost'));
  }

  static async create(router: types.Router, slot: WorkerSlot): Promise<ClientTransport> {
    return new ClientTransport(await openTransport(router, slot));
  }

  close(): void {
    this.removeAllListeners();
    this.transport.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A transport on the worker's one port. */
export function openTransport(router: types.Router, slot: WorkerSlot): Promise<types.WebRtcTransport> {
  return router.createWebRtcTransport({
    webRtcServer: slot.server,
    enableUdp: true,
    enableTcp: true,
    preferUdp: true,
    initialAvailableOutgoingBitrate: initialBitrateBps,
  });
}
