import { expect, test } from 'vitest';
import { LineWatch } from '../../../src/daemon/viewers/line-watch.ts';
import { pseudoRandom } from '../../helpers/pseudo-random.ts';
import { SimulatedLine } from '../../helpers/simulated-line.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** 240p, 480p, 720p. */
const allBps = [380_000, 950_000, 2_100_000];
const best = allBps.length - 1;

test.each([
  { name: 'a home router’s queue', queueMs: 150, reportMs: 1000 },
  { name: 'a queue of three seconds', queueMs: 3000, reportMs: 1000 },
  { name: 'reports twice a second', queueMs: 150, reportMs: 500 },
])('a line that carries less is given less within 5 s, and all again: $name', async (options) => {
  const { clock, line, watch } = watched(options);
  await clock.pass(30_000);
  expect(line.layers).toEqual([{ atMs: 0, layer: best }]);
  line.capacityBps = 800_000;
  await clock.pass(5000);
  expect(line.currentLayers.spatialLayer).toBe(0);
  await clock.pass(40_000);
  line.capacityBps = 10_000_000;
  await clock.pass(60_000);
  expect(line.currentLayers.spatialLayer).toBe(best);
  watch.close();
});

test.each([
  { capacityBps: 500_000, layer: 0 },
  { capacityBps: 800_000, layer: 0 },
  { capacityBps: 1_200_000, layer: 1 },
  { capacityBps: 1_900_000, layer: 1 },
  { capacityBps: 2_400_000, layer: 2 },
])('a line of $capacityBps bit/s settles on layer $layer', async ({ capacityBps, layer }) => {
  const { clock, line, watch } = watched();
  line.capacityBps = capacityBps;
  await clock.pass(300_000);
  const before = { changes: line.layers.length, fullMs: line.fullMs };
  await clock.pass(300_000);
  // One try in two minutes, and back.
  expect(line.layers.length - before.changes).toBeLessThanOrEqual(10);
  expect(line.fullMs - before.fullMs).toBeLessThan(0.05 * 300_000);
  expect(sharesOf(line, 300_000, 600_000)[layer]).toBeGreaterThan(0.93);
  watch.close();
});

test.each([0, 4000, 20_000])(
  'a bad moment %d ms after joining keeps a viewer down for one patience, not for that of a failed try',
  async (fromMs) => {
    const { clock, line, watch } = watched({ layersBps: [380_000, 2_100_000] });
    await clock.pass(fromMs);
    line.capacityBps = 600_000;
    await clock.pass(4000);
    line.capacityBps = 10_000_000;
    await clock.pass(60_000);
    expect(line.layers.map(({ layer }) => layer)).toEqual([1, 0, 1]);
    const [, fallen, risen] = line.layers;
    expect((risen?.atMs ?? 0) - (fallen?.atMs ?? 0)).toBeLessThan(16_000);
    watch.close();
  },
);

test.each([300_000, 500_000, 800_000, 1_200_000, 1_900_000])(
  'a line of %d bit/s is tried four times in the first five minutes, each time after a longer wait',
  async (capacityBps) => {
    const { clock, line, watch } = watched({ capacityBps, layersBps: [380_000, 2_100_000] });
    await clock.pass(300_000);
    const triedMs = line.layers
      .filter(({ layer }, index) => index > 0 && layer === 1)
      .map(({ atMs }) => atMs);
    // What carries not even the lowest one has nothing to try.
    expect(triedMs.length).toBeGreaterThanOrEqual(capacityBps > 380_000 ? 3 : 0);
    expect(triedMs.length).toBeLessThanOrEqual(4);
    const waits = triedMs.map((atMs, index) => atMs - (triedMs[index - 1] ?? 0));
    // The longest one is two minutes, and the way down and up.
    expect(waits).toEqual(waits.toSorted((one, other) => one - other));
    watch.close();
  },
);

test.each([0.01, 0.02])('a share of %d that is lost by chance costs no layer', async (randomLoss) => {
  const { clock, line, watch } = watched();
  line.randomLoss = randomLoss;
  await clock.pass(300_000);
  expect(line.layers).toEqual([{ atMs: 0, layer: best }]);
  watch.close();
});

test('what is lost by chance does not keep a viewer down for ever', async () => {
  const { clock, line, watch } = watched();
  line.randomLoss = 0.02;
  line.capacityBps = 600_000;
  await clock.pass(20_000);
  expect(line.currentLayers.spatialLayer).toBe(0);
  line.capacityBps = 10_000_000;
  await clock.pass(90_000);
  expect(line.currentLayers.spatialLayer).toBe(best);
  watch.close();
});

test('each of several viewers has what its own line carries', async () => {
  const clock = new VirtualClock();
  const lines = [700_000, 1_400_000, 3_000_000].map((capacityBps, seed) =>
    watched({ clock, capacityBps, seed }),
  );
  await clock.pass(60_000);
  expect(lines.map(({ line }) => mostly(line, 40_000, 60_000))).toEqual([0, 1, 2]);
  for (const { watch } of lines) watch.close();
});

test('a viewer of whom nothing is lost is asked for every four seconds, one in trouble every second', async () => {
  const { clock, line, watch } = watched();
  let looks = 0;
  const { getStats } = line;
  line.getStats = () => {
    looks++;
    return getStats.call(line);
  };
  await clock.pass(10_000);
  looks = 0;
  await clock.pass(40_000);
  expect(looks).toBe(10);
  line.capacityBps = 800_000;
  await clock.pass(10_000);
  looks = 0;
  await clock.pass(5000);
  expect(looks).toBe(5);
  watch.close();
  looks = 0;
  await clock.pass(20_000);
  expect(looks).toBe(0);
});

test('a player that reports loss a hundred times a second is not asked for as often', async () => {
  const { clock, line, watch } = watched({ reportMs: 10 });
  let looks = 0;
  const { getStats } = line;
  line.getStats = () => {
    looks++;
    return getStats.call(line);
  };
  line.randomLoss = 0.02;
  await clock.pass(10_000);
  expect(looks).toBeGreaterThan(0);
  expect(looks).toBeLessThanOrEqual(20);
  watch.close();
});

interface Watched {
  readonly clock?: VirtualClock;
  readonly layersBps?: readonly number[];
  readonly capacityBps?: number;
  readonly queueMs?: number;
  readonly reportMs?: number;
  readonly seed?: number;
}

function watched({
  clock = new VirtualClock(),
  layersBps = allBps,
  capacityBps = 10_000_000,
  seed = 7,
  ...options
}: Watched = {}) {
  const random = pseudoRandom(seed);
  const chance = () => random(1000) / 1000;
  const line = new SimulatedLine({ clock, layersBps, chance, ...options });
  line.capacityBps = capacityBps;
  return { clock, line, watch: new LineWatch(line, layersBps.slice(0, -1), clock) };
}

/** How much of the time each layer was sent. */
function sharesOf(line: SimulatedLine, fromMs: number, toMs: number): number[] {
  const shares = allBps.map(() => 0);
  line.layers.forEach(({ atMs, layer }, index) => {
    const endMs = line.layers[index + 1]?.atMs ?? toMs;
    const lastedMs = Math.min(endMs, toMs) - Math.max(atMs, fromMs);
    shares[layer] = (shares[layer] ?? 0) + Math.max(0, lastedMs) / (toMs - fromMs);
  });
  return shares;
}

function mostly(line: SimulatedLine, fromMs: number, toMs: number): number {
  const shares = sharesOf(line, fromMs, toMs);
  return shares.indexOf(Math.max(...shares));
}
