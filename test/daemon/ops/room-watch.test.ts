import { expect, test } from 'vitest';
import { config } from '../../../src/contract/config.ts';
import { MiroliveError } from '../../../src/contract/errors.ts';
import type { RoomProblem } from '../../../src/daemon/ops/room-problems.ts';
import { RoomWatch, roomLookMs } from '../../../src/daemon/ops/room-watch.ts';
import { silentLog } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const missing = (room: string, words: string): RoomProblem => ({
  room,
  error: new MiroliveError('SOURCE_NOT_FOUND', words),
});

test('What rooms name and cannot have is told, looked at again each minute, and told to be there', async () => {
  const clock = new VirtualClock();
  const told: string[] = [];
  let problems = [missing('lobby', 'there is no nigth.yaml'), missing('lobby', 'there is no card.png')];
  const watch = new RoomWatch({
    ...{ config: config.parse({}), log: silentLog, clock, find: async () => problems },
    health: {
      lost: (part, { reason, failures }) => told.push(`${part} ${failures}: ${reason}`),
      found: (part) => told.push(`${part} is there`),
    },
  });
  watch.look();
  await clock.pass(0);
  problems = [missing('hall', 'there is no hall.mp4'), ...problems.slice(1)];
  await clock.pass(roomLookMs);
  problems = problems.slice(1);
  watch.look();
  await clock.pass(0);
  problems = [];
  await clock.pass(5 * roomLookMs);
  expect(told).toEqual([
    'rooms.lobby 1: there is no nigth.yaml; there is no card.png',
    'rooms.hall 1: there is no hall.mp4',
    'rooms.lobby 2: there is no card.png',
    'rooms.lobby 3: there is no card.png',
    'rooms.hall is there',
    'rooms.lobby is there',
  ]);
  watch.close();
});

test('A look that a dead disk keeps holds up neither the next one nor the end, and what it finds late is told to nobody', async () => {
  const clock = new VirtualClock();
  const told: string[] = [];
  const looks: PromiseWithResolvers<RoomProblem[]>[] = [];
  const watch = new RoomWatch({
    ...{ config: config.parse({}), log: silentLog, clock },
    find: () => {
      const look = Promise.withResolvers<RoomProblem[]>();
      looks.push(look);
      return look.promise;
    },
    health: { lost: (_, { reason }) => told.push(reason), found: (part) => told.push(`${part} is there`) },
  });
  for (let look = 0; look < 3; look++) watch.look();
  looks[1]?.resolve([missing('lobby', 'early')]);
  looks[2]?.resolve([missing('lobby', 'now')]);
  await clock.pass(0);
  looks[0]?.resolve([missing('lobby', 'late')]);
  await clock.pass(roomLookMs);
  expect([looks.length, told]).toEqual([4, ['now']]);
  watch.close();
  looks[3]?.resolve([]);
  await clock.pass(5 * roomLookMs);
  expect([looks.length, told]).toEqual([4, ['now']]);
});
