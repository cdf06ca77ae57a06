import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { isLongList, listJson } from '../../../src/daemon/api/long-list.ts';

test.each([0, 1, 200, 201, 1000])('a list of %i is written as it is', async (length) => {
  const list = Array.from({ length }, (_, place) => ({ place, name: 'Žofie, "Tag"\n' }));
  expect(JSON.parse(await text(listJson(list)))).toEqual(list);
  expect(isLongList(list)).toBe(length > 200);
});

test('others have their turn while a long list is written, and what nobody reads is not', async () => {
  let [written, turns] = [0, 0];
  const entry = { toJSON: () => ++written };
  const list = listJson(Array.from({ length: 2000 }, () => entry));
  const other = () => {
    turns++;
    if (written < 2000) setImmediate(other);
  };
  setImmediate(other);
  await text(list);
  expect(turns).toBeGreaterThanOrEqual(9);
  written = 0;
  const unread = listJson(
    Array.from({ length: 200_000 }, () => ({ toJSON: () => `${++written}`.padEnd(99) })),
  );
  unread.read();
  await new Promise((resolve) => unread.once('readable', resolve));
  expect(written).toBeLessThan(2000);
  unread.destroy();
});
