import type { Change } from '../../contract/event/change.ts';
import type { Declared, DeclaredKey } from '../../contract/event/declared.ts';
import { newId } from '../../contract/ids.ts';
import type { KeyRecord } from '../publishers/keys/key-record.ts';
import { keyPlace } from './current.ts';

/** The stream keys as they are once changes are applied: those that are new, others, or void. */
export function keyRecords(
  changes: readonly Change[],
  { name, keys }: Pick<Declared, 'name' | 'keys'>,
  there: readonly KeyRecord[],
  nowMs: number,
): KeyRecord[] {
  const declared = new Map(keys.map((key) => [keyPlace(key), key]));
  const known = new Map(
    there.filter(({ revokedAt }) => revokedAt === null).map((key) => [keyPlace(key), key]),
  );
  return changes.flatMap(({ what, name: place, act }): KeyRecord[] => {
    if (what !== 'key') return [];
    const before = known.get(place);
    if (act === 'remove') return before ? [{ ...before, revokedAt: nowMs }] : [];
    const key = declared.get(place);
    return key ? [{ ...(before ?? newRecord(key, nowMs)), ...changed(key, before), appliedBy: name }] : [];
  });
}

function newRecord({ room, name, hash }: DeclaredKey, createdAt: number): KeyRecord {
  return {
    ...{ id: newId('k'), room, name, hash, createdAt },
    ...{ previousHash: null, expiresAt: null, lastUsedAt: null, revokedAt: null, appliedBy: null },
  };
}

function changed({ hash, expiresAt }: DeclaredKey, before: KeyRecord | undefined): Partial<KeyRecord> {
  return {
    hash,
    expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
    ...(before && before.hash !== hash && { previousHash: before.hash }),
  };
}
