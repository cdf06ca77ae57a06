import { expect, test } from 'vitest';
import { remembered } from '../../src/daemon/remembered.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';

test('an answer is given to all who ask meanwhile and a moment later; what fails is asked anew', async () => {
  const clock = new VirtualClock();
  const answers = [
    Promise.resolve(1),
    Promise.resolve(2),
    Promise.reject(new Error('gone')),
    Promise.resolve(3),
  ];
  answers[2]?.catch(() => {});
  let asked = 0;
  const ask = remembered(() => answers[asked++] as Promise<number>, 1000, clock);
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  await clock.pass(999);
  expect(await ask()).toBe(1);
  await clock.pass(1);
  expect(await ask()).toBe(2);
  await clock.pass(1000);
  await expect(ask()).rejects.toThrow('gone');
  expect([await ask(), asked]).toEqual([3, 4]);
});
