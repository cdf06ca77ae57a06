import { expect, test } from 'vitest';
import { sumCounts } from '../../scripts/setup/sum-counts.mjs';

test.each([
  { name: 'all', outputs: ['x\n12 passed, 0 failed\n', '3 passed, 1 failed\n'], sum: '15 passed, 1 failed' },
  {
    name: 'those that were skipped',
    outputs: ['2 passed, 0 failed, 1 skipped\n', '3 passed, 0 failed, 2 skipped\n'],
    sum: '5 passed, 0 failed, 3 skipped',
  },
  {
    name: 'the last line of each',
    outputs: ['9 passed, 9 failed\n2 passed, 0 failed\n'],
    sum: '2 passed, 0 failed',
  },
  {
    name: 'a run that came to no count as one that failed',
    outputs: ['2 passed, 0 failed\n', 'error: no space left\n'],
    sum: '2 passed, 1 failed',
  },
])('sumCounts counts $name', ({ outputs, sum }) => {
  expect(sumCounts(outputs)).toBe(sum);
});
