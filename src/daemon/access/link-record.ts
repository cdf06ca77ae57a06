import type { Link } from '../../contract/links.ts';

/** A watch link as it is kept: times in ms since 1970, a hash instead of its secret. */
export interface LinkRecord {
  readonly id: string;
  readonly room: string;
  readonly name: string | null;
  readonly hash: string;
  /** Signs what those are known by who came by it. */
  readonly key: string;
  readonly maxUses: number | null;
  readonly uses: number;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

/** Links that are void are remembered for so long, in ms: who came by one that has expired may come back that long, and it is seen in lists. */
const voidKeptMs = 90 * 86_400_000;

/** Whether somebody may come by it at a moment. */
export function linkState(record: LinkRecord, now: number): Link['state'] {
  const { revokedAt, expiresAt, maxUses, uses } = record;
  if (revokedAt !== null) return 'revoked';
  if (expiresAt !== null && expiresAt <= now) return 'expired';
  return maxUses !== null && uses >= maxUses ? 'spent' : 'valid';
}

/** Whether somebody may come by it, or has, and may come back. */
export function isOfUse(record: LinkRecord, now: number): boolean {
  const state = linkState(record, now);
  return state === 'valid' || (state !== 'revoked' && record.uses > 0 && !isPast(record, now));
}

/** Whether it was void long ago: nobody comes by it any more, nor back. */
export function isPast({ revokedAt, expiresAt }: LinkRecord, now: number): boolean {
  return Math.min(revokedAt ?? now, expiresAt ?? now) < now - voidKeptMs;
}

/** A link as it is shown. */
export function linkModel(record: LinkRecord, now: number): Link {
  const { hash: _, key: __, revokedAt: ___, createdAt, expiresAt, lastUsedAt, ...shown } = record;
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    ...shown,
    state: linkState(record, now),
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: iso(expiresAt),
    lastUsedAt: iso(lastUsedAt),
  };
}
