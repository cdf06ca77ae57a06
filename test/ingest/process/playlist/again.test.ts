import { expect, test } from 'vitest';
import type { PlaylistEntrySource } from '../../../../src/contract/models.ts';
import { Playlist } from '../../../../src/contract/playlist/playlist.ts';
import { Mailbox } from '../../../../src/ingest/process/director/mailbox.ts';
import { PlaylistPlayer } from '../../../../src/ingest/process/playlist/playlist-player.ts';
import { Splicer } from '../../../../src/ingest/process/splicer/splicer.ts';
import { RecordingSink } from '../../../helpers/recording-sink.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { ScriptedSources } from '../../../sim/scripted-sources.ts';
import { file, item } from '../director/scripted.ts';

/** A playlist on air by itself, and what leaves of it. */
async function onAir(...sources_: PlaylistEntrySource[]) {
  const clock = new VirtualClock();
  const sources = new ScriptedSources(clock);
  const sink = new RecordingSink();
  const { post } = new Mailbox(
    () => {},
    () => {},
  );
  const splicer = await Splicer.create({
    ...{ video: null, audio: null, clock, openSink: async () => sink },
    ...{
      onFinished: (feed) => post(() => player.finished(feed)),
      onBegun: () => {},
      onKeyFrameWanted: () => {},
    },
  });
  const items = sources_.map((source, index) => item('abc'[index] ?? '', source));
  const player = new PlaylistPlayer({
    ...{ playlist: new Playlist({ items, loop: false, shuffle: false }), clock, post },
    ...{ maker: sources.maker, deck: splicer, graceMs: 10_000, goesOn: null, prepared: null },
    tell: ({ type }) => type === 'ready' && player.goOnAir(),
  });
  player.start();
  const close = async () => {
    await player.close();
    await splicer.close();
  };
  const pictures = () => sink.left.flatMap(({ frame }) => (frame.kind === 'video' ? [frame] : []));
  return { clock, sources, player, items, pictures, close };
}

test.each([5000, 27_500])(
  'PlaylistPlayer that begins anew %i ms from its start shows nothing twice, and leaves nothing out',
  async (atMs) => {
    const { clock, sources, player, pictures, close } = await onAir(file('main'));
    await clock.pass(atMs);
    player.again();
    await clock.pass(40_000 - atMs);
    const places = pictures().map(({ ptsUs }) => ptsUs / 1000);
    expect(sources.starts.get('main')).toHaveLength(2);
    const stepsMs = places.slice(1).map((at, index) => at - (places[index] ?? 0));
    if (atMs < 20_000) expect(new Set(stepsMs)).toEqual(new Set([250]));
    expect(places.at(-1)).toBe(29_750);
    await close();
  },
);

test('PlaylistPlayer plays an item to its end where a choice comes to nothing while it is begun anew', async () => {
  const { clock, sources, player, items, pictures, close } = await onAir(
    file('main'),
    file('gone'),
    file('c'),
  );
  sources.set('gone', 'gone');
  await clock.pass(5000);
  player.again();
  // It is opened, and waits until it is time.
  await clock.pass(1000);
  player.go({ item: items[1]?.id ?? '', positionMs: null, serial: 1 });
  await clock.pass(39_000);
  const words = pictures().map(({ data }) => data.toString());
  expect(words.filter((one) => one === 'source main')).toHaveLength(120);
  expect(words.at(-1)).toBe('source c');
  await close();
});

test('PlaylistPlayer of one source that cannot be had for a time goes on where it was', async () => {
  const { clock, sources, player, close } = await onAir(file('main'));
  await clock.pass(10_000);
  const wasUs = player.positionUs;
  sources.set('main', 'gone');
  for (let attempt = 0; attempt < 2; attempt++) {
    player.suspend();
    player.start();
    await clock.pass(5000);
  }
  player.suspend();
  expect(player.positionUs).toBe(wasUs);
  await close();
});
