import { describe, expect, test } from 'vitest';
import { Admission } from '../../../src/daemon/public-server/admission.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

function admissionOf(limits: { viewers?: number; viewersPerAddress?: number; joinsPerSecond?: number }) {
  const clock = new VirtualClock();
  const known = new Set(['lobby']);
  const all = { viewers: 100, viewersPerAddress: 100, joinsPerSecond: 1000, ...limits };
  return { clock, known, admission: new Admission({ limits: all, knows: (room) => known.has(room), clock }) };
}

const refused = (key: string) =>
  expect.objectContaining({ code: 'LIMIT_REACHED', hint: expect.stringContaining(`limits.${key}`) });

const full = (key: string) =>
  expect.objectContaining({ code: 'ROOM_FULL', hint: expect.stringContaining(key) });

describe('Admission', () => {
  test('bounds the viewers of one room, as it is set now, and of no other', () => {
    let most: number | null = 2;
    const limits = { viewers: 100, viewersPerAddress: 100, joinsPerSecond: 1000 };
    const mostIn = (room: string) => (room === 'lobby' ? most : null);
    const admission = new Admission({ limits, knows: () => true, mostIn, clock: new VirtualClock() });
    const leave = admission.admit('192.0.2.1', 'lobby');
    admission.admit('192.0.2.2', 'lobby');
    expect(() => admission.admit('192.0.2.3', 'lobby')).toThrow(full('rooms.lobby.limits.viewers'));
    admission.admit('192.0.2.3', 'hall');
    leave();
    admission.admit('192.0.2.3', 'lobby');
    most = null;
    admission.admit('192.0.2.4', 'lobby');
  });

  test('lets nobody in while as much leaves as may', () => {
    let sated = true;
    const limits = { viewers: 100, viewersPerAddress: 100, joinsPerSecond: 1000 };
    const admission = new Admission({
      limits,
      knows: () => true,
      isSated: () => sated,
      clock: new VirtualClock(),
    });
    expect(() => admission.admit('192.0.2.1', 'lobby')).toThrow(full('limits.egress'));
    sated = false;
    admission.admit('192.0.2.1', 'lobby');
  });

  test('asks whether somebody may come in before it looks for a place, and not before it has counted him', () => {
    const { admission } = admissionOf({ viewers: 1, joinsPerSecond: 1 });
    const banned = () => {
      throw new Error('banned');
    };
    admission.admit('192.0.2.1', 'lobby');
    for (let count = 0; count < 3; count++)
      expect(() => admission.admit('192.0.2.2', 'lobby', banned)).toThrow('banned');
    expect(() => admission.admit('192.0.2.2', 'lobby', banned)).toThrow(refused('joinsPerSecond'));
  });

  test('bounds viewers in all, and lets the next one in when one has left', () => {
    const { admission } = admissionOf({ viewers: 2 });
    const leave = admission.admit('192.0.2.1', 'lobby');
    admission.admit('192.0.2.2', 'lobby');
    expect(() => admission.admit('192.0.2.3', 'lobby')).toThrow(refused('viewers'));
    leave();
    leave();
    admission.admit('192.0.2.3', 'lobby');
    expect(() => admission.admit('192.0.2.4', 'lobby')).toThrow(refused('viewers'));
  });

  test.each([
    { name: 'an IPv4 address', same: ['192.0.2.1', '::ffff:192.0.2.1'], other: '192.0.2.2' },
    { name: 'a /64 of IPv6', same: ['2001:db8::1', '2001:db8:0:0:ffff::9'], other: '2001:db8:0:1::1' },
  ])('bounds the viewers of $name', ({ same, other }) => {
    const { admission } = admissionOf({ viewersPerAddress: 2 });
    for (const address of same) admission.admit(address, 'lobby');
    expect(() => admission.admit(same[0] ?? '', 'lobby')).toThrow(refused('viewersPerAddress'));
    admission.admit(other, 'lobby');
  });

  test('bounds the viewers of a line with many networks of IPv6: a /48', () => {
    const { admission } = admissionOf({ viewersPerAddress: 2 });
    for (let network = 0; network < 4; network++) admission.admit(`2001:db8:1:${network}::1`, 'lobby');
    expect(() => admission.admit('2001:db8:1:9::1', 'lobby')).toThrow(refused('viewersPerAddress'));
    admission.admit('2001:db8:2:9::1', 'lobby');
    for (let host = 0; host < 9; host++) admission.admit(`192.0.2.${host}`, 'lobby');
  });

  test('bounds how fast clients of one network come, of whatever kind', async () => {
    const { admission, clock } = admissionOf({ joinsPerSecond: 2 });
    for (let count = 0; count < 5; count++) admission.admit(`2001:db8::${count}`, 'lobby');
    admission.knock('2001:db8::a');
    expect(() => admission.knock('2001:db8::b')).toThrow(refused('joinsPerSecond'));
    expect(() => admission.admit('2001:db8::c', 'lobby')).toThrow(refused('joinsPerSecond'));
    admission.knock('2001:db8:0:1::');
    await clock.pass(500);
    admission.knock('2001:db8::b');
    expect(() => admission.knock('2001:db8::b')).toThrow(refused('joinsPerSecond'));
  });

  test.each(['knock', 'look', 'opens', 'enters'] as const)(
    'bounds how fast a line with many networks of IPv6 may %s',
    (what) => {
      const { admission } = admissionOf({ joinsPerSecond: 2 });
      const may = (address: string) => {
        try {
          return admission[what](address) ?? true;
        } catch {
          return false;
        }
      };
      for (let network = 0; network < 12; network++) expect(may(`2001:db8:1:${network}::1`)).toBe(true);
      expect(may('2001:db8:1:ffff::1')).toBe(false);
      expect(may('2001:db8:2::1')).toBe(true);
    },
  );

  test('tells how fast pages of one address are opened, beside how fast stills are asked for', () => {
    const { admission } = admissionOf({ joinsPerSecond: 1 });
    for (let count = 0; count < 3; count++) expect(admission.opens('192.0.2.1')).toBe(true);
    expect(admission.opens('192.0.2.1')).toBe(false);
    admission.look('192.0.2.1');
    expect(admission.opens('192.0.2.2')).toBe(true);
  });

  test('lets an office behind one address come in by links at once: passes have a pace beside joins, bounded for all addresses too', async () => {
    const { admission, clock } = admissionOf({ joinsPerSecond: 20 });
    for (let count = 0; count < 50; count++) {
      admission.enters('192.0.2.1');
      admission.admit('192.0.2.1', 'lobby');
    }
    for (let count = 0; count < 10; count++) admission.enters('192.0.2.1');
    expect(() => admission.enters('192.0.2.1')).toThrow(refused('joinsPerSecond'));
    const many = (count: number) => admission.enters(`198.51.${count >> 8}.${count & 255}`);
    for (let count = 0; count < 2940; count++) many(count);
    expect(() => many(2940)).toThrow(refused('joinsPerSecond'));
    await clock.pass(1000);
    for (let count = 0; count < 1000; count++) many(count);
    expect(() => many(2941)).toThrow(refused('joinsPerSecond'));
  });

  test('keeps three quarters for rooms that there are', () => {
    const { admission, known } = admissionOf({ viewers: 8 });
    for (let count = 0; count < 2; count++) admission.admit(`192.0.2.${count}`, `strange-${count}`);
    expect(() => admission.admit('192.0.2.9', 'strange-9')).toThrow(refused('viewers'));
    for (let count = 0; count < 5; count++) admission.admit(`198.51.100.${count}`, 'lobby');
    known.add('strange-0');
    admission.admit('192.0.2.9', 'strange-9');
    expect(() => admission.admit('192.0.2.9', 'lobby')).toThrow(refused('viewers'));
  });

  test('keeps three quarters of what an address may have for rooms that there are', () => {
    const { admission } = admissionOf({ viewersPerAddress: 8 });
    for (let count = 0; count < 2; count++) admission.admit('192.0.2.1', `strange-${count}`);
    expect(() => admission.admit('192.0.2.1', 'strange-9')).toThrow(refused('viewersPerAddress'));
    admission.admit('192.0.2.2', 'strange-9');
    for (let count = 0; count < 6; count++) admission.admit('192.0.2.1', 'lobby');
    expect(() => admission.admit('192.0.2.1', 'lobby')).toThrow(refused('viewersPerAddress'));
  });
});
