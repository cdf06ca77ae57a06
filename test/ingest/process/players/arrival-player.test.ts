import { expect, test } from 'vitest';
import { ArrivalPlayer } from '../../../../src/ingest/process/players/arrival-player.ts';
import { FeedPlayer } from '../../../../src/ingest/process/players/feed-player.ts';
import type { Player } from '../../../../src/ingest/process/players/player.ts';
import { Publications } from '../../../../src/ingest/process/players/publications.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { heard, transcoded } from './scripted-pipelines.ts';

test('ArrivalPlayer goes on waiting and playing, whatever one who comes comes to', async () => {
  const clock = new VirtualClock();
  const publications = new Publications();
  const { words, tell } = heard();
  const plays: (() => Player)[] = [
    () => {
      throw new Error('no way to it');
    },
    () => new FeedPlayer(new Feed(['audio']), transcoded),
  ];
  const player = ArrivalPlayer.start({
    ...{ arrivals: publications.arrivals('main'), tell, clock },
    play: () => (plays.shift() as () => Player)(),
  });
  publications.set('main', { id: '1', protocol: 'whip' });
  await clock.pass(100);
  expect(words).toEqual(['away: nobody publishes with main', 'away: no way to it']);
  expect(player.feed).toBeDefined();
  publications.set('main', null);
  await clock.pass(100);
  expect(words.at(-1)).toBe('away: the publisher has left');
  await player.close();
  expect(clock.timers).toBe(0);
});
