import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Counted,
  type Distress,
  distressAfter,
  noDistress,
} from '../../../src/daemon/viewers/distress.ts';

/** So many of so many, each for so many seconds; what was told, and at which second. */
function told(
  history: readonly (readonly [
    seconds: number,
    suffering: number,
    viewers: number,
    network?: Counted['network'],
  ])[],
) {
  const news: string[] = [];
  let distress: Distress = noDistress;
  let second = 0;
  for (const [seconds, suffering, viewers, network = null] of history)
    for (let passed = 0; passed < seconds; passed++) {
      const before = distress.kind;
      distress = distressAfter(distress, { viewers, suffering, network }, ++second * 1000);
      if ((before === 'told') !== (distress.kind === 'told'))
        news.push(`${distress.kind === 'told' ? 'suffers' : 'recovered'} ${second}`);
    }
  return news;
}

test.each<{ name: string; history: Parameters<typeof told>[0]; expected: string[] }>([
  { name: 'nobody', history: [[100, 0, 0]], expected: [] },
  { name: 'two, of however few', history: [[100, 2, 2]], expected: [] },
  { name: 'three of three', history: [[100, 3, 3]], expected: ['suffers 11'] },
  { name: 'less than a tenth', history: [[100, 9, 100]], expected: [] },
  { name: 'a tenth', history: [[100, 10, 100]], expected: ['suffers 11'] },
  {
    name: 'many for nine seconds',
    history: [
      [9, 50, 50],
      [1, 0, 50],
      [9, 50, 50],
      [60, 0, 50],
    ],
    expected: [],
  },
  {
    name: 'a network that is a small part, and of which half suffers',
    history: [[100, 5, 1000, { viewers: 10, suffering: 5 }]],
    expected: ['suffers 11'],
  },
  { name: 'less than half of one', history: [[100, 5, 1000, { viewers: 11, suffering: 5 }]], expected: [] },
  {
    name: 'many, then none',
    history: [
      [20, 5, 5],
      [100, 0, 5],
    ],
    expected: ['suffers 11', 'recovered 41'],
  },
  {
    name: 'many, then nearly as many: it is not over',
    history: [
      [20, 10, 100],
      [100, 6, 100],
    ],
    expected: ['suffers 11'],
  },
  {
    name: 'many who rest for less than twenty seconds again and again',
    history: Array.from(
      { length: 10 },
      () =>
        [
          [15, 5, 5],
          [19, 0, 5],
        ] as const,
    ).flat(),
    expected: ['suffers 11'],
  },
  {
    name: 'many again, sooner than a minute after it was told to be over',
    history: [
      [20, 5, 5],
      [30, 0, 5],
      [200, 5, 5],
    ],
    expected: ['suffers 11', 'recovered 41', 'suffers 101'],
  },
])('distressAfter, of $name, tells $expected', ({ history, expected }) => {
  expect(told(history)).toEqual(expected);
});

test('distressAfter tells no more than two things in a minute and a half, whatever viewers do', () => {
  const step = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 10 }), fc.constant(10));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (history) => {
      const seconds = told(history).map((news) => Number(news.split(' ')[1]));
      const starts = seconds.filter((_, place) => place % 2 === 0);
      return starts.every((second, place) => place === 0 || second - (starts[place - 1] ?? 0) >= 80);
    }),
    { numRuns: 200 },
  );
});
