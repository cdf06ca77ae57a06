import type { ErrorBody } from '../../contract/errors.ts';
import type { Mark } from '../child/mark.ts';
import type { HttpOpening, RelayOpening } from './guard.ts';
import type { Address, Destination } from './network.ts';

/** What may be asked of the guard, with its answer; `id` names an opening, and is the call that asked for it, `mark` for what. */
export interface GuardCalls {
  http: {
    readonly ask: { readonly address: string; readonly mark: Mark | null };
    readonly answer: HttpOpening & { readonly id: number };
  };
  relay: {
    readonly ask: {
      readonly destination: Destination;
      readonly mask: 'redirects' | null;
      readonly mark: Mark | null;
    };
    readonly answer: RelayOpening & { readonly id: number };
  };
  addresses: { readonly ask: { readonly host: string }; readonly answer: readonly Address[] };
  refusal: { readonly ask: { readonly id: number }; readonly answer: ErrorBody | null };
  close: { readonly ask: { readonly id: number }; readonly answer: null };
}

export type GuardAsk = {
  [K in keyof GuardCalls]: { readonly kind: K } & GuardCalls[K]['ask'];
}[keyof GuardCalls];

/** What came of it. */
export type GuardAnswer = { readonly value: unknown } | { readonly error: ErrorBody };

/** From the daemon to the guard's process. */
export type GuardRequest =
  | { readonly type: 'begin'; readonly allowPrivateNetworks: boolean }
  /** No call of any life of it has the number of another. */
  | { readonly type: 'ask'; readonly call: number; readonly ask: GuardAsk };

/** From the guard's process to the daemon. */
export type GuardReport =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly call: number; readonly answer: GuardAnswer };
