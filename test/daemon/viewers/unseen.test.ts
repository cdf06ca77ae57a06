import { expect, test } from 'vitest';
import type { Event } from '../../../src/contract/events.ts';
import type { Viewer } from '../../../src/contract/models.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import type { Room } from '../../../src/daemon/rooms/room.ts';
import { Attendance, type AttendanceOptions, type Seat } from '../../../src/daemon/viewers/attendance.ts';
import { DistressWatch } from '../../../src/daemon/viewers/distress-watch.ts';
import { programmeState } from '../../cli/samples.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** A room that is on air, and to which nobody's media gets through, with those who try. */
function blocked() {
  const clock = new VirtualClock();
  const hub = new EventHub(clock);
  const told: Event[] = [];
  hub.listen(
    (event) => (event.type === 'viewer.suffers' || event.type === 'viewer.recovered') && told.push(event),
  );
  const viewers = new Map<string, Viewer>();
  const room = {
    name: 'lobby',
    setViewer: (viewer: Viewer) => viewers.set(viewer.id, viewer),
    removeViewer: (id: string) => viewers.delete(id),
  } as unknown as Room;
  const attendance = new Attendance({
    admission: { admit: () => () => {} },
    bans: { find: () => null },
    links: { isVoid: () => false },
    desk: { tidy: () => {}, entry: () => 'open' } as unknown as AttendanceOptions['desk'],
    hands: { of: () => null, here: () => {}, away: () => {} },
    audience: { seen: () => {}, left: () => {} },
    ...{ hub, clock },
  });
  const watch = new DistressWatch({
    rooms: () => [
      {
        ...{ name: 'lobby', viewers: [...viewers.values()], renditions: [], workerPid: 1, mediaPort: 29400 },
        ...{ onAir: null, programme: () => programmeState },
      },
    ],
    between: () => attendance.between(),
    strain: () => () => ({ lagMs: 0, workerPercent: 3, cpuPercent: 99, others: null }),
    ...{ hub, clock },
  });
  const join = (kind: Viewer['kind'], place: number): Seat => {
    const browser = kind === 'page' ? `u-aaaaaaaaaaaaaa${String.fromCharCode(97 + place)}a` : null;
    const seat = attendance.admit({ address: `203.0.${place}.7`, browser, room: 'lobby' }, () => null);
    const reach = { out: () => {}, again: () => {}, tell: null, changed: () => {}, replaced: () => {} };
    seat.join(room, { kind, state: kind === 'page' ? 'waiting' : 'connecting', userAgent: 'x' }, reach);
    seat.become('connecting');
    return seat;
  };
  const look = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed++) {
      for (const seat of attendance.present) seat.judge();
      await clock.pass(1000);
    }
  };
  return { told, viewers, join, look, watch };
}

const reason =
  'no media gets through: UDP/TCP port 29400 is blocked on the way, or the announced address is wrong';

test('Pages whose media is blocked are told of, though each tries again as another viewer before it is ten seconds old', async () => {
  const { told, viewers, join, look, watch } = blocked();
  // Each for 8 s, at moments of its own, with 4 s between: two thirds of them are there at a time.
  const seats = new Map<number, Seat>();
  for (let second = 0; second < 180; second++) {
    for (let place = 0; place < 4; place++) {
      const turn = (second + place * 3) % 12;
      if (turn === 0) seats.set(place, join('page', place));
      if (turn === 8) seats.get(place)?.leave();
    }
    await look(1);
    const standing = watch.of('lobby');
    if (standing?.of === 'many') expect(viewers.size + standing.between).toBe(4);
  }
  expect(told).toMatchObject([
    {
      ...{ type: 'viewer.suffers', viewers: 4, suffering: 4, most: 'connecting', cause: 'line', reason },
      hint: expect.stringContaining('mirolive doctor'),
    },
  ]);
  expect([...viewers.values()].map(({ suffers }) => suffers)).toContain('connecting');
  // It is mended.
  for (const seat of seats.values()) seat.leave();
  for (let place = 0; place < 4; place++) {
    const seat = join('page', place);
    expect(seat.viewer?.suffers).toBe('connecting');
    seat.become('playing');
  }
  await look(25);
  expect(told.slice(1)).toMatchObject([{ type: 'viewer.recovered', viewers: 4, suffering: 0, reason: null }]);
  watch.close();
});

test('Players that give up and try again are no recovery, and when they have gone that is what is told', async () => {
  const { told, join, look, watch } = blocked();
  for (let round = 0; round < 3; round++) {
    const seats = [0, 1, 2, 3, 4, 5].map((place) => join('whep', place));
    await look(32);
    for (const seat of seats) seat.leave();
    if (round < 2) await look(12);
  }
  expect(told).toMatchObject([{ type: 'viewer.suffers', viewers: 6, suffering: 6, cause: 'line' }]);
  await look(25);
  expect(told.slice(1)).toMatchObject([
    {
      ...{ type: 'viewer.recovered', viewers: 0, suffering: 0 },
      reason: 'nobody is left: those who had it bad have gone',
    },
  ]);
  watch.close();
});
