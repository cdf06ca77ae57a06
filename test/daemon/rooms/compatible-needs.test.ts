import { expect, test } from 'vitest';
import { CompatibleNeeds } from '../../../src/daemon/rooms/compatible-needs.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

function needed() {
  const clock = new VirtualClock();
  const told: string[] = [];
  const needs = new CompatibleNeeds(clock, (all) => told.push(all.map(({ codec }) => codec).join()));
  return {
    clock,
    told,
    needs,
    vp8: { codec: 'vp8', cores: 0.2 },
    h264: { codec: 'h264', cores: 0.3 },
  } as const;
}

test('one picture is made for all who need the codec, until ten seconds after the last one', async () => {
  const { clock, told, needs, vp8 } = needed();
  const [first, second] = [needs.add(vp8), needs.add(vp8)];
  first();
  first();
  await clock.pass(20_000);
  expect(told).toEqual(['vp8']);
  second();
  await clock.pass(9_999);
  expect(needs.has('vp8')).toBe(true);
  await clock.pass(1);
  expect(told).toEqual(['vp8', '']);
  expect(needs.has('vp8')).toBe(false);
});

test('who comes back within that finds it there', async () => {
  const { clock, told, needs, vp8, h264 } = needed();
  needs.add(vp8)();
  await clock.pass(9_000);
  needs.add(vp8);
  await clock.pass(20_000);
  needs.add(h264);
  expect(told).toEqual(['vp8', 'vp8,h264']);
});

test('close() leaves nothing that goes off', async () => {
  const { clock, told, needs, vp8 } = needed();
  const leave = needs.add(vp8);
  needs.add({ codec: 'h264', cores: 0 })();
  needs.close();
  leave();
  await clock.pass(20_000);
  expect(told).toEqual(['vp8', 'vp8,h264']);
  expect(clock.timers).toBe(0);
});
