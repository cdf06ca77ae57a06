import { expect, test } from 'vitest';
import type { Viewer } from '../../../src/contract/models.ts';
import { audienceOf } from '../../../src/daemon/view/audience-of.ts';
import { viewer } from '../../cli/samples.ts';

const unknown: Partial<Viewer> = { bitrateBps: null, lossPercent: null, roundTripMs: null };

test.each<{ name: string; viewers: Partial<Viewer>[]; expected: Partial<ReturnType<typeof audienceOf>> }>([
  {
    name: 'nobody',
    viewers: [],
    expected: { viewers: 0, bitrateBps: null, lossPercent: null, worstLossPercent: null, suffering: null },
  },
  { name: 'who was not looked at yet', viewers: [unknown], expected: { bitrateBps: null, suffering: null } },
  {
    name: 'one of them bad: the one in the middle says so little of it that the worst stands beside it',
    viewers: [{ lossPercent: 0 }, { lossPercent: 0.2 }, { lossPercent: 30, suffers: 'loss' }],
    expected: { lossPercent: 0.2, worstLossPercent: 30, suffering: 1 },
  },
  {
    name: 'some who were not looked at: they count as the others do',
    viewers: [{ bitrateBps: 1_000_000 }, { bitrateBps: 3_000_000 }, unknown, unknown],
    expected: { bitrateBps: 8_000_000, suffering: 0 },
  },
  {
    name: 'one who waits: nothing leaves for it',
    viewers: [{ bitrateBps: 1_000_000 }, { ...unknown, state: 'waiting', rendition: null }],
    expected: { viewers: 2, playing: 1, bitrateBps: 1_000_000, renditions: { '480p': 1 } },
  },
  {
    name: 'one who does not get through, before anybody was looked at',
    viewers: [{ ...unknown, state: 'connecting', suffers: 'connecting' }],
    expected: { bitrateBps: null, suffering: 1 },
  },
])('audienceOf tells of $name', ({ viewers, expected }) => {
  expect(audienceOf(viewers.map((one) => ({ ...viewer, ...one })))).toMatchObject(expected);
});
