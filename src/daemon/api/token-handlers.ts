import type { Tokens } from '../access/tokens.ts';
import type { Handlers } from './handler-table.ts';

/** What the calls for tokens do. */
export function tokenHandlers(tokens: Pick<Tokens, 'create' | 'list' | 'revoke'>) {
  return {
    createToken: (input, { caller }) => tokens.create(input, caller),
    listTokens: (input) => tokens.list(input),
    revokeToken: ({ id }, { caller }) => tokens.revoke(id, caller),
  } satisfies Partial<Handlers>;
}
