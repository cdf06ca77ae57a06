import type { Logger } from 'pino';
import type { Answers } from '../../ingest/child/line.ts';
import type { IngestPool } from '../../ingest/pool/ingest-pool.ts';
import type { Publication } from '../../ingest/process/players/publications.ts';
import type { RouteCalls } from '../../ingest/process/players/routes.ts';
import type { PublicationMedia, RtmpMedia, WhipMedia } from './publication-media.ts';
import { routeAnswers } from './routing.ts';

/** Who publishes where: the publication's id, the room, and the name of the stream key. */
export interface PublisherPlace {
  readonly id: string;
  readonly room: string;
  readonly key: string;
}

interface PublishedMedia extends PublisherPlace {
  media: PublicationMedia;
  silent: boolean;
}

/** Who publishes, by room and stream key, as ingest processes know it too. */
export class PublicationBook {
  readonly #entries = new Map<string, PublishedMedia>();
  readonly #log: Logger;
  #pool: IngestPool | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** What an ingest process may ask for. */
  routes(): Answers<RouteCalls> {
    const whip = (id: string) => {
      const { media } = this.#entries.values().find((one) => one.id === id) ?? {};
      return media?.protocol === 'whip' ? media : undefined;
    };
    return routeAnswers(whip, this.#log);
  }

  /** Tells whoever plays. */
  serve(pool: IngestPool): void {
    this.#pool = pool;
  }

  add({ id, room, key }: PublisherPlace, media: PublicationMedia): void {
    this.#entries.set(`${room}/${key}`, { id, room, key, media, silent: false });
    this.#tell(room, key);
  }

  /** Nothing comes from it, or something does again; harmless where another one has taken its key over. */
  setSilent({ id, room, key }: PublisherPlace, silent: boolean): void {
    const entry = this.#entries.get(`${room}/${key}`);
    if (entry?.id !== id || entry.media.protocol !== 'rtmp') return;
    entry.silent = silent;
    this.#tell(room, key);
  }

  /** More of its tracks have come; harmless where another one has taken its key over. */
  setTracks({ id, room, key }: PublisherPlace, tracks: RtmpMedia['tracks']): void {
    const entry = this.#entries.get(`${room}/${key}`);
    if (entry?.id !== id || entry.media.protocol !== 'rtmp') return;
    entry.media = { ...entry.media, tracks };
    this.#tell(room, key);
  }

  /** It publishes no longer; harmless where another one has taken its key over. */
  remove({ id, room, key }: PublisherPlace): void {
    if (this.#entries.get(`${room}/${key}`)?.id !== id) return;
    this.#entries.delete(`${room}/${key}`);
    this.#tell(room, key);
  }

  /** Whether somebody publishes with this key. */
  has(room: string, key: string): boolean {
    return this.#entries.has(`${room}/${key}`);
  }

  /** The keys that somebody publishes with in a room. */
  keysIn(room: string): string[] {
    return [...this.#entries.values()].filter((one) => one.room === room).map(({ key }) => key);
  }

  /** What somebody publishes with this key by WebRTC; null where nobody does, or by another protocol. */
  whip(room: string, key: string): WhipMedia | null {
    const { media } = this.#entries.get(`${room}/${key}`) ?? {};
    return media?.protocol === 'whip' ? media : null;
  }

  #tell(room: string, key: string): void {
    const entry = this.#entries.get(`${room}/${key}`);
    // An ffmpeg that pulls from one that is silent gives up, and would try again later than it is heard.
    const present = entry && !entry.silent;
    this.#pool?.setPublication(room, key, present ? publicationOf(entry.id, entry.media) : null);
  }
}

function publicationOf(id: string, media: PublicationMedia): Publication {
  if (media.protocol === 'whip') return { id, protocol: 'whip' };
  return { id, protocol: 'rtmp', url: media.pullUrl, tracks: media.tracks };
}
