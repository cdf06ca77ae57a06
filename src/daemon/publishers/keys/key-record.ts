import type { StreamKey } from '../../../contract/publishing.ts';

/** A stream key as it is kept: times in ms since 1970, hashes instead of secrets. */
export interface KeyRecord {
  readonly id: string;
  readonly room: string;
  readonly name: string;
  readonly hash: string;
  /** Of the secret before the last rotation: whoever comes with it can be told from a stranger. */
  readonly previousHash: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  /** The name of the event file that declared it; null: none did. */
  readonly appliedBy: string | null;
}

/** Whether it may be used at a moment. */
export function keyState({ revokedAt, expiresAt }: KeyRecord, now: number): StreamKey['state'] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'valid';
}

/** A key as it is shown. */
export function keyModel(record: KeyRecord, now: number): StreamKey {
  const { id, room, name, createdAt, expiresAt, lastUsedAt } = record;
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    id,
    room,
    name,
    state: keyState(record, now),
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: iso(expiresAt),
    lastUsedAt: iso(lastUsedAt),
  };
}
