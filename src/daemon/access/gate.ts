import { MiroliveError } from '../../contract/errors.ts';
import { tokenOf } from '../../contract/principal.ts';
import type { Gate } from '../api/dispatch.ts';
import type { Tokens } from './tokens.ts';

export interface GateOptions {
  readonly tokens: Pick<Tokens, 'stateOf'>;
}

/** Lets in whose token is valid still: a schedule has the rights of the token that it was made with for as long as that has them. */
export function createGate({ tokens }: GateOptions): Gate {
  return (caller) => {
    const id = tokenOf(caller);
    if (id === null) return;
    const state = tokens.stateOf(id);
    if (state === 'valid') return;
    const what = state ?? 'unknown';
    throw new MiroliveError('NOT_ALLOWED', `expected a token that is valid, got ${id}, which is ${what}`, {
      hint: 'Make another one, and what was made with it anew: mirolive tokens create --role operator',
    });
  };
}
