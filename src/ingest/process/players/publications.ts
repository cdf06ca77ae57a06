import { EventEmitter, once } from 'node:events';
import type { Arrivals } from '../../sources/arrivals.ts';
import type { Kind } from '../splicer/track-queue.ts';

/** How the media of somebody who publishes can be had. Plain data: it crosses to ingest processes. */
export type Publication =
  /** By pulling it from the RTMP server on loopback. */
  | {
      readonly id: string;
      readonly protocol: 'rtmp';
      readonly url: string;
      /** Those of which something has come by now. */
      readonly tracks: readonly Kind[];
    }
  /** By RTP, on a route that is asked for. */
  | { readonly id: string; readonly protocol: 'whip' };

/** Who publishes into a room now, by the name of the stream key. */
export class Publications {
  readonly #present = new Map<string, Publication>();
  readonly #news = new EventEmitter<{ change: [] }>().setMaxListeners(0);

  /** Somebody publishes with this key; null: nobody any more. */
  set(key: string, publication: Publication | null): void {
    if (publication) this.#present.set(key, publication);
    else this.#present.delete(key);
    this.#news.emit('change');
  }

  get(key: string): Publication | undefined {
    return this.#present.get(key);
  }

  /** Those who publish with this key, one after the other. */
  arrivals(key: string): Arrivals<Publication> {
    const present = this.#present;
    return {
      waits: `nobody publishes with ${key}`,
      left: 'the publisher has left',
      get isThere() {
        return present.has(key);
      },
      present: (signal) => this.present(key, signal),
      gone: (one, signal, onChange) => this.gone(key, one, signal, onChange),
    };
  }

  /** Resolves once somebody publishes with this key; rejects when `signal` aborts. */
  async present(key: string, signal: AbortSignal): Promise<Publication> {
    for (;;) {
      signal.throwIfAborted();
      const publication = this.#present.get(key);
      if (publication) return publication;
      await once(this.#news, 'change', { signal });
    }
  }

  /**
   * Resolves once this publication is no longer what is published with the key; rejects when `signal` aborts.
   *
   * @param onChange something has changed about it
   */
  async gone(
    key: string,
    publication: Publication,
    signal: AbortSignal,
    onChange: (publication: Publication) => void = () => {},
  ): Promise<void> {
    let known = publication;
    for (;;) {
      const present = this.#present.get(key);
      if (present?.id !== publication.id) return;
      if (present !== known) onChange(present);
      known = present;
      await once(this.#news, 'change', { signal });
    }
  }
}
