import { systemClock } from '../src/contract/clock.ts';
import type { Viewer } from '../src/contract/models.ts';
import type { Daemon } from '../src/daemon/daemon.ts';
import type { Desk } from '../src/daemon/rooms/desk.ts';
import type { Seat } from '../src/daemon/viewers/attendance.ts';
import { LineSampler, looksPerSecond } from '../src/daemon/viewers/line-sampler.ts';

/** What is known of the line of each. */
const line = { bitrateBps: 2_000_000, lossPercent: 1, roundTripMs: 30 };
const sample: Omit<Viewer, 'id' | 'room'> = {
  ...{ kind: 'page', state: 'playing', rendition: 'source', picture: true, suffers: null, ...line },
  ...{
    freezes: 0,
    frozenPercent: 0,
    firstPictureMs: 400,
    browser: null,
    browserName: 'Chrome 126 on Android',
  },
  ...{ address: '192.0.2.1', userAgent: 'Mozilla/5.0 (Linux; Android 10; K) Chrome/126.0.0.0 Mobile' },
  joinedAt: '2026-01-02T03:04:05.000Z',
  lookedAt: '2026-01-02T03:05:05.000Z',
};

/** Somebody who is listed, and has no line. @param at tells them apart */
export const listedViewer = (room: string, at: number): Viewer => ({
  ...{ ...sample, id: `v-${`${at}`.padStart(10, '0')}`, room },
});

/** Lists viewers in rooms, in turn. What follows from their number costs the same as with real ones, of which a machine could not play so many. */
export function listViewers(desk: Desk, viewers: number, rooms: readonly string[]): void {
  for (let at = 0; at < viewers; at++) {
    const room = desk.room(rooms[at % rooms.length] as string);
    room.setViewer(listedViewer(room.name, at));
  }
}

/** The same of viewers who have a transport each on a worker, at which is looked as at those of a daemon. Gives what ends that. */
export async function connectViewers(
  { desk, pool }: Pick<Daemon, 'desk' | 'pool'>,
  viewers: number,
  rooms: readonly string[],
): Promise<LineSampler> {
  const [slot] = pool.slots;
  if (!slot) throw new Error('expected a worker');
  const router = await slot.worker.createRouter();
  const seats: Pick<Seat, 'viewer' | 'sample' | 'judge'>[] = [];
  for (let at = 0; at < viewers; at++) {
    const transport = await router.createWebRtcTransport({ webRtcServer: slot.server });
    // Not before: a room that nobody is in is given up.
    const room = desk.room(rooms[at % rooms.length] as string);
    const viewer = listedViewer(room.name, at);
    const sample = async () => {
      // Two questions, as of a real one.
      await Promise.all([transport.getStats(), transport.getStats()]);
      room.setViewer({ ...viewer, lookedAt: new Date().toISOString() });
    };
    room.setViewer(viewer);
    seats.push({ viewer, sample, judge: () => {} });
  }
  return new LineSampler({ present: () => seats, perSecond: () => looksPerSecond, clock: systemClock });
}
