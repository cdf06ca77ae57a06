import { expect, test } from 'vitest';
import { Routes } from '../../../../src/ingest/process/players/routes.ts';
import { WhipPlayer } from '../../../../src/ingest/process/players/whip-player.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { ScriptedDaemon } from '../scripted-daemon.ts';
import { heard } from './scripted-pipelines.ts';

test('WhipPlayer asks for its route again where that could not be made', async () => {
  const clock = new VirtualClock();
  const daemon = new ScriptedDaemon();
  const routes = new Routes(daemon.asker);
  const planned = Promise.withResolvers<void>();
  const { words, tell } = heard();
  const player = WhipPlayer.start({
    ...{ room: 'lobby', publication: '1', routes, kinds: ['audio'], fillFor: () => () => [], clock },
    tell: (news) => (news.type === 'planned' ? planned.resolve() : tell(news)),
  });
  const left = new Error('the publisher has left');
  const answers = [left, left, { peerPort: 9, tracks: [] }];
  for (const [at, answer] of answers.entries()) {
    await clock.pass(4000);
    expect(daemon.said.at(-1)).toBe(`route ${at + 1}`);
    daemon.answer(at + 1, answer);
  }
  await planned.promise;
  expect(words).toEqual(['away: the publisher has left', 'away: the publisher has left']);
  expect(daemon.said.at(-1)).toBe('connectRoute');
  await player.close();
  expect([clock.timers, daemon.said.at(-1)]).toEqual([0, 'route 3 over']);
});

test('WhipPlayer gives up a route that nobody answers, and does not wait for it where it is closed', async () => {
  const clock = new VirtualClock();
  const daemon = new ScriptedDaemon();
  const routes = new Routes(daemon.asker);
  const { words, tell } = heard();
  const player = WhipPlayer.start({
    ...{
      room: 'lobby',
      publication: '1',
      routes,
      kinds: ['audio'],
      fillFor: () => () => [],
      clock,
      tell,
    },
  });
  await clock.pass(5000);
  expect(words).toEqual(['away: it was not routed within 5000 ms']);
  expect(daemon.said.slice(-2)).toEqual(['route 1 over', 'route 2']);
  await player.close();
  expect([clock.timers, daemon.said.at(-1)]).toEqual([0, 'route 2 over']);
});
