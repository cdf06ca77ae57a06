import { expect, test } from 'vitest';
import type { Event, EventType } from '../../../src/contract/events.ts';
import { eventually } from '../../helpers/browser.ts';
import { goodLine } from '../../helpers/software-line.ts';
import { play, twoPlaces } from '../../helpers/two-places.ts';

const places = twoPlaces();

test('three viewers of one bad line are told of, as that, and that it is good again', async () => {
  const pages = await Promise.all([places.near(), places.far(), places.far(), places.far()]);
  await play(...pages);
  const suffers = next('viewer.suffers');
  await places.line.become({ ...goodLine, lossPercent: 12 });
  const told = await suffers;
  expect(told).toMatchObject({ room: 'lobby', viewers: 4, most: 'loss' });
  expect(told.suffering).toBeGreaterThanOrEqual(3);
  // Where the machine has no time, the one beside it has it bad as well, for a while.
  const network = places.line.address.replace(/\.1$/, '.0/24');
  const named = `3 of 4 viewers have it bad: packets are lost on the way to ${network} alone, and others fare well. See who: mirolive viewers list --room lobby --sort loss`;
  expect(await eventually(places.health, (words) => words.includes(named), 180_000)).toMatch(
    /^bad +lobby: 3 /,
  );
  const recovered = next('viewer.recovered');
  await places.line.become(goodLine);
  expect(await recovered).toMatchObject({ room: 'lobby', viewers: 4, reason: null });
});

function next<T extends EventType>(type: T): Promise<Extract<Event, { type: T }>> {
  return new Promise((resolve) => {
    const leave = places.server.daemon.hub.listen((event) => {
      if (event.type !== type) return;
      leave();
      resolve(event as Extract<Event, { type: T }>);
    });
  });
}
