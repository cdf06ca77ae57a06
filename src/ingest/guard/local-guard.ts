import type { Mark } from '../child/mark.ts';
import { type Slice, unmarked, WorkMark } from '../child/work-mark.ts';
import type { Guard, HttpWishes, OpenedHttp, OpenedRelay, RelayedProtocol } from './guard.ts';
import { HttpGuard } from './http-guard.ts';
import type { Address, Destination, Network } from './network.ts';
import { Relay } from './relay.ts';
import { RtspBridge } from './rtsp/rtsp-bridge.ts';

/** The guard itself. It reads what strangers send: where there are media, it runs in a process of its own. */
export class LocalGuard implements Guard {
  readonly #network: Network;
  readonly #workMark: WorkMark;
  #http: Promise<HttpGuard> | undefined;

  constructor(network: Network, workMark = new WorkMark(null)) {
    this.#network = network;
    this.#workMark = workMark;
  }

  async openHttp(address: string, mark: Mark | null, wishes?: HttpWishes): Promise<OpenedHttp> {
    this.#http ??= HttpGuard.create(this.#network).catch((error: unknown) => {
      this.#http = undefined;
      throw error;
    });
    const opened = (await this.#http).open(address, this.#slice(mark), wishes);
    const { location, env } = opened;
    return {
      ...{ location, env },
      refusal: async () => opened.refusal,
      variants: async () => opened.variants,
      close: () => opened.close(),
    };
  }

  async openRelay(
    destination: Destination,
    protocol: RelayedProtocol,
    mark: Mark | null,
  ): Promise<OpenedRelay> {
    const slice = this.#slice(mark);
    const relay = await Relay.create({
      ...{ network: this.#network, destination },
      ...(protocol === 'rtsp' && { between: (ends) => new RtspBridge(ends, slice) }),
    });
    return {
      port: relay.port,
      refusal: async () => relay.refusal,
      byUdp: async () => relay.byUdp,
      close: () => void relay.close(),
    };
  }

  #slice(mark: Mark | null): Slice {
    return mark ? this.#workMark.slice(mark) : unmarked;
  }

  addresses(host: string): Promise<readonly Address[]> {
    return this.#network.addresses(host);
  }

  async close(): Promise<void> {
    await (await this.#http)?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
