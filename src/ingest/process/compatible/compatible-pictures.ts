import type { CompatibleCodec, MadePicture } from '../../../contract/plan.ts';
import type { Feed } from '../splicer/feed.ts';
import { feedLayer } from '../splicer/feed-layer.ts';
import type { Placed } from '../splicer/timeline.ts';
import { CompatibleStream, type CompatibleStreamOptions } from './compatible-stream.ts';

/** Where the rendition that is taken has given nothing for so long, in ms, as on a publisher's bad line, a lower one is. */
const staleMs = 3000;

export interface CompatiblePicturesOptions extends Omit<CompatibleStreamOptions, 'to' | 'onKeyFrameWanted'> {
  /** Renditions that are sent. */
  readonly layers: number;
  /** Which of them they are made of; the lowest is 0. */
  readonly layer: number;
  /** It cannot begin before there is a key frame of that rendition. */
  readonly onKeyFrameWanted: (layer: number) => void;
}

/** Makes of what leaves, whatever it is of, a picture in each codec that somebody needs. It never holds up what leaves. */
export class CompatiblePictures implements AsyncDisposable {
  readonly #options: CompatiblePicturesOptions;
  #streams: readonly CompatibleStream[] = [];
  /** What is taken, and of which rendition of it; and when that gave something last. */
  #taken: { readonly feed: Feed; readonly layer: number; atMs: number } | undefined;
  readonly #closing = new Set<Promise<void>>();

  constructor(options: CompatiblePicturesOptions) {
    this.#options = options;
  }

  /** What is made from now on. */
  want(codecs: readonly CompatibleCodec[]): void {
    const before = this.#streams;
    const kept = before.filter(({ codec }) => codecs.includes(codec));
    const added = codecs.filter((codec) => !kept.some((one) => one.codec === codec));
    const { layer, onKeyFrameWanted } = this.#options;
    const more = { ...this.#options, onKeyFrameWanted: () => onKeyFrameWanted(layer) };
    this.#streams = [...kept, ...added.map((to) => new CompatibleStream({ ...more, to }))];
    for (const stream of before) if (!kept.includes(stream)) this.#close(stream);
  }

  get made(): readonly MadePicture[] {
    return this.#streams.map(({ codec, size, problem }) => ({
      ...{ codec, problem, width: size?.width ?? null, height: size?.height ?? null },
    }));
  }

  /** A frame leaves. */
  note(placed: Placed): void {
    if (this.#streams.length === 0 || placed.frame.kind !== 'video' || !this.#takes(placed)) return;
    for (const stream of this.#streams) stream.note(placed.frame, placed.timeUs);
  }

  async close(): Promise<void> {
    this.want([]);
    await Promise.all(this.#closing);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A feed, or another rendition of it, begins with a key frame. */
  #takes({ frame, feed }: Placed): boolean {
    const nowMs = this.#options.clock.nowMs();
    const best = feedLayer(this.#options.layer, this.#options.layers, feed.layers);
    const taken = this.#taken?.feed === feed ? this.#taken : undefined;
    const isBetter = frame.layer === best || !taken || nowMs - taken.atMs >= staleMs;
    if (frame.key && frame.layer <= best && frame.layer !== taken?.layer && isBetter)
      this.#taken = { feed, layer: frame.layer, atMs: nowMs };
    if (this.#taken?.feed !== feed || this.#taken.layer !== frame.layer) return false;
    this.#taken.atMs = nowMs;
    return true;
  }

  #close(stream: CompatibleStream): void {
    const closing = stream.close();
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }
}
