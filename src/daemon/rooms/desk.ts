import type { Logger } from 'pino';
import type { CallInput } from '../../contract/api.ts';
import { type Config, roomConfig } from '../../contract/config.ts';
import type { Devices, StdinPlace } from '../../contract/devices.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import type { Plan, Probe, Source, VideoCodec } from '../../contract/models.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import type { Renditions } from '../../contract/rendition-names.ts';
import { sourceTitle, sourceWords } from '../../contract/source-words.ts';
import type { HealthListener } from '../../ingest/pool/health-listener.ts';
import { IngestPool } from '../../ingest/pool/ingest-pool.ts';
import type { ProgrammeEvent } from '../../ingest/process/director/director-options.ts';
import type { PreparedSource, SourcesOptions } from '../../ingest/sources/sources.ts';
import type { EventHub } from '../event-hub.ts';
import { PublicationBook, type PublisherPlace } from '../publishers/publication-book.ts';
import type { PublicationMedia } from '../publishers/publication-media.ts';
import type { WorkerSlot } from '../sfu/media-worker.ts';
import { noWorker, type WorkerPool } from '../sfu/worker-pool.ts';
import { Broadcast } from './broadcast.ts';
import { Encoding } from './encoding.ts';
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
import { Room } from './room.ts';

export interface DeskOptions {
  readonly config: Config;
  readonly pool: WorkerPool;
  readonly hub: EventHub;
  readonly log: Logger;
  readonly health: HealthListener;
  /** Folder of the control socket; those of standard inputs are there too. */
  readonly socketFolder: string;
}

/** What an operator acts on: the rooms of a node and what is on air in them. */
export class Desk {
  /** The address that viewers use, without a slash at the end; known once the page's port is open. */
  viewerUrl = '';
  readonly #options: DeskOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #broadcasts = new Map<string, Broadcast>();
  readonly #publications: PublicationBook;
  readonly #encoding: Encoding;
  readonly #ingest: IngestPool;
  #closed = false;

  private constructor(options: DeskOptions, encoding: Encoding, ingest: IngestPool) {
    this.#options = options;
    this.#encoding = encoding;
    this.#ingest = ingest;
    this.#publications = new PublicationBook(options.log);
    options.pool.on('died', (slot) => this.#workerDied(slot));
    this.#watchIngest();
  }

  static async create(options: DeskOptions): Promise<Desk> {
    await using parts = new AsyncDisposableStack();
    const encoding = parts.use(await Encoding.create(options.config, options.log));
    const { processes, maxMemory } = options.config.ingest;
    const sources = sourcesOptions(options);
    const ingest = await IngestPool.create({
      ...{ sources, processes, maxMemoryBytes: maxMemory, health: options.health },
    });
    parts.move();
    return new Desk(options, encoding, ingest);
  }

  get rooms(): Room[] {
    return [...this.#rooms.values()];
  }

  get broadcasts(): Broadcast[] {
    return [...this.#broadcasts.values()];
  }

  /** The room of this name; made where there is none. */
  room(name: string): Room {
    const known = this.#rooms.get(name);
    if (known) return known;
    const watchUrl = `${this.viewerUrl}/${name}`;
    const room = new Room({ name, watchUrl, pickSlot: () => this.#pickSlot() });
    this.#rooms.set(name, room);
    return room;
  }

  /** The room of this name, if it has anything on air or anybody in it. */
  findRoom(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  /** Forgets a room that nobody is in. */
  tidy(room: Room): void {
    if (!room.deserted) return;
    this.#rooms.delete(room.name);
    room.close();
  }

  broadcast(id: string): Broadcast {
    const broadcast = this.#broadcasts.get(id);
    if (!broadcast) throw new MiroliveError('BROADCAST_NOT_FOUND', `there is no broadcast ${id}`);
    return broadcast;
  }

  /** What is in a source, and how it would be played. */
  async probe(
    source: Source,
    renditions: Renditions = this.#options.config.plan.renditions,
  ): Promise<{ probe: Probe; plan: Plan }> {
    const { probe, plan } = await this.#look('', source, renditions, null);
    return { probe, plan };
  }

  /** What this machine can put on air of its own. */
  listDevices(): Promise<Devices> {
    return this.#ingest.listDevices();
  }

  /** A place for a client to write a container into. */
  openStdin(): Promise<StdinPlace> {
    return this.#ingest.openStdin();
  }

  /** Puts a source on air; resolves when its first frames have left. Whatever fails, nothing stays behind. */
  async start({ room, name, source, renditions }: CallInput<'startBroadcast'>): Promise<Broadcast> {
    const { config } = this.#options;
    this.#mayStart(room);
    const wanted = renditions ?? config.plan.renditions;
    const fallbacks = await this.#fallbacks(room);
    const lasting = keepsItsCodec(source) && fallbacks.length === 0;
    const whip = source.kind === 'publisher' ? this.#publications.whip(room, source.key) : null;
    const first = whip ? null : firstSource(source);
    const looked = first && (await this.#look(room, first, wanted, lasting ? null : commonCodec));
    const largest = wanted === 'auto' ? await this.#largest(room, source) : null;
    const shape = whip ? shapeOfWhip(whip) : shapeOf((largest ?? looked)?.plan ?? null, wanted, lasting);
    return await this.#putOnAir(room, name ?? sourceTitle(source, room), {
      source,
      prepared: first === source ? looked : null,
      plan: looked?.plan ?? { video: null, audio: null },
      shape,
      stepsDown: wanted === 'auto',
      fallbacks,
    });
  }

  /** Puts a room on air on its fallbacks and its slate, if that is what it should be on whenever nothing else is. */
  async keepOnAir(room: string): Promise<void> {
    const { config, log } = this.#options;
    const { alwaysOn } = roomConfig(config, room);
    if (!alwaysOn || this.#closed || this.#rooms.get(room)?.broadcast) return;
    try {
      await this.#putOnAir(room, room, {
        source: null,
        prepared: null,
        plan: { video: null, audio: null },
        shape: shapeOf(null, config.plan.renditions, false),
        stepsDown: config.plan.renditions === 'auto',
        fallbacks: await this.#fallbacks(room),
      });
    } catch (error) {
      if (!this.#closed) log.error({ err: error, room }, 'a room that is always on could not be put on air');
    }
  }

  /**
   * Puts a source above what is on air in a room; a publisher goes on air in a room where nothing is.
   *
   * @throws MiroliveError PUBLISHER_NOT_FOUND, ROOM_IDLE, and what the source's own errors are
   */
  async take(room: string, source: Source): Promise<ProgrammeState> {
    const broadcast = this.#rooms.get(room)?.broadcast;
    if (source.kind === 'publisher' && !this.#publications.has(room, source.key))
      throw new MiroliveError('PUBLISHER_NOT_FOUND', `nobody publishes with ${source.key} in room ${room}`, {
        details: { room },
      });
    this.#ingest.pardon(room, source);
    if (broadcast) return await broadcast.control({ type: 'take', source });
    if (source.kind !== 'publisher') throw idle(room);
    return await (await this.start({ room, source })).control(null);
  }

  /** What is on air in a room. Throws ROOM_IDLE. */
  onAirIn(room: string): Broadcast {
    const broadcast = this.#rooms.get(room)?.broadcast;
    if (!broadcast) throw idle(room);
    return broadcast;
  }

  /** Somebody publishes: it can be put on air, and is if the room wants that. */
  async publish(publisher: PublisherPlace, media: PublicationMedia): Promise<void> {
    this.#publications.add(publisher, media);
    const { room, key } = publisher;
    if (roomConfig(this.#options.config, room).onPublish === 'standby') return;
    const source = { kind: 'publisher', key } as const;
    const current = this.#rooms.get(room)?.broadcast;
    // A room that somebody has put on air is his; he may take the publisher.
    if (current?.idles) await current.control({ type: 'take', source });
    else if (!current) await this.start({ room, source });
  }

  /** Nothing comes from it, or something does again. */
  setSilent(publisher: PublisherPlace, silent: boolean): void {
    this.#publications.setSilent(publisher, silent);
  }

  /** It publishes no longer. */
  unpublish(publisher: PublisherPlace): void {
    this.#publications.remove(publisher);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all(this.broadcasts.map((broadcast) => broadcast.close('shutdown')));
    await Promise.all([this.#ingest.close(), this.#encoding.close()]);
    for (const room of this.#rooms.values()) room.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
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

  async #look(
    room: string,
    source: Source,
    renditions: Renditions,
    codec: VideoCodec | null,
  ): Promise<PreparedSource> {
    const isOne = renditions !== 'auto' && renditions.length === 1;
    const capacity = isOne ? null : await this.#encoding.capacity();
    const encoder = await this.#encoding.encoder();
    const rules = { ...rulesFor(this.#options.config, source, renditions, encoder), codec, capacity };
    return await this.#ingest.prepare(room, source, rules);
  }

  async #putOnAir(roomName: string, name: string, first: FirstSource): Promise<Broadcast> {
    const encoder = await this.#encoding.encoder();
    // Looking at the source takes a while: somebody else may have been quicker.
    this.#mayStart(roomName);
    const room = this.room(roomName);
    await room.broadcast?.close('replaced');
    const { config, hub } = this.#options;
    const { source, plan, shape } = first;
    const broadcast = new Broadcast({
      ...{ id: newId('b'), room, name, source, plan },
      words: source ? sourceWords(source) : 'slate',
      codec: shape.codec,
      renditions: shape.renditions.toReversed(),
      goesOn: roomConfig(config, roomName).alwaysOn,
      programme: programmeOf(config, roomName, first, encoder),
      look: async (taken) =>
        taken.kind === 'file' || taken.kind === 'url'
          ? await this.#look(roomName, taken, shape.renditions, shape.codec)
          : null,
    });
    room.broadcast = broadcast;
    this.#broadcasts.set(broadcast.id, broadcast);
    this.#announce(broadcast);
    try {
      await broadcast.attach(this.#ingest);
    } catch (error) {
      await broadcast.close('failed', String(error));
      throw error;
    }
    const { id } = broadcast;
    hub.announce({ type: 'broadcast.started', broadcast: id, room: roomName, value: broadcast.model() });
    return broadcast;
  }

  #mayStart(roomName: string): void {
    if (this.#closed) throw new MiroliveError('SHUTTING_DOWN', 'the daemon is ending');
    const current = this.#rooms.get(roomName)?.broadcast;
    if (current && !current.idles) {
      throw new MiroliveError(
        'ROOM_BUSY',
        `room ${roomName} already has broadcast ${current.id} (${current.name})`,
        {
          details: { room: roomName },
        },
      );
    }
    const limit = this.#options.config.limits.broadcasts;
    if (this.#broadcasts.size >= limit) {
      throw new MiroliveError('LIMIT_REACHED', `there are ${limit} broadcasts already`, {
        details: { key: 'limits.broadcasts' },
      });
    }
  }

  #announce(broadcast: Broadcast): void {
    const { hub, log } = this.#options;
    const place = { broadcast: broadcast.id, room: broadcast.room.name };
    broadcast.on('programme', (event) => {
      if (event.type === 'live' || event.type === 'ended') return;
      if (event.type === 'stats') {
        const viewers = broadcast.room.viewers.length;
        hub.announce({ ...place, type: 'broadcast.stats', stats: event.stats, viewers });
        return;
      }
      if (event.type !== 'pipeline.started') log[levelOf(event)]({ ...place, ...event }, event.type);
      hub.announce({ ...place, ...event });
    });
    broadcast.once('ended', (reason, message) => {
      this.#broadcasts.delete(broadcast.id);
      broadcast.room.broadcast = null;
      log.info({ ...place, reason, message }, 'broadcast ended');
      hub.announce({ ...place, type: 'broadcast.ended', reason, message, stats: broadcast.stats });
      this.tidy(broadcast.room);
      if (reason !== 'replaced') void this.keepOnAir(place.room);
    });
  }

  /** The worker that carries the fewest viewers, then the fewest rooms. */
  #pickSlot(): WorkerSlot {
    const load = (slot: WorkerSlot) =>
      this.rooms.filter((room) => room.slot === slot).reduce((sum, room) => sum + 1 + room.viewers.length, 0);
    const [best] = [...this.#options.pool.slots].sort((a, b) => load(a) - load(b));
    if (!best) throw noWorker();
    return best;
  }

  #workerDied(slot: WorkerSlot): void {
    this.#options.hub.announce({ type: 'worker.died', pid: slot.worker.pid });
    const lost = this.broadcasts.filter(({ room }) => room.slot === slot);
    const attach = () => {
      for (const broadcast of lost) this.#reattach(broadcast);
    };
    if (this.#options.pool.slots.length > 0) attach();
    else this.#options.pool.once('up', attach);
  }

  #watchIngest(): void {
    const { hub, log } = this.#options;
    this.#publications.serve(this.#ingest);
    this.#ingest.on('quarantined', ({ room, words, error }) => {
      log.error({ room, words, hint: error.hint }, error.message);
      hub.announce({ type: 'source.quarantined', room, words, reason: error.message, hint: error.hint });
    });
    this.#ingest.on('died', ({ pid, message, programmes }) => {
      log.error({ ingestPid: pid, reason: message }, 'an ingest process died; it is started anew');
      hub.announce({ type: 'ingest.died', pid, message });
      for (const id of programmes) {
        const broadcast = this.#broadcasts.get(id);
        if (broadcast) this.#reattach(broadcast);
      }
    });
  }

  #reattach(broadcast: Broadcast): void {
    broadcast.attach(this.#ingest).catch((error: unknown) => {
      void broadcast.close('failed', String(error));
    });
  }
}

function idle(room: string): MiroliveError {
  return new MiroliveError('ROOM_IDLE', `nothing is on air in room ${room}`, { details: { room } });
}

function sourcesOptions({ config, socketFolder }: DeskOptions): SourcesOptions {
  const { media, sources } = config;
  return {
    ffmpeg: media.ffmpeg,
    ffprobe: media.ffprobe,
    probeTimeoutMs: media.probeTimeout,
    roots: media.roots,
    allowPrivateNetworks: sources.allowPrivateNetworks,
    stdinFolder: socketFolder,
  };
}

/** What an operator should see in the log, and what is as it should be. */
function levelOf({ type }: ProgrammeEvent): 'warn' | 'info' {
  return ['pipeline.failed', 'pipeline.overloaded', 'source.away', 'playlist.skipped'].includes(type)
    ? 'warn'
    : 'info';
}
