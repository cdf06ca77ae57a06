import { expect, test } from 'vitest';
import {
  countSufferers,
  mostSuffered,
  onlyNetwork,
  type Sufferer,
  untilReached,
  whoSuffers,
} from '../../../src/daemon/viewers/who-suffers.ts';

const renditions = ['360p', '720p', 'source'];
/** So many viewers alike. */
function viewers(count: number, one: Partial<Sufferer> = {}): Sufferer[] {
  const all = {
    ...{ id: 'v-aaaaaaaaaa', browser: null, state: 'playing' as const },
    ...{ address: '198.51.100.7', rendition: 'source', lossPercent: 0, frozenPercent: 0 },
    ...{ suffers: null, ...one },
  };
  return Array.from({ length: count }, (_, place) => ({
    ...all,
    address: one.address ?? `203.0.${place}.7`,
  }));
}

test.each<{ name: string; of: Sufferer[]; expected: ReturnType<typeof whoSuffers> }>([
  { name: 'nobody', of: viewers(5), expected: { by: 'all' } },
  { name: 'all', of: viewers(5, { suffers: 'loss' }), expected: { by: 'all' } },
  {
    name: 'those of one network',
    of: [...viewers(5, { address: '192.0.2.9', suffers: 'loss' }), ...viewers(20)],
    expected: { by: 'network', address: '192.0.2.0/24' },
  },
  {
    name: 'all of a small network, and a few of a large one',
    of: [
      ...viewers(5, { address: '192.0.2.9', suffers: 'loss' }),
      ...viewers(6, { address: '198.51.100.9', suffers: 'loss' }),
      ...viewers(94, { address: '198.51.100.9' }),
      ...viewers(195),
    ],
    expected: { by: 'network', address: '192.0.2.0/24' },
  },
  {
    name: 'those of one network of IPv6',
    of: [...viewers(5, { address: '2001:db8:7:1::9', suffers: 'loss' }), ...viewers(20)],
    expected: { by: 'network', address: '2001:db8:7::/48' },
  },
  {
    name: 'those of one network, and there are no others to compare with',
    of: [...viewers(5, { address: '192.0.2.9', suffers: 'loss' }), ...viewers(2)],
    expected: { by: 'all' },
  },
  {
    name: 'those of one network, and as many others',
    of: [
      ...viewers(5, { address: '192.0.2.9', suffers: 'loss' }),
      ...viewers(5, { suffers: 'loss' }),
      ...viewers(9),
    ],
    expected: { by: 'all' },
  },
  {
    name: 'those of one rendition',
    of: [...viewers(5, { rendition: '720p', suffers: 'frozen' }), ...viewers(20)],
    expected: { by: 'rendition', rendition: '720p' },
  },
  {
    name: 'those who were given the lowest rendition, since packets are lost',
    of: [...viewers(5, { rendition: '360p', suffers: 'loss' }), ...viewers(20)],
    expected: { by: 'all' },
  },
  {
    name: 'those of the lowest rendition, of which none is lost',
    of: [...viewers(5, { rendition: '360p', suffers: 'frozen' }), ...viewers(20)],
    expected: { by: 'rendition', rendition: '360p' },
  },
  {
    name: 'those of one network whose pictures stand still, and fewer than three pages tell of theirs',
    of: [
      ...viewers(5, { address: '192.0.2.9', suffers: 'frozen', frozenPercent: 20 }),
      ...viewers(20, { frozenPercent: null }),
      ...viewers(2),
    ],
    expected: { by: 'all' },
  },
  {
    name: 'those of one network whose pictures stand still, and three pages tell that theirs do not',
    of: [
      ...viewers(5, { address: '192.0.2.9', suffers: 'frozen', frozenPercent: 20 }),
      ...viewers(3, { lossPercent: null }),
    ],
    expected: { by: 'network', address: '192.0.2.0/24' },
  },
  {
    name: 'those of one network that lose packets, and of the others that is not known yet',
    of: [...viewers(5, { address: '192.0.2.9', suffers: 'loss' }), ...viewers(20, { lossPercent: null })],
    expected: { by: 'all' },
  },
  {
    name: 'those of one network, and the others wait',
    of: [...viewers(5, { address: '192.0.2.9', suffers: 'picture' }), ...viewers(20, { state: 'waiting' })],
    expected: { by: 'all' },
  },
])('whoSuffers tells $expected where it is $name', ({ of, expected }) => {
  expect(whoSuffers(of, renditions)).toEqual(expected);
});

test('countSufferers counts all, and those of the network in which most suffer', () => {
  const room = [
    ...viewers(3, { address: '192.0.2.9' }),
    ...viewers(2, { address: '192.0.2.10', suffers: 'loss' }),
    ...viewers(1, { suffers: 'frozen' }),
  ];
  expect(countSufferers(room)).toEqual({ viewers: 6, suffering: 3, network: { viewers: 5, suffering: 2 } });
  expect(countSufferers(viewers(3))).toEqual({ viewers: 3, suffering: 0, network: null });
});

test('mostSuffered is what most suffer', () => {
  const [one, two] = [viewers(1, { suffers: 'loss' }), viewers(2, { suffers: 'frozen' })];
  expect(mostSuffered([...one, ...two, ...viewers(9)])).toBe('frozen');
  expect(mostSuffered(viewers(2))).toBeNull();
});

test('untilReached holds those whose media is on its way for no better than those who get none', () => {
  const room = [...viewers(2, { state: 'connecting' }), ...viewers(2), ...viewers(2, { state: 'waiting' })];
  expect(countSufferers(untilReached(room))).toMatchObject({ viewers: 6, suffering: 2 });
});

test.each<{ name: string; of: Sufferer[]; expected: string | null }>([
  { name: 'nobody suffers', of: viewers(3), expected: null },
  { name: 'there is nobody else', of: viewers(3, { address: '192.0.2.9', suffers: 'loss' }), expected: null },
  {
    name: 'one plays elsewhere',
    of: [...viewers(3, { address: '192.0.2.9', suffers: 'loss' }), ...viewers(1)],
    expected: '192.0.2.0/24',
  },
  {
    name: 'who is elsewhere waits',
    of: [...viewers(3, { address: '192.0.2.9', suffers: 'loss' }), ...viewers(1, { state: 'waiting' })],
    expected: null,
  },
  {
    name: 'of the one who plays elsewhere nothing is known yet',
    of: [...viewers(3, { address: '192.0.2.9', suffers: 'loss' }), ...viewers(1, { lossPercent: null })],
    expected: null,
  },
  {
    name: 'media gets through to one elsewhere',
    of: [
      ...viewers(3, { address: '192.0.2.9', state: 'connecting', suffers: 'connecting' }),
      ...viewers(1, { lossPercent: null, frozenPercent: null }),
    ],
    expected: '192.0.2.0/24',
  },
  {
    name: 'one suffers elsewhere',
    of: [
      ...viewers(3, { address: '192.0.2.9', suffers: 'loss' }),
      ...viewers(1, { suffers: 'loss' }),
      ...viewers(9),
    ],
    expected: null,
  },
])('onlyNetwork gives $expected where $name', ({ of, expected }) => {
  expect(onlyNetwork(of)).toBe(expected);
});
