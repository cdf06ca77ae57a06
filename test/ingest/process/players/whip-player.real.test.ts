import { expect, test } from 'vitest';
import { type RouteReport, Routes } from '../../../../src/ingest/process/players/routes.ts';
import { WhipPlayer } from '../../../../src/ingest/process/players/whip-player.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { heard } from './scripted-pipelines.ts';

test('WhipPlayer asks for its route again where that could not be made', async () => {
  const clock = new VirtualClock();
  const reports: RouteReport[] = [];
  const routes = new Routes((report) => reports.push(report));
  const planned = Promise.withResolvers<void>();
  const { words, listener } = heard();
  const player = WhipPlayer.start({
    ...{ publication: '1', routes, kinds: ['audio'], fillFor: () => () => [], clock },
    listener: { ...listener, onPlan: () => planned.resolve() },
  });
  const answers = [null, null, { peerPort: 9, tracks: [] }];
  for (const [at, answer] of answers.entries()) {
    await clock.pass(4000);
    expect(reports.at(-1)).toEqual({ type: 'route.wanted', route: at + 1, publication: '1' });
    routes.answer(at + 1, answer);
  }
  await planned.promise;
  expect(words).toEqual(['away: the publisher has left', 'away: the publisher has left']);
  expect(reports.at(-1)).toMatchObject({ type: 'route.connect', route: 3 });
  await player.close();
  expect([clock.timers, reports.at(-1)]).toEqual([0, { type: 'route.close', route: 3 }]);
});

test('WhipPlayer gives up a route that nobody answers, and does not wait for it where it is closed', async () => {
  const clock = new VirtualClock();
  const reports: RouteReport[] = [];
  const routes = new Routes((report) => reports.push(report));
  const { words, listener } = heard();
  const player = WhipPlayer.start({
    ...{ publication: '1', routes, kinds: ['audio'], fillFor: () => () => [], clock, listener },
  });
  await clock.pass(5000);
  expect(words).toEqual(['away: it was not routed within 5000 ms']);
  expect(reports.slice(-2)).toEqual([
    { type: 'route.close', route: 1 },
    { type: 'route.wanted', route: 2, publication: '1' },
  ]);
  await player.close();
  expect([clock.timers, reports.at(-1)]).toEqual([0, { type: 'route.close', route: 2 }]);
});
