import { expect, test } from 'vitest';
import { pickSlot } from '../../../src/daemon/rooms/placement.ts';
import { Room } from '../../../src/daemon/rooms/room.ts';
import type { WorkerSlot } from '../../../src/daemon/sfu/media-worker.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** A worker that makes its routers in a moment. */
function slotOf(): WorkerSlot {
  const createRouter = async () => ({ closed: false, close: () => {} });
  return { worker: { createRouter } } as unknown as WorkerSlot;
}

test('Rooms that open media at the same moment are spread over the workers', async () => {
  const slots = Array.from({ length: 3 }, slotOf);
  const rooms: Room[] = [];
  const never = () => new Promise<never>(() => {});
  for (const name of ['one', 'two', 'three', 'four', 'five', 'six']) {
    const room = new Room({
      ...{ name, watchUrl: '', control: never, pickSlot: () => pickSlot(slots, rooms) },
      actor: () => ({
        ...{
          spec: { alwaysOn: false, graceMs: 0 },
          clock: new VirtualClock(),
          random: () => 0,
          admit: () => {},
        },
        parts: { keep: never, publish: never, openProgramme: never, openMedia: never },
        listener: { begun() {}, live() {}, ended() {}, trouble() {}, missing() {}, settled() {} },
      }),
    });
    rooms.push(room);
  }
  await Promise.all(rooms.map((room) => room.media()));
  const counts = slots.map((slot) => rooms.filter((room) => room.slot === slot).length);
  expect(counts).toEqual([2, 2, 2]);
});
