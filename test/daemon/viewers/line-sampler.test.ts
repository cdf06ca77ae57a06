import { expect, it } from 'vitest';
import type { Viewer } from '../../../src/contract/models.ts';
import { LineSampler } from '../../../src/daemon/viewers/line-sampler.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** Viewers by their numbers; the first one waits. */
function sampled(perSecond: number) {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const judged: string[] = [];
  const looked = new Set<number>();
  const state = { count: 0, answer: async () => {} };
  const present = () =>
    Array.from({ length: state.count }, (_, number) => ({
      viewer: {
        ...{ id: `v-${number}`, state: number === 0 ? 'waiting' : 'playing' },
        ...{ room: number % 2 === 0 ? 'even' : 'odd', lookedAt: looked.has(number) ? 'then' : null },
      } as Viewer,
      sample: () => {
        asked.push(`v-${number}`);
        looked.add(number);
        return state.answer();
      },
      judge: () => void judged.push(`v-${number}`),
    }));
  const sampler = new LineSampler({ present, perSecond: () => perSecond, clock });
  return { clock, asked, judged, state, sampler };
}

it('LineSampler looks at each of a few viewers every five seconds, and at who does not play never', async () => {
  using scope = new DisposableStack();
  const { clock, asked, state, sampler } = sampled(40);
  scope.use(sampler);
  state.count = 4;
  await clock.pass(1000);
  expect(asked).toEqual(['v-1', 'v-2', 'v-3']);
  await clock.pass(4000);
  expect(asked).toHaveLength(3);
  await clock.pass(1000);
  expect(asked).toHaveLength(6);
});

it('LineSampler looks at no more viewers in a second than it may, at those first who are new, and in the end at all', async () => {
  const { clock, asked, state, sampler } = sampled(100);
  state.count = 1001;
  await clock.pass(1000);
  expect(asked).toHaveLength(100);
  await clock.pass(9000);
  expect(new Set(asked).size).toBe(1000);
  state.count = 1010;
  asked.length = 0;
  await clock.pass(1000);
  expect(asked.slice(0, 10)).toEqual([
    ...Array.from({ length: 9 }, (_, place) => `v-${1001 + place}`),
    // Whose turn was the longest ago.
    'v-1',
  ]);
  sampler.close();
  expect(clock.timers).toBe(0);
});

it('LineSampler asks nothing more of a worker that does not answer, and says all the same who suffers', async () => {
  using scope = new DisposableStack();
  const { clock, asked, judged, state, sampler } = sampled(40);
  scope.use(sampler);
  const { promise, resolve } = Promise.withResolvers<void>();
  Object.assign(state, { count: 3, answer: () => promise });
  await clock.pass(20_000);
  expect(asked).toHaveLength(2);
  expect(judged).toHaveLength(60);
  resolve();
  await clock.pass(1000);
  expect(asked).toHaveLength(4);
});

it('LineSampler looks at some who are new for who lists them, and at nobody twice', async () => {
  using scope = new DisposableStack();
  const { asked, state, sampler } = sampled(40);
  scope.use(sampler);
  state.count = 6;
  await sampler.lookAtNew('odd');
  expect(asked).toEqual(['v-1', 'v-3', 'v-5']);
  await sampler.lookAtNew('odd');
  expect(asked).toHaveLength(3);
  state.count = 1000;
  await sampler.lookAtNew(undefined);
  expect(asked).toHaveLength(43);
});

it('LineSampler has who lists viewers wait for no worker that does not answer', async () => {
  using scope = new DisposableStack();
  const { clock, state, sampler } = sampled(40);
  scope.use(sampler);
  Object.assign(state, { count: 3, answer: () => new Promise(() => {}) });
  const listed = sampler.lookAtNew(undefined);
  await clock.pass(500);
  await listed;
  await sampler.lookAtNew('odd');
});
