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
  /** One for each reach of the network. */
  readonly #http = new Map<Network, Promise<HttpGuard>>();

  constructor(network: Network, workMark = new WorkMark(null)) {
    this.#network = network;
    this.#workMark = workMark;
  }

  async openHttp(address: string, mark: Mark | null, wishes?: HttpWishes): Promise<OpenedHttp> {
    const http = await this.#httpOver(wishes?.confined ? this.#network.confined : this.#network);
    const opened = http.open(address, this.#slice(mark), wishes);
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

  #httpOver(network: Network): Promise<HttpGuard> {
    const begun =
      this.#http.get(network) ??
      HttpGuard.create(network).catch((error: unknown) => {
        this.#http.delete(network);
        throw error;
      });
    this.#http.set(network, begun);
    return begun;
  }

  #slice(mark: Mark | null): Slice {
    return mark ? this.#workMark.slice(mark) : unmarked;
  }

  addresses(host: string): Promise<readonly Address[]> {
    return this.#network.addresses(host);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#http.values()].map(async (http) => (await http).close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
