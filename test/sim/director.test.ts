import * as fc from 'fast-check';
import { test } from 'vitest';
import { property } from './director.ts';

test('A programme is what was wanted last, whatever its sources do, and whatever dies', async () => {
  await fc.assert(property, { numRuns: 1500, seed: 8, endOnFailure: false });
}, 240_000);
