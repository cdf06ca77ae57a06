import * as fc from 'fast-check';
import { test } from 'vitest';
import { property } from './room.ts';

test('A room does what was wanted last, whatever dies and however commands cross', async () => {
  await fc.assert(property, { numRuns: 1500, seed: 8, endOnFailure: false });
}, 240_000);
