import type { TokenPrincipal } from '../../contract/principal.ts';
import type { TokenRole } from '../../contract/rights.ts';
import type { Token } from '../../contract/tokens.ts';

/** A token as it is kept: times in ms since 1970, a hash instead of its secret. */
export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly role: TokenRole;
  /** null: bound to none. */
  readonly rooms: readonly string[] | null;
  readonly hash: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

/** Whether it may be used at a moment. */
export function tokenState({ revokedAt, expiresAt }: TokenRecord, now: number): Token['state'] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'valid';
}

/** Its bearer, as calls are told of him. */
export function bearerOf({ id, name, role, rooms }: TokenRecord): TokenPrincipal {
  return { kind: 'token', id, name, role, rooms: rooms && [...rooms] };
}

/** A token as it is shown. */
export function tokenModel(record: TokenRecord, now: number): Token {
  const { kind: _, ...bearer } = bearerOf(record);
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    ...bearer,
    state: tokenState(record, now),
    createdAt: new Date(record.createdAt).toISOString(),
    expiresAt: iso(record.expiresAt),
    lastUsedAt: iso(record.lastUsedAt),
  };
}
