import { expect, test } from 'vitest';
import { Playlist } from '../../../../src/contract/playlist/playlist.ts';
import { Mailbox } from '../../../../src/ingest/process/director/mailbox.ts';
import { PlaylistPlayer } from '../../../../src/ingest/process/playlist/playlist-player.ts';
import { Splicer } from '../../../../src/ingest/process/splicer/splicer.ts';
import { RecordingSink } from '../../../helpers/recording-sink.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { ScriptedSources } from '../../../sim/scripted-sources.ts';
import { file, item } from '../director/scripted.ts';

test.each([5000, 27_500])(
  'PlaylistPlayer that begins anew %i ms from its start shows nothing twice, and leaves nothing out',
  async (atMs) => {
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
    const nothing = () => {};
    const player = new PlaylistPlayer({
      ...{
        playlist: new Playlist({ items: [item('a', file('main'))], loop: false, shuffle: false }),
        clock,
        post,
      },
      ...{ maker: sources.maker, deck: splicer, graceMs: 10_000, goesOn: null, prepared: null },
      listener: {
        ...{
          onReady: () => player.goOnAir(),
          onAway: nothing,
          onEnding: nothing,
          onEnded: nothing,
          onItem: nothing,
        },
        ...{ onPipeline: nothing, onFailure: nothing, onPlan: nothing, onSkipped: nothing },
      },
    });
    player.start();
    await clock.pass(atMs);
    player.again();
    await clock.pass(40_000 - atMs);
    const places = sink.left
      .filter(({ frame }) => frame.kind === 'video')
      .map(({ frame }) => frame.ptsUs / 1000);
    expect(sources.starts.get('main')).toHaveLength(2);
    const stepsMs = places.slice(1).map((at, index) => at - (places[index] ?? 0));
    if (atMs < 20_000) expect(new Set(stepsMs)).toEqual(new Set([250]));
    expect(places.at(-1)).toBe(29_750);
    await player.close();
    await splicer.close();
  },
);
