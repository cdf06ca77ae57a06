import { expect, test } from 'vitest';
import { OpenParts } from '../../../src/daemon/rooms/open-parts.ts';
import type { OpenMedia } from '../../../src/daemon/rooms/room-parts.ts';

test('OpenParts closes what a ticket was given for, and nothing else', () => {
  const parts = new OpenParts();
  const closed: number[] = [];
  const mediaOf = (port: number): OpenMedia => ({
    port,
    producers: [],
    compatible: () => Promise.reject(),
    close: () => closed.push(port),
  });
  parts.add(1, { of: 'media', media: mediaOf(1) });
  parts.add(2, { of: 'media', media: mediaOf(2) });
  parts.close(1);
  expect([closed, parts.tickets]).toEqual([[1], [2]]);
});
