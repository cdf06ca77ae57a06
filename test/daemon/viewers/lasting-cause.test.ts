import { expect, test } from 'vitest';
import { causeAfter, type LastingCause } from '../../../src/daemon/viewers/lasting-cause.ts';
import type { Known } from '../../../src/daemon/viewers/likely-cause.ts';

const known: Known = {
  ...{ who: { by: 'all' }, most: 'loss', network: '192.0.2.0/24', networks: 1 },
  ...{ mediaPort: 29400, trouble: null },
  strain: { lagMs: 3, workerPercent: 20, cpuPercent: 50, others: { cores: 0.2, of: 2 } },
};
/** All watch from one network, so that nobody elsewhere speaks against the source. */
const frozen: Known = { ...known, most: 'frozen', network: null };

function after(...told: readonly (readonly [atMs: number, known: Known])[]): LastingCause | null {
  return told.reduce<LastingCause | null>((before, [atMs, now]) => causeAfter(before, now, atMs), null);
}

test('pictures that stood still while packets were lost have the cause of that until they count no more', () => {
  const lost = after([0, known]);
  expect(lost).toMatchObject({ cause: 'line', reason: expect.stringContaining('192.0.2.0/24 alone') });
  expect(after([0, known], [59_000, frozen])).toEqual({ ...lost, most: 'frozen' });
  expect(after([0, known], [30_000, frozen], [61_000, frozen])).toMatchObject({ cause: 'source' });
});

test('pictures that stand still and nothing was lost have the cause of now', () => {
  expect(after([0, frozen])).toMatchObject({ cause: 'source', lossAtMs: null });
});

test('what is told of those who get nothing does not last', () => {
  const unreached = after([0, known], [1000, { ...known, most: 'connecting' }]);
  expect(unreached).toMatchObject({ cause: 'line', next: 'way' });
  expect(after([0, known], [1000, { ...known, most: 'picture' }])).toMatchObject({ cause: 'source' });
});
