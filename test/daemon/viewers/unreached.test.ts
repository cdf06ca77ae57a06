import { expect, test } from 'vitest';
import { Unreached } from '../../../src/daemon/viewers/unreached.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const room = 'lobby';
const comer = (browser: string | null, address = '192.0.2.7') => ({ room, browser, address });
const nobody = () => false;

test('Unreached adds up the tries of a browser in a room, until media comes through or it is long ago', async () => {
  const clock = new VirtualClock();
  const unreached = new Unreached(clock);
  unreached.failed(comer('u1'), 8000);
  expect(unreached.between(nobody).size).toBe(0);
  unreached.failed(comer('u1'), 8000);
  expect(unreached.spentMs(comer('u1'))).toBe(16_000);
  expect(unreached.spentMs({ ...comer('u1'), room: 'hall' })).toBe(0);
  expect(unreached.between(nobody).get(room)).toMatchObject([{ browser: 'u1', suffers: 'connecting' }]);
  // It is there itself.
  expect(unreached.between(() => true).size).toBe(0);
  await clock.pass(13_000);
  expect(unreached.between(nobody).size).toBe(0);
  expect(unreached.spentMs(comer('u1'))).toBe(16_000);
  await clock.pass(110_000);
  expect(unreached.spentMs(comer('u1'))).toBe(0);
  unreached.failed(comer('u2'), 9000);
  expect(unreached.size).toBe(1);
  unreached.reached(comer('u2'));
  expect(unreached.size).toBe(0);
});

test('Unreached knows nothing of players that do not say who they are', () => {
  const unreached = new Unreached(new VirtualClock());
  unreached.failed(comer(null), 20_000);
  expect(unreached.size).toBe(0);
  expect(unreached.spentMs(comer(null))).toBe(0);
});

test('Unreached remembers few of a line that makes up browsers, and keeps those of others', () => {
  const unreached = new Unreached(new VirtualClock());
  unreached.failed(comer('honest'), 20_000);
  for (let place = 0; place < 1000; place++)
    unreached.failed(comer(`u${place}`, `2001:db8:7:${(place % 512).toString(16)}::1`), 1);
  expect(unreached.size).toBe(251);
  expect(unreached.spentMs(comer('honest'))).toBe(20_000);
  for (let place = 0; place < 5000; place++)
    unreached.failed(comer(`w${place}`, `10.${place % 256}.${place >> 8}.1`), 1);
  expect(unreached.size).toBeLessThanOrEqual(4000);
});
