import type { Source } from '../../../contract/models.ts';
import type { Snapshot } from '../../../contract/snapshot.ts';
import { unmarked } from '../../child/work-mark.ts';
import { compatibleLayer } from '../../plan/compatible-layer.ts';
import { CompatiblePictures } from '../compatible/compatible-pictures.ts';
import { ContentMonitor, type ContentMonitorOptions } from '../content/content-monitor.ts';
import type { IngestContext } from '../ingest-context.ts';
import { PlayerMaker } from '../players/player-maker.ts';
import type { Feed } from '../splicer/feed.ts';
import { Splicer, type SplicerOptions } from '../splicer/splicer.ts';
import { Director } from './director.ts';
import type { DirectorOptions, Looked } from './director-options.ts';
import type { DirectorListener, DirectorParts } from './director-parts.ts';

/** Opens a programme with the machine's time, real players and a splicer that sends to a socket. */
export async function openDirector(
  options: DirectorOptions,
  snapshot: Snapshot,
  generation: number,
  looked: Looked,
  context: IngestContext,
  listener: DirectorListener,
): Promise<Director> {
  const { video, audio, room, ffmpeg, content: limits } = options;
  const makeSlate = () => context.slate(options);
  const maker = new PlayerMaker({
    ...options,
    sources: context.sourcesOf(room),
    publications: context.publications(room),
    routes: context.routes,
    slice: (source) => context.slice(room, source),
    slate: makeSlate,
    picture: (path, size) => context.picture(options, path, size),
    cover: (path, track) => context.cover(options, path, track),
    card: (card) => context.card(options, card),
    cards: (cards) => context.cards(options, cards),
    kinds: [...(video ? (['video'] as const) : []), ...(audio ? (['audio'] as const) : [])],
  });
  const parts = {
    ...{ clock: context.wakes, maker, makeSlate, waits: () => context.waitsForDaemon(room) },
    watchContent: (onNews: ContentMonitorOptions['onNews']) =>
      new ContentMonitor({
        ...{ ffmpeg, limits, clock: context.wakes, onNews },
        ...{ video: video?.codec ?? null, audio: audio !== null },
      }),
  };
  const { wakes } = context;
  const slices = (sourceOf: (feed: Feed) => Source | null) => (feed: Feed) => {
    const source = sourceOf(feed);
    return source ? context.marked(room, source) : unmarked;
  };
  const makeCompatible: SplicerOptions['makeCompatible'] =
    video?.compatible &&
    ((heardOf) =>
      new CompatiblePictures({
        ...{ ffmpeg, from: video.codec, clock: wakes, ...heardOf },
        ...{ layers: video.identities.length, layer: compatibleLayer(options.rules.renditions) },
      }));
  const openAir: DirectorParts['openAir'] = (heard, sourceOf) =>
    Splicer.create({ video, audio, sliceOf: slices(sourceOf), wakes, makeCompatible, ...heard });
  const openUnseen: DirectorParts['openUnseen'] = (heard, sourceOf) =>
    Splicer.unseen({ sliceOf: slices(sourceOf), wakes, ...heard });
  const airs = { openAir, openUnseen };
  return await Director.open(options, snapshot, generation, looked, { ...parts, ...airs }, listener);
}
