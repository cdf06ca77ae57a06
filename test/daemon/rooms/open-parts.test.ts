import { expect, test } from 'vitest';
import type { Broadcast } from '../../../src/daemon/rooms/broadcast.ts';
import { OpenParts } from '../../../src/daemon/rooms/open-parts.ts';
import type { OpenMedia } from '../../../src/daemon/rooms/room-parts.ts';

test('OpenParts: media that came too late takes away no Producers but its own', () => {
  const parts = new OpenParts();
  const closed: number[] = [];
  const mediaOf = (port: number): OpenMedia => ({ port, producers: [], close: () => closed.push(port) });
  const [late, present] = [mediaOf(1), mediaOf(2)];
  const broadcast = { producers: present.producers } as unknown as Broadcast;
  parts.add(2, { of: 'media', media: present, broadcast });
  parts.add(1, { of: 'media', media: late, broadcast });
  expect(parts.close(1)).toBeNull();
  expect(parts.close(2)).toBe(broadcast);
  expect(closed).toEqual([1, 2]);
});
