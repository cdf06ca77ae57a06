import { expect, test } from 'vitest';
import { healthOf, type RoomFacts } from '../../../src/daemon/view/health-of.ts';
import { broadcast, programmeState } from '../../cli/samples.ts';

const facts: RoomFacts = {
  ...{ name: 'lobby', entry: 'open', broadcast, programme: programmeState, missing: null, distress: null },
  audience: { viewers: 20, suffering: 0 },
  slow: null,
};
const slow = { reason: 'ffmpeg is too slow, 47 % of real time', hint: 'Take load off it' };
const distress = {
  of: 'many',
  reason: 'the line may be full',
  hint: 'See who: mirolive viewers list',
} as const;
const who = 'See who: mirolive viewers --room lobby --sort suffers';

test.each<{ name: string; of: Partial<RoomFacts>; expected: ReturnType<typeof healthOf> }>([
  { name: 'nobody suffers', of: {}, expected: { word: 'well', reason: null } },
  {
    name: 'nobody knows',
    of: { audience: { viewers: 20, suffering: null } },
    expected: { word: 'well', reason: null },
  },
  {
    name: 'one of twenty does',
    of: { audience: { viewers: 20, suffering: 1 } },
    expected: { word: 'well', reason: null },
  },
  {
    name: 'a tenth does',
    of: { audience: { viewers: 20, suffering: 2 } },
    expected: { word: 'strained', reason: `2 of 20 viewers have it bad. ${who}` },
  },
  {
    name: 'half do, and it was told why',
    of: { audience: { viewers: 20, suffering: 10 }, distress },
    expected: { word: 'bad', reason: `10 of 20 viewers have it bad: ${distress.reason}. ${distress.hint}` },
  },
  {
    name: 'a small part does, of one network',
    of: { audience: { viewers: 200, suffering: 5 }, distress },
    expected: {
      word: 'strained',
      reason: `5 of 200 viewers have it bad: ${distress.reason}. ${distress.hint}`,
    },
  },
  {
    name: 'nobody is there at the moment of those who try in vain',
    of: { audience: { viewers: 1, suffering: null }, distress: { ...distress, between: 3 } },
    expected: { word: 'bad', reason: `3 of 4 viewers have it bad: ${distress.reason}. ${distress.hint}` },
  },
  {
    name: 'the only one does',
    of: { audience: { viewers: 1, suffering: 1 } },
    expected: { word: 'strained', reason: `the only viewer has it bad. ${who}` },
  },
  {
    name: 'half do, and that is few: it is known why, and nobody is woken',
    of: { audience: { viewers: 2, suffering: 1 }, distress: { ...distress, of: 'few' } },
    expected: {
      word: 'strained',
      reason: `1 of 2 viewers have it bad: ${distress.reason}. ${distress.hint}`,
    },
  },
  {
    name: 'a small part does, and nothing was told',
    of: { audience: { viewers: 200, suffering: 5 }, distress: { ...distress, of: 'few' } },
    expected: { word: 'well', reason: null },
  },
  {
    name: 'ffmpeg is too slow',
    of: { slow },
    expected: { word: 'strained', reason: `${slow.reason}. ${slow.hint}` },
  },
  {
    name: 'it is, and most suffer',
    of: { slow, audience: { viewers: 19, suffering: 11 } },
    expected: { word: 'bad', reason: `11 of 19 viewers have it bad: ${slow.reason}. ${slow.hint}` },
  },
  {
    name: 'it is, and it was told that half suffer',
    of: { slow, distress, audience: { viewers: 20, suffering: 10 } },
    expected: {
      word: 'bad',
      reason: `10 of 20 viewers have it bad: ${distress.reason}; ${slow.reason}. ${slow.hint}`,
    },
  },
  {
    name: 'something is missing: that comes first',
    of: {
      audience: { viewers: 1, suffering: 1 },
      missing: { part: 'room lobby', reason: 'no slate', failures: 1, nextTryAt: null } as never,
    },
    expected: { word: 'bad', reason: 'no slate' },
  },
])('healthOf is $expected.word where $name', ({ of, expected }) => {
  expect(healthOf({ ...facts, ...of })).toEqual(expected);
});
