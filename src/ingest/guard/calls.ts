import type { ErrorBody } from '../../contract/errors.ts';
import type { Mark } from '../child/mark.ts';
import type { HttpOpening, RelayOpening } from './guard.ts';
import type { Address, Destination } from './network.ts';

/** A name that no other opening of any life of the guard has. */
interface Named {
  readonly id: string;
}

/** What may be asked of the guard. What `http` and `relay` open is held until whoever has asked lets go of it; `mark` says what for. */
export interface GuardCalls {
  http(opening: { readonly address: string; readonly mark: Mark | null }): HttpOpening & Named;
  relay(opening: {
    readonly destination: Destination;
    readonly mask: 'redirects' | null;
    readonly mark: Mark | null;
  }): RelayOpening & Named;
  addresses(of: { readonly host: string }): readonly Address[];
  refusal(of: Named): ErrorBody | null;
}

/** What the daemon asks of the guard's process: all that others ask by way of it. */
export interface GuardProcessCalls extends GuardCalls {
  begin(settings: { readonly allowPrivateNetworks: boolean }): void;
}
