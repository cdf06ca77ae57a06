import { expect, it } from 'vitest';
import { Announcements } from '../../../src/daemon/viewers/announcements.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

it('Announcements stand for their time, in their room or in all, and the newest takes the place of the one before', async () => {
  const clock = new VirtualClock();
  const all = new Announcements(clock);
  all.add('first', 'lobby', 60_000);
  const second = all.add('second', 'lobby', 30_000);
  const everywhere = all.add('everywhere', null, 10_000);
  await clock.pass(4000);
  expect(all.in('lobby')).toEqual([
    { ...second, forMs: 26_000 },
    { ...everywhere, forMs: 6000 },
  ]);
  expect(all.in('hall')).toEqual([{ ...everywhere, forMs: 6000 }]);
  await clock.pass(6000);
  expect(all.in('hall')).toEqual([]);
  await clock.pass(20_000);
  expect(all.in('lobby')).toEqual([]);
});

it('No more than a hundred stand', () => {
  const all = new Announcements(new VirtualClock());
  for (let room = 0; room < 500; room++) all.add('words', `room-${room}`, 60_000);
  expect(all.in('room-399')).toEqual([]);
  expect(all.in('room-400')).toHaveLength(1);
});
