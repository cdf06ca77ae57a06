import { EventEmitter } from 'node:events';
import type {
  Broadcast as BroadcastModel,
  BroadcastStats,
  EndReason,
  OnAir,
  Source,
} from '../../contract/models.ts';
import type { Plan, VideoCodec } from '../../contract/plan.ts';
import type { RenditionName } from '../../contract/rendition-names.ts';
import type { Seen } from '../../contract/snapshot.ts';
import type { ProgrammeEvent } from '../../ingest/process/director/director-options.ts';
import type * as types from '../sfu/media-types.ts';
import type { Output } from '../sfu/output.ts';
import { broadcastModel, noStats, type RoomFacts } from './broadcast-model.ts';
import type { End } from './errors.ts';
import type { ProgrammeOptions } from './programme-of.ts';

/** Where nobody has said, in bit/s: that of 240p. */
const usualLowestBps = 330_000;

interface BroadcastEvents {
  programme: [ProgrammeEvent];
  /** It is over, by whatever cause; emitted once. */
  ended: [EndReason, string | null];
}

/** The room as a broadcast in it sees it. */
export interface BroadcastPlace extends RoomFacts {
  /** Takes it off air; harmless where it is. */
  end(broadcast: string, reason: EndReason): Promise<void>;
}

export interface BroadcastOptions {
  readonly id: string;
  readonly room: BroadcastPlace;
  readonly name: string;
  /** null: nothing is preferred to the fallbacks and the slate. */
  readonly source: Source | null;
  /** What it is called in errors. */
  readonly words: string;
  /** How its source is played at first, and how long that is, where it is known. */
  readonly plan: Plan;
  readonly durationMs: number | null;
  readonly output: Output;
  /** The layers of the picture, the lowest first. */
  readonly renditions: readonly RenditionName[];
  readonly programme: ProgrammeOptions;
  readonly startedAt: string;
}

/** One live programme in a room, as viewers and operators see it. What becomes of it is the business of the room's actor. */
export class Broadcast extends EventEmitter<BroadcastEvents> {
  readonly #options: BroadcastOptions;
  #plan: Plan;
  #advice: string | null = null;
  #onAir: OnAir;
  #stats: BroadcastStats;
  #live = false;
  #end: End | null = null;
  /** What viewers can consume, video first; empty while it is interrupted. */
  producers: readonly types.Producer[] = [];

  constructor(options: BroadcastOptions) {
    super();
    this.setMaxListeners(0);
    this.#options = options;
    const { source, words, startedAt: since, plan, durationMs } = options;
    this.#plan = plan;
    this.#onAir = { entry: 'nothing', words: source ? `${words}: starting` : 'starting', since };
    this.#stats = { ...noStats, durationMs };
  }

  get id(): string {
    return this.#options.id;
  }

  get room(): BroadcastPlace {
    return this.#options.room;
  }

  get name(): string {
    return this.#options.name;
  }

  /** What it is called in errors. */
  get words(): string {
    return this.#options.words;
  }

  get output(): Output {
    return this.#options.output;
  }

  get programme(): ProgrammeOptions {
    return this.#options.programme;
  }

  /** How what is on air is played. */
  get plan(): Plan {
    return this.#plan;
  }

  /** The picture's codec, for as long as it lasts. */
  get codec(): VideoCodec {
    return this.output.video.codec;
  }

  /** Its renditions, for as long as it lasts. */
  get layers(): number {
    return this.output.video.identities.length;
  }

  /** What viewers see. */
  get onAir(): OnAir {
    return this.#onAir;
  }

  /** Ceiling of the bit rate of its lowest rendition. */
  get lowestBps(): number {
    return this.#plan.video?.lower[0]?.bitrateBps ?? usualLowestBps;
  }

  /** Names of the layers of the picture, the lowest first. */
  get renditions(): readonly RenditionName[] {
    return this.#options.renditions;
  }

  get stats(): BroadcastStats {
    return this.#stats;
  }

  /** Its first frames have left. */
  get live(): boolean {
    return this.#live;
  }

  /** Why it is over; null: it is not. */
  get end(): End | null {
    return this.#end;
  }

  /** Takes it off air. */
  close(reason: EndReason): Promise<void> {
    return this.room.end(this.id, reason);
  }

  model(): BroadcastModel {
    const { id, name, source, startedAt, room } = this.#options;
    return broadcastModel({
      ...{ id, name, source, startedAt, room: room.name, watchUrl: room.watchUrl },
      viewers: room.viewers.length,
      live: this.#live,
      onAir: this.#onAir,
      plan: this.#plan,
      advice: this.#advice,
      stats: this.#stats,
    });
  }

  /** Notes what the programme tells, and passes it on. */
  tell(event: ProgrammeEvent): void {
    if (event.type === 'live') this.#live = true;
    if (event.type === 'stats' || event.type === 'ended') this.#stats = event.stats;
    if (event.type === 'plan.changed' || event.type === 'pipeline.started') this.#plan = event.plan;
    if (event.type === 'plan.changed') this.#advice = event.advice;
    this.emit('programme', event);
  }

  /** Notes what the director has seen. */
  see({ shown }: Seen): void {
    this.#onAir = shown;
  }

  /** It is over. */
  finish(end: End): void {
    if (this.#end) return;
    this.#end = end;
    this.emit('ended', end.reason, end.message);
  }
}
