import { expect, test } from 'vitest';
import type { Event } from '../../../src/contract/events.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import { SlowPipelines } from '../../../src/daemon/view/slow-pipelines.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const slow: Omit<Extract<Event, { type: 'pipeline.overloaded' }>, 'at'> = {
  ...{ type: 'pipeline.overloaded', room: 'lobby', broadcast: 'b-aaaaaaaaaa', speed: 0.47 },
  ...{ renditions: null, hint: 'Take load off this machine' },
};

function made() {
  const [hub, clock] = [new EventHub(), new VirtualClock()];
  return { hub, clock, pipelines: new SlowPipelines(hub, clock) };
}

test('what was told of a slow ffmpeg holds until it would have been told again', async () => {
  const { hub, clock, pipelines } = made();
  expect(pipelines.of('lobby')).toBeNull();
  hub.announce(slow);
  expect(pipelines.of('lobby')).toEqual({
    reason: 'ffmpeg is too slow, 47 % of real time',
    hint: 'Take load off this machine; how it is played: mirolive programme --room lobby',
  });
  expect(pipelines.of('hall')).toBeNull();
  await clock.pass(89_000);
  expect(pipelines.of('lobby')).not.toBeNull();
  await clock.pass(2000);
  expect(pipelines.of('lobby')).toBeNull();
});

test('nothing is slow any more that is over, or makes less', () => {
  const { hub, pipelines } = made();
  hub.announce(slow);
  hub.announce({ ...slow, renditions: ['source'] });
  expect(pipelines.of('lobby')).toBeNull();
  hub.announce(slow);
  hub.announce({ type: 'broadcast.ended', room: 'lobby' } as never);
  expect(pipelines.of('lobby')).toBeNull();
  pipelines[Symbol.dispose]();
  hub.announce(slow);
  expect(pipelines.of('lobby')).toBeNull();
});
