import { asMiroliveError, type ErrorBody, MiroliveError } from '../../contract/errors.ts';
import type { Mark } from '../child/mark.ts';
import type { Guard, HttpOpening, Opened, RelayOpening } from './guard.ts';
import type { GuardAnswer, GuardAsk, GuardCalls } from './messages.ts';
import type { Address, Destination } from './network.ts';

type Kind = keyof GuardCalls;
type Ask<K extends Kind> = { readonly kind: K } & GuardCalls[K]['ask'];

/** The guard as processes see it that have media: it is asked by way of the daemon. */
export class RemoteGuard implements Guard {
  readonly #send: (call: number, ask: GuardAsk) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #calls = 0;

  constructor(send: (call: number, ask: GuardAsk) => void) {
    this.#send = send;
  }

  /** What came of a call. */
  answer(call: number, answer: GuardAnswer): void {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if ('error' in answer) waiting?.reject(errorOf(answer.error));
    else waiting?.resolve(answer.value);
  }

  async openHttp(address: string, mark: Mark | null): Promise<Opened<HttpOpening>> {
    const { id, ...opening } = await this.#ask({ kind: 'http', address, mark });
    return { ...opening, ...this.#heldOpen(id) };
  }

  async openRelay(
    destination: Destination,
    mask: 'redirects' | null,
    mark: Mark | null,
  ): Promise<Opened<RelayOpening>> {
    const { id, port } = await this.#ask({ kind: 'relay', destination, mask, mark });
    return { port, ...this.#heldOpen(id) };
  }

  addresses(host: string): Promise<readonly Address[]> {
    return this.#ask({ kind: 'addresses', host });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #heldOpen(id: number): Opened<object> {
    return {
      refusal: async () => {
        // Where it has died, that is why.
        const error = await this.#ask({ kind: 'refusal', id }).catch(asMiroliveError);
        return error && errorOf(error);
      },
      close: () => void this.#ask({ kind: 'close', id }).catch(() => {}),
    };
  }

  #ask<K extends Kind>(ask: Ask<K>): Promise<GuardCalls[K]['answer']> {
    const call = ++this.#calls;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(call, answer);
    this.#send(call, ask as GuardAsk);
    return answer.promise as Promise<GuardCalls[K]['answer']>;
  }
}

function errorOf({ code, message, hint }: ErrorBody): MiroliveError {
  return new MiroliveError(code, message, { hint });
}
