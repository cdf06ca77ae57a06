import { expect, it } from 'vitest';
import type { Viewer } from '../../../src/contract/models.ts';
import { noFigures } from '../../../src/daemon/rooms/line-figures.ts';
import { EgressMeter } from '../../../src/daemon/viewers/egress-meter.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

function measured(most: number | null) {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const state: { most: number | null; count: number } = { most, count: 0 };
  const present = () =>
    Array.from({ length: state.count }, (_, number) => ({
      viewer: { id: `v-${number}`, state: number === 0 ? 'waiting' : 'playing' } as Viewer,
      figures: async () => {
        asked.push(`v-${number}`);
        return { ...noFigures, bitrateBps: 1_000_000 };
      },
    }));
  return { clock, asked, state, meter: new EgressMeter({ present, most: () => state.most, clock }) };
}

it('EgressMeter is sated while as much leaves as may, and not when viewers have gone', async () => {
  using scope = new DisposableStack();
  const { clock, state, meter } = measured(200_000_000);
  scope.use(meter);
  state.count = 200;
  await clock.pass(1000);
  expect(meter.isSated).toBe(false);
  state.count = 202;
  await clock.pass(2000);
  expect(meter.isSated).toBe(true);
  state.count = 100;
  await clock.pass(1000);
  expect(meter.isSated).toBe(false);
});

it('EgressMeter asks a hundred viewers in a second, those first who are new, and in the end all', async () => {
  const { clock, asked, state, meter } = measured(1);
  state.count = 251;
  await clock.pass(1000);
  expect(asked).toHaveLength(100);
  await clock.pass(2000);
  expect(new Set(asked).size).toBe(250);
  state.count = 260;
  asked.length = 0;
  await clock.pass(1000);
  expect(asked.slice(0, 9)).toEqual(Array.from({ length: 9 }, (_, place) => `v-${251 + place}`));
  meter.close();
  expect(clock.timers).toBe(0);
});

it('EgressMeter asks nobody while there is no limit', async () => {
  const { clock, asked, state, meter } = measured(null);
  state.count = 10;
  await clock.pass(10_000);
  expect(asked).toEqual([]);
  expect(meter.isSated).toBe(false);
  meter.close();
});
