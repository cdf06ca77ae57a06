import { expect, it } from 'vitest';
import { eachOf } from '../../src/daemon/each-of.ts';

it('asks of thousands a few at a time, and gives the answers in order', async () => {
  let asked = 0;
  let most = 0;
  const all = Array.from({ length: 2000 }, (_, number) => number);
  const doubled = await eachOf(all, async (number) => {
    most = Math.max(most, ++asked);
    await Promise.resolve();
    asked--;
    return number * 2;
  });
  expect(doubled).toEqual(all.map((number) => number * 2));
  expect(most).toBe(40);
  expect(await eachOf([], async () => 1)).toEqual([]);
});

it('rejects where one of them does', async () => {
  await expect(eachOf([1, 2], async (one) => Promise.reject(new Error(`no ${one}`)))).rejects.toThrow('no 1');
});
