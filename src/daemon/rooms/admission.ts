import { MiroliveError } from '../../contract/errors.ts';

/**
 * Whether another broadcast may begin.
 *
 * @param limit `limits.broadcasts`
 * @param broadcasts those that are on air, without one that it takes the place of
 * @throws MiroliveError LIMIT_REACHED
 */
export function admitBroadcast(limit: number, broadcasts: number): void {
  if (broadcasts < limit) return;
  throw new MiroliveError('LIMIT_REACHED', `there are ${limit} broadcasts already`, {
    details: { key: 'limits.broadcasts' },
  });
}
