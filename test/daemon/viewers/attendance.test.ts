import { expect, test } from 'vitest';
import type { Known } from '../../../src/daemon/access/guest-pass.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import type { Entry } from '../../../src/daemon/rooms/entry.ts';
import type { Room } from '../../../src/daemon/rooms/room.ts';
import { Attendance, type AttendanceOptions } from '../../../src/daemon/viewers/attendance.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** A room whose access the test sets, and whoever is in it. */
function attended(first: Entry) {
  const room = { name: 'lobby', setViewer: () => {}, removeViewer: () => {} } as unknown as Room;
  const at = { entry: first, asked: 0, voids: [] as string[] };
  const entry = () => {
    at.asked++;
    return at.entry;
  };
  const clock = new VirtualClock();
  const attendance = new Attendance({
    admission: {
      admit: (_, __, ask) => {
        ask?.();
        return () => {};
      },
    },
    bans: { find: () => null },
    links: { isVoid: (link) => at.voids.includes(link) },
    desk: { tidy: () => {}, entry } as unknown as AttendanceOptions['desk'],
    hands: { of: () => null, here: () => {}, away: () => {} },
    audience: { seen: () => {}, left: () => {} },
    ...{ hub: new EventHub(clock), clock },
  });
  const heard: string[] = [];
  const enter = (name: string, guest: Known) => {
    const seat = attendance.admit({ address: '203.0.113.7', browser: null, room: 'lobby' }, () => guest);
    const reach = {
      out: ({ why }: { why: string }) => heard.push(`${name} ${why}`),
      again: () => heard.push(`${name} again`),
      tell: null,
      changed: () => {},
      replaced: () => {},
    };
    seat.join(room, { kind: 'page', state: 'waiting', userAgent: undefined }, reach);
  };
  return { at, attendance, heard, enter };
}

test('whoever is no guest is put out once a room is for guests, and who cannot be known comes again', () => {
  const { at, attendance, heard, enter } = attended('open');
  enter('anna', { link: 'l-a', id: 'g-a' });
  enter('nobody', null);
  enter('bob', 'unknown');
  attendance.putOutUninvited();
  expect(heard).toEqual([]);
  at.entry = 'link';
  at.asked = 0;
  attendance.putOutUninvited();
  expect([heard, at.asked]).toEqual([['nobody uninvited', 'bob again'], 1]);
});

test('whose link was revoked while the room was closed does not come back with it', () => {
  const { at, attendance, heard, enter } = attended('link');
  enter('anna', { link: 'l-a', id: 'g-a' });
  enter('bob', { link: 'l-b', id: 'g-b' });
  at.entry = 'closed';
  at.voids.push('l-a');
  attendance.putOutUninvited();
  expect(heard).toEqual([]);
  at.entry = 'link';
  attendance.putOutUninvited();
  expect(heard).toEqual(['anna uninvited']);
});

test.each([
  { entry: 'link', guest: null, code: 'LINK_NEEDED' },
  { entry: 'link', guest: 'unknown', code: 'STATE_UNAVAILABLE' },
  { entry: 'open', guest: 'unknown', code: null },
  { entry: 'closed', guest: 'unknown', code: null },
] as const)('a room that is $entry answers a guest who is $guest with $code', ({ entry, guest, code }) => {
  const { enter } = attended(entry);
  const act = () => enter('anna', guest);
  if (code === null) expect(act).not.toThrow();
  else expect(act).toThrow(expect.objectContaining({ code }));
});
