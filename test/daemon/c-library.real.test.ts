import { expect, test } from 'vitest';
import { cFunction } from '../../src/daemon/c-library.ts';

test('A function of the C library can be called; where it is not to be had that is told once', async () => {
  expect(cFunction<() => number>('int getpid()')?.()).toBe(process.pid);
  const told: Error[] = [];
  const hear = (warning: Error) => told.push(warning);
  process.on('warning', hear);
  expect([cFunction('int no_such_function()'), cFunction('int no_other()')]).toEqual([null, null]);
  await expect.poll(() => told).toHaveLength(1);
  process.off('warning', hear);
  expect(told[0]?.message).toMatch(/^koffi cannot be used: .*no_such_function/);
});
