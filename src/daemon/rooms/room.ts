import { EventEmitter } from 'node:events';
import type { Clock } from '../../contract/clock.ts';
import { emitToAll } from '../../contract/do-all.ts';
import type {
  Broadcast as BroadcastModel,
  Room as RoomModel,
  Viewer as ViewerModel,
} from '../../contract/models.ts';
import type { CompatibleCodec, VideoCodec } from '../../contract/plan.ts';
import type { RoomSign } from '../../contract/room-sign.ts';
import type { OfflineReason } from '../../contract/signalling.ts';
import { routerCodecs } from '../sfu/codecs.ts';
import type * as types from '../sfu/media-types.ts';
import type { WorkerSlot } from '../sfu/media-worker.ts';
import type { AcceptedPayloadTypes } from '../sfu/payload-type-choice.ts';
import { type MediaRoute, RouterVariants } from '../sfu/router-variants.ts';
import { RoomActor } from './actor.ts';
import { broadcastModel } from './broadcast.ts';
import { CompatibleNeeds } from './compatible-needs.ts';
import { type Entry, letsIn } from './entry.ts';
import { roomIdle, workerGone } from './errors.ts';
import { type PosterScene, posterScene } from './poster-scene.ts';
import type { RoomCoreOptions, RoomListener, Served } from './room-parts.ts';
import type { BroadcastState } from './room-state.ts';
import { titleOf } from './title.ts';

interface RoomEvents {
  /** A broadcast's Producers are there, maybe in the place of another one's: viewers may join. */
  live: [];
  /** The Producers are gone. */
  offline: [OfflineReason];
  /** The number of viewers has changed. */
  viewers: [number];
  /** What is on air is called something else. */
  title: [];
  /** What stands at its door is something else. */
  sign: [];
  /** What is seen, or may be, is something else: stills of before are to be shown no longer. */
  scene: [];
  /** The picture that is made in another codec begins to be, or cannot be, any more. */
  made: [];
}

export interface RoomOptions {
  readonly name: string;
  readonly watchUrl: () => string;
  /** Chooses the worker for a router, when one is needed. @throws MiroliveError NO_WORKER */
  readonly pickSlot: () => WorkerSlot;
  readonly clock: Clock;
  /** Whether it lets viewers in. */
  readonly entry: () => Entry;
  /** What stands at its door. */
  readonly sign: () => RoomSign;
  /** How many cores it would take to make what is on air in another codec; null: more than this machine can spare. */
  readonly compatibleCores: (broadcast: BroadcastState, codec: CompatibleCodec) => Promise<number | null>;
  /** What its actor can do, and whom it tells. */
  readonly actor: (room: Room) => Omit<RoomCoreOptions, 'listener'> & { readonly listener: ActorListener };
}

/** Who hears of broadcasts, beside viewers. */
export type ActorListener = Omit<RoomListener, 'served' | 'unserved'>;

/** A named place that viewers join, and what is on air in it. Its Router is made when it is needed first. */
export class Room extends EventEmitter<RoomEvents> {
  readonly name: string;
  readonly #watchUrl: () => string;
  readonly #pickSlot: () => WorkerSlot;
  readonly #viewers = new Map<string, ViewerModel>();
  /** The same as they are told, made when somebody asks: much looks at thousands of them. */
  #listed: readonly ViewerModel[] | null = null;
  #media: { slot: WorkerSlot; router: types.Router } | undefined;
  /** Chosen before anything is opened on it, so that whoever else chooses now counts this room. */
  #slot: WorkerSlot | undefined;
  #opening: Promise<{ slot: WorkerSlot; router: types.Router }> | undefined;
  /** By the codec of their picture. */
  readonly #variants = new Map<VideoCodec, RouterVariants>();
  readonly #needs: CompatibleNeeds;
  readonly #compatibleCores: RoomOptions['compatibleCores'];
  #holds = 0;
  #sceneKey: string | null = null;
  #title: string | null = null;
  #madeKey = '';
  #entry: Entry;
  readonly #entryNow: () => Entry;
  #sign: RoomSign;
  readonly #signNow: () => RoomSign;
  #closed = false;
  /** What is on air in it, and what becomes of that. */
  readonly actor: RoomActor;

  constructor(options: RoomOptions) {
    super();
    this.name = options.name;
    this.#watchUrl = options.watchUrl;
    this.#pickSlot = options.pickSlot;
    this.#entryNow = options.entry;
    this.#entry = options.entry();
    this.#signNow = options.sign;
    this.#sign = options.sign();
    this.#compatibleCores = options.compatibleCores;
    this.#needs = new CompatibleNeeds(options.clock, (needs) => this.actor.needs(needs));
    this.setMaxListeners(0);
    // They carry what was there before.
    this.on('live', () => this.#closeVariants()).on('offline', () => this.#closeVariants());
    const { listener, ...actor } = options.actor(this);
    this.actor = new RoomActor({
      ...actor,
      room: this.name,
      listener: {
        ...listener,
        served: () => letsIn(this.#entry) && emitToAll(this, 'live'),
        unserved: (reason) => letsIn(this.#entry) && emitToAll(this, 'offline', reason),
        settled: () => {
          // The first time, the actor is still being made.
          queueMicrotask(() => this.#look());
          listener.settled();
        },
      },
    });
  }

  /** Its page's address, as it is now. */
  get watchUrl(): string {
    return this.#watchUrl();
  }

  /** The broadcast that is on air, or about to be. */
  get broadcast(): BroadcastState | null {
    return this.actor.broadcast;
  }

  /** The same as operators see it. */
  get onAir(): BroadcastModel | null {
    return this.broadcast && broadcastModel(this.broadcast, this);
  }

  /** What a still of it may show; null: nothing. */
  get scene(): PosterScene | null {
    return this.#entry === 'open' ? posterScene(this.broadcast) : null;
  }

  /** The ingest process that makes the stills of a scene; null: it is gone. */
  posterMaker(scene: PosterScene): object | null {
    return this.actor.posterMaker(scene);
  }

  /** A JPEG still of a scene; null: there is none. */
  poster(scene: PosterScene, signal: AbortSignal): Promise<Uint8Array | null> {
    return this.actor.poster(scene, signal);
  }

  /** Whether it lets viewers in. */
  get entry(): Entry {
    return this.#entry;
  }

  /** It may let in who it did not, or the other way: who is in is told, and let go. */
  lookAtEntry(): void {
    const entry = this.#entryNow();
    const changes = letsIn(entry) !== letsIn(this.#entry);
    this.#entry = entry;
    if (changes) {
      if (letsIn(entry) && this.served) emitToAll(this, 'live');
      else emitToAll(this, 'offline', letsIn(entry) ? 'opened' : 'closed');
    }
    this.#lookAtScene();
  }

  /** What stands at its door. */
  get sign(): RoomSign {
    return this.#sign;
  }

  /** Something else may stand at its door. */
  lookAtSign(): void {
    const sign = this.#signNow();
    const isNew = Object.entries(sign).some(([key, words]) => this.#sign[key as keyof RoomSign] !== words);
    this.#sign = sign;
    if (!isNew) return;
    this.#lookAtTitle();
    emitToAll(this, 'sign');
  }

  /** What viewers can consume; null: nothing, not now, or they are not let in. What is on air to come may have a place already that another one has here. */
  get served(): Served | null {
    return letsIn(this.#entry) ? this.actor.served : null;
  }

  /** What viewers are told is on air, or about to be; null: nothing. What is called as the room is called as that is at its door. */
  get title(): string | null {
    const { broadcast } = this;
    const shown = this.served?.broadcast ?? broadcast;
    if (!shown || !letsIn(this.#entry)) return null;
    const title = shown.id === broadcast?.id ? titleOf(broadcast, this.name) : shown.name;
    return title === this.name ? (this.#sign.title ?? title) : title;
  }

  /** The worker that the room's Router runs on, or will; undefined before the first broadcast. */
  get slot(): WorkerSlot | undefined {
    return this.#slot;
  }

  /** The room's Router with its worker; made on first use, and anew after its worker died. */
  async media(): Promise<{ slot: WorkerSlot; router: types.Router }> {
    if (this.#media && !this.#media.router.closed) return this.#media;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /**
   * The way of what is on air to a client that takes only these payload types; rejects with ROOM_IDLE.
   *
   * @param compatible the codec of its picture; null: that of what is on air
   */
  async route(
    accepted: AcceptedPayloadTypes,
    compatible: CompatibleCodec | null = null,
  ): Promise<MediaRoute> {
    const { router, slot } = await this.media();
    const before = this.served;
    if (!before) throw roomIdle(this.name);
    const picture = compatible && (await before.compatible(compatible));
    const { served } = this;
    if (served?.producers !== before.producers) throw roomIdle(this.name);
    const sounds = served.producers.filter(({ kind }) => kind === 'audio');
    const producers = picture ? [picture, ...sounds] : served.producers;
    const codec = compatible ?? served.broadcast.output.video.codec;
    const variants = this.#variants.get(codec) ?? new RouterVariants({ router, slot, producers, codec });
    this.#variants.set(codec, variants);
    return variants.route(accepted);
  }

  /**
   * Has what is on air made in another codec, for a viewer who cannot decode it. Gives the function that says that nobody needs it any
   * more; null: it is not to be had.
   */
  async needCompatible(codec: CompatibleCodec): Promise<(() => void) | null> {
    const { broadcast } = this;
    const made = broadcast?.output.video.compatible?.some((output) => output.codec === codec);
    if (!broadcast || !made || this.compatibleProblem(codec) !== null) return null;
    const cores = this.#needs.has(codec) ? 0 : await this.#compatibleCores(broadcast, codec);
    return cores === null || this.#closed ? null : this.#needs.add({ codec, cores });
  }

  /** Why what is on air is not made in this codec; null: it is, or nobody has found out. */
  compatibleProblem(codec: CompatibleCodec): string | null {
    const made = this.broadcast?.seen?.compatible ?? [];
    return made.find((one) => one.codec === codec)?.problem ?? null;
  }

  get viewers(): readonly ViewerModel[] {
    this.#listed ??= [...this.#viewers.values()];
    return this.#listed;
  }

  /** Lists a viewer, or what has changed of it. */
  setViewer(viewer: ViewerModel): void {
    const isNew = !this.#viewers.has(viewer.id);
    this.#viewers.set(viewer.id, viewer);
    this.#listed = null;
    if (isNew) emitToAll(this, 'viewers', this.#viewers.size);
  }

  removeViewer(id: string): void {
    if (!this.#viewers.delete(id)) return;
    this.#listed = null;
    emitToAll(this, 'viewers', this.#viewers.size);
  }

  /** Keeps the room for somebody who publishes into it. Gives the function that lets it go; calling it twice is harmless. */
  hold(): () => void {
    this.#holds++;
    let held = true;
    return () => {
      if (held) this.#holds--;
      held = false;
    };
  }

  /** Nothing on air or on its way, nobody there. */
  get deserted(): boolean {
    return this.actor.resting && this.#viewers.size === 0 && this.#holds === 0;
  }

  model(): RoomModel {
    return {
      name: this.name,
      state: this.broadcast?.live ? 'live' : 'idle',
      entry: this.#entry,
      broadcast: this.broadcast?.id ?? null,
      viewers: this.#viewers.size,
      watchUrl: this.watchUrl,
      title: this.#sign.title,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#needs.close();
    await this.actor.close();
    this.#closeVariants();
    this.#media?.router.close();
    this.#media = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #look(): void {
    const { compatible = [] } = this.broadcast?.seen ?? {};
    const made = compatible.map(({ codec, problem }) => `${codec} ${problem}`).join();
    const isNew = made !== this.#madeKey;
    this.#madeKey = made;
    if (isNew) emitToAll(this, 'made');
    this.#lookAtTitle();
    this.#lookAtScene();
  }

  #lookAtTitle(): void {
    const { title } = this;
    const isRenamed = title !== this.#title;
    this.#title = title;
    if (isRenamed) emitToAll(this, 'title');
  }

  #lookAtScene(): void {
    const key = this.scene?.key ?? null;
    if (key === this.#sceneKey) return;
    this.#sceneKey = key;
    emitToAll(this, 'scene');
  }

  #closeVariants(): void {
    for (const variants of this.#variants.values()) variants.close();
    this.#variants.clear();
  }

  async #open(): Promise<{ slot: WorkerSlot; router: types.Router }> {
    this.#slot = undefined;
    const slot = this.#pickSlot();
    this.#slot = slot;
    const opening = slot.worker.createRouter({ mediaCodecs: routerCodecs() });
    const router = await opening.catch((error: unknown) => {
      throw slot.worker.closed ? workerGone(error) : error;
    });
    if (this.#closed) {
      router.close();
      throw roomIdle(this.name);
    }
    this.#media = { slot, router };
    return this.#media;
  }
}
