import { expect, test } from 'vitest';
import type { Plan } from '../../../../src/contract/plan.ts';
import { beginsRound, type PlayingItem } from '../../../../src/ingest/process/playlist/playing-item.ts';

const plan: Plan = { video: null, audio: { action: 'copy', codec: 'opus' } as Plan['audio'] };
const other: Plan = { video: null, audio: null };

test.each([
  { name: 'what begins', roundOf: null, begunBy: null, expected: false },
  { name: 'the next round', roundOf: plan, begunBy: null, expected: true },
  { name: 'the next round, by another plan', roundOf: other, begunBy: null, expected: false },
  { name: 'what is begun anew in its round', roundOf: plan, begunBy: plan, expected: false },
])('$name is a round: $expected', ({ roundOf, begunBy, expected }) => {
  const slot = { roundOf, begunBy } as PlayingItem;
  expect(beginsRound(slot, structuredClone(plan))).toBe(expected);
  expect(slot.begunBy).toEqual(plan);
});
