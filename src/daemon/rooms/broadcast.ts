import type { SoundLevels } from '../../contract/content.ts';
import { contentWords } from '../../contract/content-words.ts';
import type { Broadcast as BroadcastModel, BroadcastStats, OnAir, Source } from '../../contract/models.ts';
import type { Plan } from '../../contract/plan.ts';
import type { RenditionName } from '../../contract/rendition-names.ts';
import { lackWords, publicSource, sourceTitle } from '../../contract/source-words.ts';
import { compatibleLayer } from '../../ingest/plan/compatible-layer.ts';
import type { compatibleCores } from '../../ingest/plan/encoding-cost.ts';
import type { Output } from '../sfu/output.ts';
import type { CompatibleNeed } from './compatible-needs.ts';
import { newPart } from './part.ts';
import type { ProgrammeOptions } from './programme-of.ts';
import { type SeenProgramme, seenNow } from './seen-now.ts';

/** One live programme in a room. What becomes of it is the business of the room's actor. */
export interface Broadcast {
  readonly id: string;
  readonly name: string;
  /** null: nothing is preferred to the fallbacks and the slate. */
  readonly source: Source | null;
  /** What it is called in errors. */
  readonly words: string;
  readonly output: Output;
  /** The layers of the picture, the lowest first. */
  readonly renditions: readonly RenditionName[];
  readonly options: ProgrammeOptions;
  readonly startedAt: string;
  /** What the configuration said that the room falls back to, as JSON. */
  readonly fallbacks?: string;
  /** How what is on air is played; at first, what its source was planned to be. */
  readonly plan: Plan;
  readonly advice: string | null;
  readonly stats: BroadcastStats;
  /** How loud it is; null: it is not known. */
  readonly levels?: SoundLevels | null;
}

/** A broadcast, and what has been seen of it. */
export interface SeenBroadcast
  extends SeenProgramme,
    Pick<Broadcast, 'id' | 'name' | 'source' | 'startedAt' | 'plan' | 'advice' | 'stats'> {
  readonly words: string;
  /** Its first frames have left, ever. */
  readonly live: boolean;
  /** It is begun again by whichever daemon is the next. */
  readonly kept?: boolean;
  /** What viewers need it in besides. */
  readonly needs?: readonly CompatibleNeed[];
}

/** A picture that is decoded. */
type CompatibleInput = Parameters<typeof compatibleCores>[0];

/** The room that a broadcast is in. */
export interface RoomFacts {
  readonly name: string;
  readonly watchUrl: string;
  readonly viewers: readonly unknown[];
}

/** Before anything has left. */
export const noStats: BroadcastStats = {
  positionMs: 0,
  durationMs: null,
  loops: 0,
  fps: 0,
  bitrateBps: 0,
  bufferedMs: 0,
  restarts: 0,
  slates: 0,
};

export const noPlan: Plan = { video: null, audio: null };

/** Where nobody has said, in bit/s: that of 240p. */
const usualLowestBps = 330_000;

/** What is planned of it is copied, and nothing else is to follow soon: how this machine encodes need not be known. */
export function encodesNothing({ source, plan: { video } }: Pick<Broadcast, 'source' | 'plan'>): boolean {
  const isAlone = source?.kind === 'file' || source?.kind === 'url' || source?.kind === 'publisher';
  return isAlone && video?.action === 'copy' && video.lower.length === 0;
}

/** Ceiling of the bit rate of its lowest rendition. */
export function lowestBpsOf({ plan }: Pick<Broadcast, 'plan'>): number {
  return plan.video?.lower[0]?.bitrateBps ?? usualLowestBps;
}

/** Ceilings of the bit rates of the renditions below the best one, the lowest first; 0: not known. */
export function lowerBpsOf({ plan, renditions }: Pick<Broadcast, 'plan' | 'renditions'>): number[] {
  return renditions.slice(0, -1).map((_, layer) => plan.video?.lower[layer]?.bitrateBps ?? 0);
}

/** What is decoded of it for a compatible picture; a card where nothing is known of what is on air. */
export function compatibleInput({
  plan: { video },
  renditions,
}: Pick<Broadcast, 'plan' | 'renditions'>): CompatibleInput {
  if (!video) return { width: 1280, height: 720, fps: null };
  return video.lower[compatibleLayer(renditions)] ?? video;
}

/** The plan, with what is made besides. */
function planNow({ plan, needs = [], ...of }: SeenBroadcast): Plan {
  const made = (seenNow(of)?.compatible ?? []).map((one) => ({
    ...one,
    cores: needs.find(({ codec }) => codec === one.codec)?.cores ?? 0,
  }));
  return plan.video && made.length > 0 ? { ...plan, video: { ...plan.video, compatible: made } } : plan;
}

/** What viewers see. */
export function onAirOf(broadcast: SeenBroadcast): OnAir {
  const { source, words, startedAt: since } = broadcast;
  const shown = seenNow(broadcast)?.shown;
  return shown ?? { entry: 'nothing', words: source ? `${words}: starting` : 'starting', since };
}

/** A broadcast as operators see it. */
export function broadcastModel(broadcast: SeenBroadcast, room: RoomFacts): BroadcastModel {
  const { id, name, source, live, kept = false, advice, stats, startedAt } = broadcast;
  return {
    ...{
      id,
      name,
      startedAt,
      plan: planNow(broadcast),
      stats,
      advice: [lackAdvice(broadcast), contentAdvice(broadcast), advice].filter(Boolean).join('; ') || null,
    },
    ...{ room: room.name, watchUrl: room.watchUrl, viewers: room.viewers.length },
    state: live ? 'live' : 'starting',
    kept,
    onAir: onAirOf(broadcast),
    source: source ? publicSource(source) : { kind: 'slate' },
  };
}

/** What is missing of what is on air; null: nothing. */
function lackAdvice(broadcast: SeenBroadcast): string | null {
  const seen = seenNow(broadcast);
  const onAir = seen?.candidates.find(({ id }) => id === seen.onAir);
  return onAir && onAir.lacks.length > 0
    ? lackWords(seen?.shown.words ?? broadcast.words, onAir.lacks)
    : null;
}

/** What viewers would complain of now; null: nothing. */
function contentAdvice(broadcast: SeenBroadcast): string | null {
  const seen = seenNow(broadcast);
  const [wrong, ...others] = seen?.content.wrong ?? [];
  if (!seen || !wrong) return null;
  return [wrong, ...others].map((one) => contentWords(seen.shown.words, one)).join('; ');
}

/** One that was stopped before it was known how it would be played. @param source where it is known */
export function unbegunModel(
  id: string,
  room: RoomFacts,
  source: Source | null,
  startedAt: string,
): BroadcastModel {
  const name = source ? sourceTitle(source, room.name) : id;
  const nothing = { plan: noPlan, advice: null, stats: noStats, live: false, seen: null, programme: newPart };
  const model = broadcastModel({ id, name, words: name, source, startedAt, ...nothing }, room);
  return { ...model, onAir: { entry: 'nothing', words: 'stopped before it began', since: startedAt } };
}
