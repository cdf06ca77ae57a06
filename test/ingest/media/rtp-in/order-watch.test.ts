import { expect, test } from 'vitest';
import { OrderWatch } from '../../../../src/ingest/media/rtp-in/order-watch.ts';

const wrap = 2 ** 32;

test.each([
  { name: 'in their order', pictures: [0, 1, 2, 3, 4, 5, 6], reorders: false },
  { name: 'with one B-frame between two others', pictures: [0, 2, 1, 4, 3, 6, 5], reorders: true },
  { name: 'with three', pictures: [0, 4, 2, 1, 3], reorders: true },
  { name: 'one of which is late', pictures: [0, 1, 3, 2, 4, 5, 6], reorders: false },
  {
    name: 'whose clock is set back again and again',
    pictures: [900, 901, 0, 1, 900, 0, 900, 0],
    reorders: false,
  },
])('OrderWatch of pictures $name', ({ pictures, reorders }) => {
  // Wherever the times begin, and where they begin anew.
  for (const from of [0, wrap - 3000, wrap / 2]) {
    const watch = new OrderWatch();
    for (const at of pictures) watch.see((from + at * 3000) % wrap);
    expect(watch.reorders).toBe(reorders);
  }
});
