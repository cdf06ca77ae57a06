import { expect, test } from 'vitest';
import { pickSlot } from '../../../src/daemon/rooms/placement.ts';
import { Room } from '../../../src/daemon/rooms/room.ts';
import type { WorkerSlot } from '../../../src/daemon/sfu/media-worker.ts';
import { nothingOnAir, nothingToEncode } from '../../helpers/nothing-on-air.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** A worker that makes its routers in a moment. */
function slotOf(): WorkerSlot {
  const createRouter = async () => ({ closed: false, close: () => {} });
  return { worker: { createRouter } } as unknown as WorkerSlot;
}

/** A room in which nothing is ever on air. */
function roomOf(name: string, pick: () => WorkerSlot): Room {
  return new Room({
    ...{ ...nothingToEncode, name, watchUrl: () => '', pickSlot: pick },
    actor: () => ({
      ...{
        spec: { alwaysOn: false, graceMs: 0 },
        clock: new VirtualClock(),
        random: () => 0,
        admit: () => {},
      },
      ...nothingOnAir,
    }),
  });
}

test('A room whose worker dies as its router is made says that in words of its own', async () => {
  const worker = {
    closed: false,
    createRouter: async () => {
      worker.closed = true;
      throw new Error('Channel closed, cannot send request');
    },
  };
  const room = roomOf('one', () => ({ worker }) as unknown as WorkerSlot);
  await expect(room.media()).rejects.toMatchObject({
    code: 'NO_WORKER',
    message: 'its media worker is gone',
  });
});

test('Rooms that open media at the same moment are spread over the workers', async () => {
  const slots = Array.from({ length: 3 }, slotOf);
  const rooms: Room[] = [];
  for (const name of ['one', 'two', 'three', 'four', 'five', 'six'])
    rooms.push(roomOf(name, () => pickSlot(slots, rooms)));
  await Promise.all(rooms.map((room) => room.media()));
  const counts = slots.map((slot) => rooms.filter((room) => room.slot === slot).length);
  expect(counts).toEqual([2, 2, 2]);
});
