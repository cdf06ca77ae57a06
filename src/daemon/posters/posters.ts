import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { RoomConfig } from '../../contract/room-config.ts';
import { roomIdle } from '../rooms/errors.ts';
import type { PosterScene } from '../rooms/poster-scene.ts';
import type { Poster } from './poster.ts';
import { readPosterFile } from './poster-file.ts';

/** A still is shown for so long, in ms, before another one is made, and for so many times as long as it took: one that is slow leaves the others their turn. */
const freshMs = 5000;
const pauses = 4;
/** Making one takes longer than this, in ms, only where something hangs: ffmpeg has 8 s. */
const makingMs = 9000;
/** Nobody looks at an empty page for longer, in ms, to see a still at last. */
const patienceMs = 10_000;

/** What is on air in a room, as far as a still may show it. */
export interface PosterRoom {
  /** null: nothing. */
  readonly scene: PosterScene | null;
  /** Whoever makes the stills of a scene, which may be several rooms' and may hang; null: there is nobody. */
  posterMaker(scene: PosterScene): object | null;
  /** A JPEG still of a scene; null: there is none. */
  poster(scene: PosterScene, signal: AbortSignal): Promise<Uint8Array | null>;
}

export interface PostersOptions {
  readonly room: (name: string) => PosterRoom | undefined;
  readonly wanted: (room: string) => RoomConfig['poster'];
  readonly clock: Clock;
}

/** What was made of something, or is being made. */
interface Made {
  readonly of: string;
  /** Another one is made from then on, in ms; not while it is being made. */
  untilMs: number;
  readonly poster: Promise<Poster | null>;
}

/**
 * Stills of what is on air, made when somebody asks, for each room one in a while, and each maker one at a time: one that hangs holds up
 * nobody else's. What was made of one scene is not shown in another: whatever hides the picture hides its stills.
 */
export class Posters {
  readonly #options: PostersOptions;
  /** Gone with their rooms. */
  readonly #made = new WeakMap<PosterRoom, Made>();
  /** Images that the configuration names, by room. */
  readonly #files = new Map<string, Made>();
  /** What each maker was asked for last. */
  readonly #last = new WeakMap<object, Promise<unknown>>();
  readonly #secret = randomBytes(16);

  constructor(options: PostersOptions) {
    this.#options = options;
  }

  /** Names the still of a room: one of another name is of something else. It tells nothing of what that is. null: there is none. */
  key(name: string): string | null {
    const wanted = this.#options.wanted(name);
    const of = wanted === 'auto' ? this.#options.room(name)?.scene?.key : wanted;
    if (wanted === 'off' || of === undefined) return null;
    return createHmac('sha256', this.#secret).update(of).digest('base64url').slice(0, 16);
  }

  /** Names what there is to show while the picture of a room is on its way, which is made meanwhile; null: nothing. */
  prepare(name: string): string | null {
    const room = this.#options.room(name);
    if (!room?.scene) return null;
    if (this.#options.wanted(name) === 'auto') void this.#of(room, room.scene);
    return this.key(name);
  }

  /**
   * @param key names the one that is meant; undefined: whatever there is
   * @throws MiroliveError ROOM_IDLE, NO_POSTER
   */
  async of(name: string, key?: string): Promise<Poster> {
    const wanted = this.#options.wanted(name);
    if (wanted === 'off') throw hasNone(name);
    if (key !== undefined && key !== this.key(name)) throw noPoster(name, 'something else is seen by now');
    if (wanted !== 'auto') {
      const image = await this.#limited(patienceMs, () => this.#file(name, wanted));
      // What is wrong with it is the operator's to know: doctor and the watch over rooms say it.
      if (!image) throw noPoster(name, 'its image cannot be used now');
      return image;
    }
    const room = this.#options.room(name);
    if (!room?.scene) throw roomIdle(name);
    const { scene } = room;
    const poster = await this.#limited(patienceMs, () => this.#of(room, scene));
    if (!poster || room.scene?.key !== scene.key) throw noPoster(name, 'what is on air gives none now');
    return poster;
  }

  #of(room: PosterRoom, scene: PosterScene): Promise<Poster | null> {
    const before = this.#made.get(room);
    if (before && this.#isFresh(before, scene.key)) return before.poster;
    const maker = room.posterMaker(scene) ?? room;
    const turn = this.#last.get(maker) ?? Promise.resolve();
    const made = this.#begin(scene.key, turn, () => this.#make(room, scene));
    this.#last.set(maker, made.poster);
    this.#made.set(room, made);
    return made.poster;
  }

  /** Read once for all who ask within a while: as many as like may ask. */
  #file(name: string, path: string): Promise<Poster | null> {
    const before = this.#files.get(name);
    if (before && this.#isFresh(before, path)) return before.poster;
    const made = this.#begin(path, Promise.resolve(), () => readPosterFile(path));
    this.#files.set(name, made);
    return made.poster;
  }

  #isFresh({ of, untilMs }: Made, wanted: string): boolean {
    return of === wanted && this.#options.clock.nowMs() < untilMs;
  }

  /** @param turn once this is over it is made; to wait for that is not to be slow */
  #begin(of: string, turn: Promise<unknown>, make: () => Promise<Poster | null>): Made {
    const { clock } = this.#options;
    const begun = turn.then(async () => {
      const fromMs = clock.nowMs();
      const poster = await make().catch(() => null);
      const nowMs = clock.nowMs();
      made.untilMs = nowMs + Math.max(freshMs, pauses * (nowMs - fromMs));
      return poster;
    });
    const made: Made = { of, untilMs: Number.POSITIVE_INFINITY, poster: begun };
    return made;
  }

  async #make(room: PosterRoom, scene: PosterScene): Promise<Poster | null> {
    // While others had their turn.
    if (room.scene?.key !== scene.key) return null;
    const body = await this.#limited(makingMs, (signal) => room.poster(scene, signal));
    return body && { type: 'image/jpeg', body };
  }

  /** @throws MiroliveError NO_POSTER where that takes too long */
  async #limited<T>(ms: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const lapsed = Promise.withResolvers<never>();
    const timer = this.#options.clock.after(ms, () => {
      const error = new MiroliveError('NO_POSTER', `it was not there within ${ms / 1000} s`);
      late.abort(error);
      lapsed.reject(error);
    });
    try {
      return await Promise.race([act(late.signal), lapsed.promise]);
    } finally {
      timer.cancel();
    }
  }
}

/** Whoever reads this need not know why, and to ask again does not help. */
function hasNone(room: string): MiroliveError {
  const hint = `Show its page instead: /${room}`;
  return new MiroliveError('NO_POSTER', `room ${room} has no still`, { hint, details: { room } });
}

function noPoster(room: string, reason: string): MiroliveError {
  return new MiroliveError('NO_POSTER', `there is no poster of ${room}: ${reason}`, { details: { room } });
}
