import { expect, test } from 'vitest';
import { type Fares, sufferingOf } from '../../../src/daemon/viewers/suffering.ts';

const well: Fares = {
  ...{ kind: 'page', state: 'playing', picture: true, lossPercent: 0, frozenPercent: 0, forMs: 60_000 },
};

test.each<{ name: string; fares: Partial<Fares>; expected: ReturnType<typeof sufferingOf> }>([
  { name: 'nothing is wrong', fares: {}, expected: null },
  { name: 'nothing is known', fares: { lossPercent: null, frozenPercent: null }, expected: null },
  { name: 'players repair what is lost', fares: { lossPercent: 4.9 }, expected: null },
  { name: 'more is lost', fares: { lossPercent: 5 }, expected: 'loss' },
  { name: 'the picture stood still for a moment', fares: { frozenPercent: 4.9 }, expected: null },
  { name: 'it stood still for three seconds of a minute', fares: { frozenPercent: 5 }, expected: 'frozen' },
  { name: 'both: what is lost is why', fares: { lossPercent: 9, frozenPercent: 50 }, expected: 'loss' },
  { name: 'a browser has no decoder', fares: { picture: false, lossPercent: 9 }, expected: 'picture' },
  { name: 'a WHEP player wants no picture', fares: { kind: 'whep', picture: false }, expected: null },
  { name: 'it connects', fares: { state: 'connecting', forMs: 9999 }, expected: null },
  { name: 'it does not get through', fares: { state: 'connecting', forMs: 10_000 }, expected: 'connecting' },
  { name: 'it waits for a broadcast', fares: { state: 'waiting', lossPercent: 50 }, expected: null },
])('sufferingOf gives $expected where $name', ({ fares, expected }) => {
  expect(sufferingOf({ ...well, ...fares })).toBe(expected);
});
