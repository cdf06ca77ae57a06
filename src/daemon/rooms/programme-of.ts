import { randomInt } from 'node:crypto';
import { type Config, roomConfig } from '../../contract/config.ts';
import { contentLimits } from '../../contract/content-config.ts';
import { newId } from '../../contract/ids.ts';
import type { Source } from '../../contract/models.ts';
import type { Plan, VideoCodec } from '../../contract/plan.ts';
import { isFolder } from '../../contract/playlist/folder-items.ts';
import { largestFirst, type RenditionName, type Renditions } from '../../contract/rendition-names.ts';
import type { RoomConfig } from '../../contract/room-config.ts';
import type { WantedCandidate } from '../../contract/snapshot.ts';
import type { StartPlace } from '../../contract/start-place.ts';
import { chosenSound } from '../../ingest/plan/chosen-sound.ts';
import type { PlanOptions } from '../../ingest/plan/plan-options.ts';
import type { DirectorOptions, Looked } from '../../ingest/process/director/director-options.ts';
import type { PreparedSource } from '../../ingest/sources/sources.ts';
import type { WhipMedia } from '../publishers/publication-media.ts';
import type { EncodingMeans } from './encoding.ts';
import { newCandidate } from './wishes.ts';

/** The codec of what may change its source: what every browser plays, and most sources can be copied in. */
export const commonCodec: VideoCodec = 'h264';

/** How sources of a room may be planned before anything is known of them. */
export function rulesFor(
  config: Config,
  room: string,
  source: Source | null,
  renditions: Renditions,
  means: EncodingMeans,
): PlanOptions {
  const { plan } = config;
  return {
    ...chosenSound(source),
    maxKeyframeIntervalMs: plan.maxKeyframeInterval,
    maxBitrateBps: plan.maxBitrate,
    codec: null,
    renditions,
    ladder: null,
    loudness: roomConfig(config, room).audio.loudness ?? config.audio.loudness,
    ...means,
    capacity: null,
  };
}

/** What a broadcast is in, from its first plan on. */
export interface Shape {
  readonly codec: VideoCodec;
  /** The layers of the picture, the best one first. */
  readonly renditions: readonly RenditionName[];
}

/**
 * A single source that is copied keeps its codec; whatever else is in the common one. What was asked for by name is made, though the
 * first source may be too small for it: a larger one may follow.
 *
 * @param alone no other source is expected
 */
export function shapeOf(plan: Plan | null, wanted: Renditions, alone: boolean): Shape {
  const { video } = plan ?? {};
  const codec = video?.codec ?? commonCodec;
  if (wanted !== 'auto' && !(alone && video)) return { codec, renditions: largestFirst(wanted) };
  if (!video) return { codec, renditions: ['source'] };
  const lower = video.lower.toReversed().map(({ name }) => name);
  return { codec, renditions: [video.name, ...lower] };
}

/** Renditions that others are made in, where a publisher sends so many of its own. */
const ownRenditions = [['source'], ['source', '360p'], ['source', '480p', '240p']] as const;

/** What somebody sends by WebRTC is passed on as it is. */
export function shapeOfWhip({ codec, layers }: WhipMedia): Shape {
  return { codec: codec ?? commonCodec, renditions: ownRenditions[layers - 1] ?? ownRenditions[0] };
}

/** How a broadcast begins. */
export interface FirstSource {
  readonly source: Source | null;
  /** Where it begins; default: at its beginning. */
  readonly place?: StartPlace | undefined;
  /** What is known of it, where somebody has looked. */
  readonly prepared: PreparedSource | null;
  readonly plan: Plan;
  readonly shape: Shape;
  /** Nobody asked for just these renditions: there may be fewer where they turn out to be too much. */
  readonly stepsDown: boolean;
  /** On air before fallbacks are, while nothing of the source can be; null: there is none. */
  readonly filler: Source | null;
  readonly fallbacks: readonly Source[];
}

/** Whether nothing but this source is expected on air, so that the broadcast may be in its codec. */
export function keepsItsCodec({ kind }: Source): boolean {
  return kind === 'file' || kind === 'url';
}

/** What can be looked at before a broadcast begins; null: nothing. */
export function firstSource(source: Source): Source | null {
  if (source.kind === 'slate' || source.kind === 'card') return null;
  if (source.kind !== 'playlist') return source;
  return firstSource(source.items.find((item) => !isFolder(item))?.source ?? { kind: 'slate' });
}

/** How a programme is played, but for what is sent. */
export type ProgrammeOptions = Omit<DirectorOptions, 'video' | 'audio'>;

/** What a programme begins with. */
export interface ProgrammePlan {
  readonly options: ProgrammeOptions;
  readonly chain: readonly WantedCandidate[];
  readonly looked: Looked;
}

/** All that an ingest process needs to play a source in a room. */
export function programmeOf(
  config: Config,
  room: string,
  { source, place, prepared, shape, stepsDown, filler, fallbacks }: FirstSource,
  means: EncodingMeans,
): ProgrammePlan {
  const named = [
    ...(source ? [newCandidate('main', source, newId('c'), randomInt(2 ** 31), place)] : []),
    ...(filler ? [newCandidate('filler', filler, newId('c'), randomInt(2 ** 31))] : []),
    ...fallbackCandidates(fallbacks),
  ];
  const [main] = named;
  const options = programmeOptions(config, room, { source, shape, stepsDown }, means);
  return { options, chain: named, looked: source && main && prepared ? { [main.id]: prepared } : {} };
}

/** What a room falls back to, in that order. */
export function fallbackCandidates(sources: readonly Source[]): WantedCandidate[] {
  return sources.map((one, index) =>
    newCandidate(`fallback-${index + 1}`, one, newId('c'), randomInt(2 ** 31)),
  );
}

/** How a programme is played, by the configuration as it is now. */
export function programmeOptions(
  config: Config,
  room: string,
  { source, shape: { codec, renditions }, stepsDown }: Pick<FirstSource, 'source' | 'shape' | 'stepsDown'>,
  means: EncodingMeans,
): ProgrammeOptions {
  const rules = roomConfig(config, room);
  return {
    room,
    stepsDown,
    failback: rules.failback,
    holdMs: rules.hold,
    // A room that is always on goes back to its slate as another broadcast.
    alwaysOn: source === null,
    graceMs: rules.reconnectGrace,
    onContent: rules.onContent,
    content: contentLimits(config.content, rules.content),
    slate: slateOf(rules, room),
    card: cardOf(rules, room),
    ffmpeg: config.media.ffmpeg,
    stallTimeoutMs: config.source.stallTimeout,
    liveStallTimeoutMs: config.source.liveStallTimeout,
    maxSourceBps: config.limits.sourceBitrate,
    rules: { ...rulesFor(config, room, source, renditions, means), codec },
  };
}

function cardOf({ slate }: RoomConfig, room: string): { title: string; text: string } {
  return { title: room, text: slate.text ?? 'We will be right back' };
}

/** What a room shows while there is nothing else. */
export function slateOf(rules: RoomConfig, room: string): DirectorOptions['slate'] {
  const { kind, path } = rules.slate;
  return kind === 'card' || path === null ? { kind: 'card', ...cardOf(rules, room) } : { kind, path };
}
