import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import type { CallInput } from '../../contract/api.ts';
import type { Clock } from '../../contract/clock.ts';
import { type Config, roomConfig } from '../../contract/config.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import type { Source } from '../../contract/models.ts';
import type { VideoCodec } from '../../contract/plan.ts';
import { isFolder } from '../../contract/playlist/folder-items.ts';
import type { Renditions } from '../../contract/rendition-names.ts';
import { sourceTitle, sourceWords } from '../../contract/source-words.ts';
import { coresFor, type EncodingCapacity } from '../../ingest/plan/encoding-cost.ts';
import type { IngestPool } from '../../ingest/pool/ingest-pool.ts';
import type { PreparedSource } from '../../ingest/sources/sources.ts';
import type { FolderEyes } from '../folders/folder-look.ts';
import { asList, listed } from '../folders/listed-folder.ts';
import type { PublicationBook } from '../publishers/publication-book.ts';
import { compatibleCodecs, newOutput } from '../sfu/output.ts';
import { type Broadcast, encodesNothing, noPlan, noStats } from './broadcast.ts';
import type { Encoding } from './encoding.ts';
import { fallbackSources } from './fallback-sources.ts';
import { type KeptRow, type RestoredBroadcast, restoredBroadcast, withFallbacks } from './kept-row.ts';
import { largestItem } from './largest-item.ts';
import {
  commonCodec,
  type FirstSource,
  firstSource,
  keepsItsCodec,
  programmeOf,
  rulesFor,
  shapeOf,
  shapeOfWhip,
} from './programme-of.ts';
import type { LookedSource, PlannedBroadcast } from './room-parts.ts';
import { newWishes } from './wishes.ts';

export interface PlanningOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly ingest: Pick<IngestPool, 'prepare'>;
  readonly encoding: Encoding;
  readonly publications: Pick<PublicationBook, 'whip'>;
  readonly eyes: FolderEyes;
}

/** Looks at sources, and decides how they are put on air. Slow; nothing is on air by it. */
export class Planning {
  readonly #options: PlanningOptions;

  constructor(options: PlanningOptions) {
    this.#options = options;
  }

  /** What is in a source, and how it would be played. */
  async probe(
    source: Source,
    renditions: Renditions = this.#options.config.plan.renditions,
  ): Promise<Omit<PreparedSource, 'lookMs'>> {
    const looked = await this.#look('', source, renditions, null);
    if (!looked) throw new Error(`expected a look at ${sourceWords(source)} for nobody to wait for it`);
    const { probe, plan, live, picture } = looked;
    return { probe, plan, live, ...(picture && { picture }) };
  }

  /** Whether a source could be put on air now, and whether this machine could carry it. @throws MiroliveError whatever is wrong with it */
  async check(given: Source, renditions: Renditions = this.#options.config.plan.renditions): Promise<void> {
    const source = await this.#listed(asList(given));
    const first = firstSource(source);
    const looked = first && (await this.#lookAtFirst('', first, source, renditions, null));
    const video = looked?.plan.video;
    const capacity = video && (await this.#options.encoding.capacity());
    if (!video || !capacity) return;
    const cores = coresFor(video, { ...video, fps: null }, capacity);
    if (cores <= capacity.cores) return;
    throw new MiroliveError(
      'LIMIT_REACHED',
      `to encode it takes about ${cores.toFixed(1)} cores, this machine has ${capacity.cores}`,
      { hint: 'Ask for fewer renditions, or smaller ones: see docs/quality.md' },
    );
  }

  /** A broadcast that somebody wants. @throws MiroliveError SOURCE_* and whatever else can be wrong with a source */
  async start(
    id: string,
    room: string,
    {
      name,
      source: given,
      place,
      renditions,
    }: Omit<CallInput<'startBroadcast'>, 'room' | 'wait' | 'keep' | 'replaces'>,
  ): Promise<PlannedBroadcast> {
    const asked = asList(given);
    const source = await this.#listed(asked);
    const { config, publications } = this.#options;
    const wanted = renditions ?? config.plan.renditions;
    const fallbacks = await this.#fallbacks(room);
    const lasting = keepsItsCodec(source) && fallbacks.length === 0;
    const whip = source.kind === 'publisher' ? publications.whip(room, source.key) : null;
    const first = whip ? null : firstSource(source);
    const codec = lasting ? null : commonCodec;
    const looked = first && (await this.#lookAtFirst(room, first, source, wanted, codec));
    const largest = wanted === 'auto' ? await this.#largest(room, source) : null;
    const shape = whip ? shapeOfWhip(whip) : shapeOf((largest ?? looked)?.plan ?? null, wanted, lasting);
    return await this.#planned(id, room, name ?? sourceTitle(asked, room), asked, {
      source,
      place,
      filler: await this.#filler(asked),
      prepared: first === source ? looked : null,
      plan: looked?.plan ?? noPlan,
      shape,
      stepsDown: wanted === 'auto',
      fallbacks,
    });
  }

  /** What a room that is always on shows while there is nothing else. */
  async keep(room: string): Promise<PlannedBroadcast> {
    const { renditions } = this.#options.config.plan;
    return await this.#planned(newId('b'), room, room, null, {
      source: null,
      filler: null,
      prepared: null,
      plan: noPlan,
      shape: shapeOf(null, renditions, false),
      stepsDown: renditions === 'auto',
      fallbacks: await this.#fallbacks(room),
    });
  }

  /** What is to be opened, by what this machine encodes with by now: that is waited for, but not by what is copied. */
  async equipped<T extends { readonly broadcast: Broadcast }>(opening: T): Promise<T> {
    const { encoding } = this.#options;
    const means = encodesNothing(opening.broadcast) ? encoding.meansSoFar : await encoding.means();
    const { options } = opening.broadcast;
    const broadcast = {
      ...opening.broadcast,
      options: { ...options, rules: { ...options.rules, ...means } },
    };
    return { ...opening, broadcast };
  }

  /** A broadcast of an earlier daemon, as it goes on: which encoders there are is not waited for. @throws Error where its row cannot be read */
  async restore(row: KeptRow): Promise<RestoredBroadcast> {
    const { config, encoding } = this.#options;
    const restored = restoredBroadcast(row, config, encoding.meansSoFar);
    const fallbacks = this.#declaredFallbacks(row.room);
    if (restored.broadcast.fallbacks === fallbacks) return restored;
    const sources = await this.#fallbacks(row.room);
    const broadcast = withFallbacks({ ...restored.broadcast, fallbacks }, sources);
    return { ...restored, broadcast };
  }

  /** A source that is to be taken in a broadcast. @throws as `start` */
  async take(broadcast: Broadcast, given: Source): Promise<LookedSource> {
    const source = await this.#listed(asList(given));
    const first = firstSource(source);
    // Who publishes is there, and is looked at when it is played; of a folder another file is played where one cannot be.
    const isLooked = first !== null && first.kind !== 'publisher' && firstFiles(source).length === 0;
    const { options, output, renditions } = broadcast;
    const prepared = isLooked
      ? await this.#prepare(options.room, first, renditions.toReversed(), output.video.codec, null)
      : null;
    return {
      id: newId('c'),
      seed: randomInt(2 ** 31),
      prepared: first === source ? prepared : null,
      whole: source,
    };
  }

  #declaredFallbacks(room: string): string {
    return JSON.stringify(roomConfig(this.#options.config, room).fallback);
  }

  async #fallbacks(room: string): Promise<readonly Source[]> {
    const { config, log } = this.#options;
    const { sources, problems } = await fallbackSources(roomConfig(config, room).fallback);
    for (const error of problems)
      log.warn({ room, ...error.toJSON() }, `a fallback is left out: ${error.message}`);
    return await Promise.all(sources.map((one) => this.#withFiles(one)));
  }

  /** What is to be played, with what is in its folders. @throws MiroliveError where it begins with a folder that cannot be seen */
  async #listed(source: Source): Promise<Source> {
    const { eyes, clock } = this.#options;
    const { source: whole, problems } = await listed(source, eyes, clock.wallMs());
    const problem = source.kind === 'playlist' && problems.get(source.items[0]?.id ?? '');
    if (problem) throw problem;
    return whole;
  }

  /** The same for what may be away at first. */
  async #withFiles(source: Source): Promise<Source> {
    const { eyes, clock } = this.#options;
    return (await listed(asList(source), eyes, clock.wallMs())).source;
  }

  /** It begins again where it has an end. */
  async #filler(source: Source): Promise<Source | null> {
    const filler = source.kind === 'playlist' ? source.filler : undefined;
    if (!filler) return null;
    const again = filler.kind === 'file' || filler.kind === 'url' ? { ...filler, loop: true } : filler;
    return await this.#withFiles(again);
  }

  /** Looks at what is played first; of files of a folder at the first that can be, null: none of some can. */
  async #lookAtFirst(
    room: string,
    first: Source,
    source: Source,
    renditions: Renditions,
    codec: VideoCodec | null,
  ): Promise<PreparedSource | null> {
    const files = firstFiles(source);
    if (files.length === 0) return await this.#look(room, first, renditions, codec);
    for (const file of files) {
      const looked = await this.#look(room, file, renditions, codec).catch(() => null);
      if (looked) return looked;
    }
    return null;
  }

  /** What `auto` makes of the largest file of a playlist: the first one may be small. */
  async #largest(room: string, source: Source): Promise<PreparedSource | null> {
    if (source.kind !== 'playlist' || source.items.length === 1) return null;
    const { media } = this.#options.config;
    const largest = await largestItem(source, { ...media, timeoutMs: media.probeTimeout });
    // One that turns out to be damaged is skipped when its turn comes.
    return largest && (await this.#look(room, largest, 'auto', commonCodec).catch(() => null));
  }

  /** Looks at what is to be played, by what this machine can encode; null: there is nothing to look at before somebody comes. */
  async #look(
    room: string,
    source: Source,
    renditions: Renditions,
    codec: VideoCodec | null,
  ): Promise<PreparedSource | null> {
    const isOne = renditions !== 'auto' && renditions.length === 1;
    const capacity = isOne ? null : await this.#options.encoding.capacity();
    return await this.#prepare(room, source, renditions, codec, capacity);
  }

  async #prepare(
    room: string,
    source: Source,
    renditions: Renditions,
    codec: VideoCodec | null,
    capacity: EncodingCapacity | null,
  ): Promise<PreparedSource | null> {
    const { config, encoding, ingest } = this.#options;
    const rules = rulesFor(config, room, source, renditions, await encoding.means());
    return await ingest.prepare(room, source, { ...rules, codec, capacity });
  }

  /** @param asked what was asked for: without the files of its folders */
  async #planned(
    id: string,
    room: string,
    name: string,
    asked: Source | null,
    first: FirstSource,
  ): Promise<PlannedBroadcast> {
    const { config, encoding, clock } = this.#options;
    const { plan, shape, prepared } = first;
    const { options, chain, looked } = programmeOf(config, room, first, await encoding.means());
    const besides = config.plan.compatible === 'auto' ? compatibleCodecs(shape.codec) : [];
    const durationMs = prepared?.live === false ? prepared.probe.durationMs : null;
    const broadcast: Broadcast = {
      ...{ id, name, source: asked, plan, options, advice: null, stats: { ...noStats, durationMs } },
      words: asked ? sourceWords(asked) : 'slate',
      output: newOutput(shape.codec, shape.renditions.length, besides),
      renditions: shape.renditions.toReversed(),
      startedAt: new Date(clock.wallMs()).toISOString(),
      fallbacks: this.#declaredFallbacks(room),
    };
    return { broadcast, wishes: newWishes(chain), looked };
  }
}

/** Files of a folder that are looked at before a broadcast begins: whoever starts it waits for it. */
const mostFirst = 5;

/** The first files of the folder that a list begins with; none: it begins with something else. */
function firstFiles(source: Source): Source[] {
  if (source.kind !== 'playlist') return [];
  const isFirst = source.items.find((item) => !isFolder(item))?.found !== undefined;
  return isFirst ? source.items.flatMap((item) => (item.found ? [item.source] : [])).slice(0, mostFirst) : [];
}
