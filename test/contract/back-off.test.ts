import { expect, test } from 'vitest';
import { BackOff, usualBackOff } from '../../src/contract/back-off.ts';

const noChance = () => 0;

test('BackOff tries at once, then waits twice as long each time, up to its ceiling', () => {
  const backOff = new BackOff(usualBackOff, noChance);
  const delays = Array.from({ length: 9 }, (_, n) => backOff.failed(n));
  expect(delays).toEqual([0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

test('BackOff begins anew after what held', () => {
  const backOff = new BackOff(usualBackOff, noChance);
  for (let n = 0; n < 5; n++) backOff.failed(n);
  backOff.started(100);
  expect(backOff.failed(100 + usualBackOff.heldMs)).toBe(0);
  expect(backOff.failed(100 + usualBackOff.heldMs + 1)).toBe(500);
});

test('BackOff goes on counting after what did not hold', () => {
  const backOff = new BackOff(usualBackOff, noChance);
  for (let n = 0; n < 3; n++) backOff.failed(n);
  backOff.started(100);
  expect(backOff.failed(200)).toBe(2000);
  expect(backOff.state).toEqual({ failures: 4, delayMs: 2000 });
});

test('BackOff leaves a part of each delay to chance', () => {
  const backOff = new BackOff(usualBackOff, () => 0.5);
  backOff.failed(0);
  expect(backOff.failed(0)).toBe(450);
});

test('BackOff is as new once somebody wants it tried', () => {
  const backOff = new BackOff(usualBackOff, noChance);
  for (let n = 0; n < 5; n++) backOff.failed(n);
  backOff.reset();
  expect(backOff.state).toEqual({ failures: 0, delayMs: 0 });
  expect(backOff.failed(9)).toBe(0);
});

test('BackOff tries at most nine times in a minute, whatever fails at once', () => {
  for (const chance of [0, 0.999]) {
    const backOff = new BackOff(usualBackOff, () => chance);
    let [atMs, tries] = [0, 0];
    while (atMs <= 60_000) {
      tries++;
      atMs += backOff.failed(atMs);
    }
    expect(tries).toBeLessThanOrEqual(9);
  }
});
