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
  await watch.close();
});
