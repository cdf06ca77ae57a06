import { asMiroliveError } from '../../contract/errors.ts';
import { type Asker, errorOf } from '../child/line.ts';
import type { Mark } from '../child/mark.ts';
import type { GuardCalls } from './calls.ts';
import type { Guard, HttpWishes, OpenedHttp, OpenedRelay, RelayedProtocol } from './guard.ts';
import type { Address, Destination } from './network.ts';

/** The guard as processes see it that have media: it is asked by way of the daemon. */
export class RemoteGuard implements Guard {
  readonly #daemon: Asker<GuardCalls>;

  constructor(daemon: Asker<GuardCalls>) {
    this.#daemon = daemon;
  }

  async openHttp(address: string, mark: Mark | null, wishes?: HttpWishes): Promise<OpenedHttp> {
    const over = new AbortController();
    const opening = await this.#daemon.hold('http', { address, mark, wishes }, over.signal);
    const { id } = opening;
    return { ...this.#opened(opening, over), variants: () => this.#daemon.ask('variants', { id }) };
  }

  async openRelay(
    destination: Destination,
    protocol: RelayedProtocol,
    mark: Mark | null,
  ): Promise<OpenedRelay> {
    const over = new AbortController();
    const opening = await this.#daemon.hold('relay', { destination, protocol, mark }, over.signal);
    const { id } = opening;
    return { ...this.#opened(opening, over), byUdp: () => this.#daemon.ask('byUdp', { id }) };
  }

  addresses(host: string): Promise<readonly Address[]> {
    return this.#daemon.ask('addresses', { host });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #opened<T extends { readonly id: string }>({ id, ...opening }: T, over: AbortController) {
    return {
      ...opening,
      refusal: async () => {
        // Where it has died, that is why.
        const error = await this.#daemon.ask('refusal', { id }).catch(asMiroliveError);
        return error && errorOf(error);
      },
      close: () => over.abort(),
    };
  }
}
