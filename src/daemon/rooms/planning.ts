import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import type { CallInput } from '../../contract/api.ts';
import type { Clock } from '../../contract/clock.ts';
import { type Config, roomConfig } from '../../contract/config.ts';
import { newId } from '../../contract/ids.ts';
import type { Source } from '../../contract/models.ts';
import type { VideoCodec } from '../../contract/plan.ts';
import type { Renditions } from '../../contract/rendition-names.ts';
import { sourceTitle, sourceWords } from '../../contract/source-words.ts';
import type { EncodingCapacity } from '../../ingest/plan/encoding-cost.ts';
import type { IngestPool } from '../../ingest/pool/ingest-pool.ts';
import type { PreparedSource } from '../../ingest/sources/sources.ts';
import type { PublicationBook } from '../publishers/publication-book.ts';
import { compatibleCodecs, newOutput } from '../sfu/output.ts';
import { type Broadcast, noPlan, noStats } from './broadcast.ts';
import type { Encoding } from './encoding.ts';
import { fallbackSources } from './fallback-sources.ts';
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
    const { probe, plan, live, picture } = await this.#look('', source, renditions, null);
    return { probe, plan, live, ...(picture && { picture }) };
  }

  /** A broadcast that somebody wants. @throws MiroliveError SOURCE_* and whatever else can be wrong with a source */
  async start(
    id: string,
    room: string,
    { name, source, renditions }: Omit<CallInput<'startBroadcast'>, 'room' | 'wait'>,
  ): Promise<PlannedBroadcast> {
    const { config, publications } = this.#options;
    const wanted = renditions ?? config.plan.renditions;
    const fallbacks = await this.#fallbacks(room);
    const lasting = keepsItsCodec(source) && fallbacks.length === 0;
    const whip = source.kind === 'publisher' ? publications.whip(room, source.key) : null;
    const first = whip ? null : firstSource(source);
    const looked = first && (await this.#look(room, first, wanted, lasting ? null : commonCodec));
    const largest = wanted === 'auto' ? await this.#largest(room, source) : null;
    const shape = whip ? shapeOfWhip(whip) : shapeOf((largest ?? looked)?.plan ?? null, wanted, lasting);
    return await this.#planned(id, room, name ?? sourceTitle(source, room), {
      source,
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
    return await this.#planned(newId('b'), room, room, {
      source: null,
      prepared: null,
      plan: noPlan,
      shape: shapeOf(null, renditions, false),
      stepsDown: renditions === 'auto',
      fallbacks: await this.#fallbacks(room),
    });
  }

  /** A source that is to be taken in a broadcast. @throws as `start` */
  async take(broadcast: Broadcast, source: Source): Promise<LookedSource> {
    const first = firstSource(source);
    // Who publishes is there, and is looked at when it is played.
    const isLooked = first !== null && first.kind !== 'publisher';
    const { options, output, renditions } = broadcast;
    const prepared = isLooked
      ? await this.#prepare(options.room, first, renditions.toReversed(), output.video.codec, null)
      : null;
    return { id: newId('c'), seed: randomInt(2 ** 31), prepared: first === source ? prepared : null };
  }

  async #fallbacks(room: string): Promise<readonly Source[]> {
    const { config, log } = this.#options;
    const { sources, problems } = await fallbackSources(roomConfig(config, room).fallback);
    for (const error of problems)
      log.warn({ room, ...error.toJSON() }, `a fallback is left out: ${error.message}`);
    return sources;
  }

  /** What `auto` makes of the largest file of a playlist: the first one may be small. */
  async #largest(room: string, source: Source): Promise<PreparedSource | null> {
    if (source.kind !== 'playlist' || source.items.length === 1) return null;
    const { media } = this.#options.config;
    const largest = await largestItem(source, { ...media, timeoutMs: media.probeTimeout });
    // One that turns out to be damaged is skipped when its turn comes.
    return largest && (await this.#look(room, largest, 'auto', commonCodec).catch(() => null));
  }

  /** Looks at what is to be played, by what this machine can encode. */
  async #look(
    room: string,
    source: Source,
    renditions: Renditions,
    codec: VideoCodec | null,
  ): Promise<PreparedSource> {
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
  ): Promise<PreparedSource> {
    const { config, encoding, ingest } = this.#options;
    const rules = rulesFor(config, room, source, renditions, await encoding.means());
    return await ingest.prepare(room, source, { ...rules, codec, capacity });
  }

  async #planned(id: string, room: string, name: string, first: FirstSource): Promise<PlannedBroadcast> {
    const { config, encoding, clock } = this.#options;
    const { source, plan, shape, prepared } = first;
    const { options, chain, looked } = programmeOf(config, room, first, await encoding.means());
    const besides = config.plan.compatible === 'auto' ? compatibleCodecs(shape.codec) : [];
    const durationMs = prepared?.live === false ? prepared.probe.durationMs : null;
    const broadcast: Broadcast = {
      ...{ id, name, source, plan, options, advice: null, stats: { ...noStats, durationMs } },
      words: source ? sourceWords(source) : 'slate',
      output: newOutput(shape.codec, shape.renditions.length, besides),
      renditions: shape.renditions.toReversed(),
      startedAt: new Date(clock.wallMs()).toISOString(),
    };
    return { broadcast, wishes: newWishes(chain), looked };
  }
}
