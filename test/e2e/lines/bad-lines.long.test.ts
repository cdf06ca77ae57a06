import { expect, test } from 'vitest';
import type { Event, EventType } from '../../../src/contract/events.ts';
import { goodLine } from '../../helpers/software-line.ts';
import { play, twoPlaces } from '../../helpers/two-places.ts';

const places = await twoPlaces();
const { line, missing } = places;

test.skipIf(missing)(
  'three viewers of one bad line are told of, as that, and that it is good again',
  async () => {
    const pages = await Promise.all([places.near(), places.far(), places.far(), places.far()]);
    await play(...pages);
    const suffers = next('viewer.suffers');
    await line.become({ ...goodLine, lossPercent: 12 });
    const told = await suffers;
    expect(told).toMatchObject({ room: 'lobby', viewers: 4, most: 'loss' });
    // Where the machine has no time, the one beside it has it bad as well.
    if (told.suffering === 3) {
      const reason = `packets are lost on the way to ${line.address.replace(/\.1$/, '.0/24')} alone, and others fare well`;
      const hint = 'See who: mirolive viewers list --room lobby --sort loss';
      expect(told).toMatchObject({ cause: 'line', reason, hint });
    }
    expect(await places.health()).toMatch(/^bad +lobby: [34] of 4 viewers have it bad: /);
    const recovered = next('viewer.recovered');
    await line.become(goodLine);
    expect(await recovered).toMatchObject({ room: 'lobby', viewers: 4, reason: null });
  },
);

function next<T extends EventType>(type: T): Promise<Extract<Event, { type: T }>> {
  return new Promise((resolve) => {
    const leave = places.server.daemon.hub.listen((event) => {
      if (event.type !== type) return;
      leave();
      resolve(event as Extract<Event, { type: T }>);
    });
  });
}
