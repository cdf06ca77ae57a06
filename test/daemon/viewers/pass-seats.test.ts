import { expect, test } from 'vitest';
import type { Known } from '../../../src/daemon/access/guest-pass.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import type { Room } from '../../../src/daemon/rooms/room.ts';
import { Attendance, type AttendanceOptions } from '../../../src/daemon/viewers/attendance.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const link = 'l-aaaaaaaaaa';
const anna = { link, id: 'g-aaaaaaaaaa' };
const bert = { link, id: 'g-bbbbbbbbbb' };

/** A room, and who comes to it with what is known of him. */
function hall(entry: 'open' | 'link') {
  const clock = new VirtualClock();
  const attendance = new Attendance({
    admission: {
      admit(_address: string, _room: string, ask = () => {}) {
        ask();
        return () => {};
      },
    },
    bans: { find: () => null },
    desk: { tidy: () => {}, entry: () => entry } as unknown as AttendanceOptions['desk'],
    hands: { of: () => null, here: () => {}, away: () => {} },
    audience: { seen: () => {}, left: () => {} },
    ...{ links: { isVoid: () => false }, hub: new EventHub(clock), clock },
  } as AttendanceOptions);
  return (guest: Known) =>
    attendance.admit({ address: '192.0.2.1', browser: null, room: 'lobby' }, () => guest);
}

test('one pass has three viewers at once in a room for guests, and another when one has left', () => {
  const come = hall('link');
  const tooMany = expect.objectContaining({
    code: 'LIMIT_REACHED',
    message: 'expected at most 3 viewers at once by one pass',
  });
  const first = come(anna);
  come(anna);
  come(anna);
  expect(() => come(anna)).toThrow(tooMany);
  come(bert);
  first.leave();
  first.leave();
  come(anna);
  expect(() => come(anna)).toThrow(tooMany);
});

test('a player that comes by the secret of a link is bound by no pass: it is one use each time', () => {
  const come = hall('link');
  for (let count = 0; count < 9; count++) come({ link, id: null });
});

test('a pass bounds nobody where everybody comes in', () => {
  const come = hall('open');
  for (let count = 0; count < 9; count++) come(anna);
});

test.each([
  { name: 'a guest', guest: anna, expected: [link, anna.id] },
  { name: 'a player by its secret', guest: { link, id: null }, expected: [link, null] },
  { name: 'anybody', guest: null, expected: [null, null] },
])('it is told by which link $name came, and as whom', ({ guest, expected }) => {
  const room = { name: 'lobby', setViewer: () => {} } as unknown as Room;
  const reach = { out: () => {}, again: () => {}, tell: null, changed: () => {}, replaced: () => {} };
  const seat = hall('open')(guest);
  const viewer = seat.join(room, { kind: 'page', state: 'waiting', userAgent: 'x' }, reach);
  expect([viewer.link, viewer.guest]).toEqual(expected);
});
