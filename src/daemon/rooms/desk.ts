import type { Logger } from 'pino';
import type { CallInput } from '../../contract/api.ts';
import { usualBackOff } from '../../contract/back-off.ts';
import { type Clock, systemChance } from '../../contract/clock.ts';
import { type Config, roomConfig } from '../../contract/config.ts';
import type { Control } from '../../contract/control.ts';
import type { Devices, StdinPlace } from '../../contract/devices.ts';
import { doAll } from '../../contract/do-all.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import type { Broadcast as BroadcastModel, PlaylistItem, Source } from '../../contract/models.ts';
import { roomName } from '../../contract/names.ts';
import type { CompatibleCodec } from '../../contract/plan.ts';
import type { Caller } from '../../contract/principal.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import type { Renditions } from '../../contract/rendition-names.ts';
import type { RoomSign } from '../../contract/room-sign.ts';
import type { ScanLine } from '../../contract/scan.ts';
import type { RunEntry } from '../../contract/snapshot.ts';
import { awaitedCaller } from '../../contract/url-protocols.ts';
import { compatibleCores, spareCores } from '../../ingest/plan/encoding-cost.ts';
import { IngestPool, type KeptFiles } from '../../ingest/pool/ingest-pool.ts';
import { linkFolder } from '../../ingest/sources/file-input.ts';
import type { FileFinding, SourcesOptions } from '../../ingest/sources/sources.ts';
import type { EventHub } from '../event-hub.ts';
import { type FolderEyes, folderEyes } from '../folders/folder-look.ts';
import { RoomFolders } from '../folders/room-folders.ts';
import type { Health } from '../health.ts';
import { PublicationBook, type PublisherPlace } from '../publishers/publication-book.ts';
import type { PublicationMedia, RtmpMedia } from '../publishers/publication-media.ts';
import type { WorkerPool } from '../sfu/worker-pool.ts';
import type { KeptLoudness } from '../state/kept-loudness.ts';
import { admitBroadcast } from './admission.ts';
import { broadcastModel, compatibleInput, unbegunModel } from './broadcast.ts';
import { Earlier } from './earlier.ts';
import { Encoding } from './encoding.ts';
import type { Entry } from './entry.ts';
import { alwaysOn, nobodyPublishes, notKeepable, notKnown, roomBusy, roomIdle } from './errors.ts';
import { Keeper, type KeptStore } from './keeper.ts';
import type { KeptRow } from './kept-row.ts';
import { openMedia } from './open-media.ts';
import { openProgramme } from './open-programme.ts';
import { pickSlot } from './placement.ts';
import { Planning } from './planning.ts';
import type { PutOver } from './put-over.ts';
import { RecentGrants } from './recent-grants.ts';
import { Relay } from './relay.ts';
import { Room, type RoomOptions } from './room.ts';
import type { LookedSource } from './room-parts.ts';
import {
  type Applied,
  type BroadcastState,
  givesWay,
  idles,
  type RoomSpec,
  type Start,
} from './room-state.ts';
import { Scans } from './scans.ts';
import { sparingly } from './sparingly.ts';
import type { IsGone } from './take-by-machine.ts';
import { UnreadRows } from './unread-rows.ts';

export interface DeskOptions {
  readonly config: Config;
  readonly pool: WorkerPool;
  readonly hub: EventHub;
  readonly health: Pick<Health, 'lost' | 'found' | 'need'>;
  readonly log: Logger;
  /** Folder of the control socket; those of standard inputs are there too. */
  readonly socketFolder: string;
  readonly clock: Clock;
  /** Whether a room lets anybody in. Default: all let in viewers. */
  readonly entry?: (room: string) => Entry;
  /** How loud files are. Default: it is measured anew by each daemon. */
  readonly loudness?: Pick<KeptLoudness, 'all' | 'keep'>;
  /** Where broadcasts are written down that are to outlive the daemon. Default: none does. */
  readonly kept?: KeptStore;
}

type StartInput = Omit<CallInput<'startBroadcast'>, 'wait' | 'keep'> & {
  readonly wait?: boolean;
  readonly keep?: boolean;
  /** Default: a person. What was set aside stays so where no person wants it just now. */
  readonly by?: Start['by'];
  readonly endsFirst?: Start['endsFirst'];
  /** The room is its own by now. */
  readonly onWanted?: (begun: BroadcastModel) => void;
};

interface DeskParts {
  readonly encoding: Encoding;
  readonly ingest: IngestPool;
  readonly publications: PublicationBook;
  readonly planning: Planning;
  readonly eyes: FolderEyes;
}

/** What an operator acts on: the rooms of a node and what is on air in them. */
export class Desk {
  /** The address that viewers use, without a slash at the end; known once the page's port is open. */
  viewerUrl = () => '';
  /** Hears of what was put above a programme, and is there no more. */
  onPutOver: (over: PutOver) => void = () => {};
  /** Hears of a room that is another one now than before, in what is on air or wanted. */
  onSettled: (room: string) => void = () => {};
  readonly #options: DeskOptions;
  readonly #parts: DeskParts;
  readonly #relay: Relay;
  readonly #rooms = new Map<string, Room>();
  readonly #grants: RecentGrants;
  /** A playlist is checked item by item: were each worth a try at once, one that ends its process would have it started without end. */
  readonly #hurryForProbe: () => void;
  readonly #scans: Scans;
  readonly #keeper: Keeper | null;
  readonly #unread: UnreadRows;
  readonly #earlier: Earlier;
  #closed: Promise<void> | undefined;

  private constructor(options: DeskOptions, parts: DeskParts) {
    this.#options = options;
    this.#parts = parts;
    this.#relay = new Relay(options);
    this.#grants = new RecentGrants(options.clock);
    this.#unread = new UnreadRows(options.kept, options.health);
    this.#earlier = new Earlier({
      restore: (row) => this.#restore(row),
      remove: (room) => options.kept?.remove(room),
      ...{ health: options.health, clock: options.clock },
    });
    const mayWrite = (room: string, broadcast: BroadcastState) =>
      !givesWay(broadcast) || (this.#earlier.mayWrite(room, broadcast.id) && !this.#unread.has(room));
    this.#keeper = options.kept ? new Keeper(this.#unread.over(options.kept), options.clock, mayWrite) : null;
    this.#scans = new Scans(options.config, linkFolder(options.socketFolder), parts.planning);
    this.#hurryForProbe = sparingly(options.clock, usualBackOff.heldMs, () => parts.ingest.hurry());
    // What waits for a worker is tried as soon as there is one.
    const hurry = (room: Room) => () => room.actor.hurry();
    options.pool.on('up', () => doAll(this.rooms.map(hurry)));
    this.#relay.watch(parts.ingest);
  }

  static async create(options: DeskOptions): Promise<Desk> {
    const { config, log, clock } = options;
    await using parts = new AsyncDisposableStack();
    const encoding = parts.use(await Encoding.create(config, log, clock));
    const { processes, maxMemory } = config.ingest;
    const publications = new PublicationBook(log);
    const ingest = parts.use(
      IngestPool.create({
        ...{ sources: sourcesOptions(options), processes, maxMemoryBytes: maxMemory, health: options.health },
        routes: () => publications.routes(),
        ...(options.loudness && { files: filesKept(options.loudness) }),
      }),
    );
    publications.serve(ingest);
    const eyes = folderEyes(config.media.roots, clock);
    const planning = new Planning({ config, log, clock, ingest, encoding, publications, eyes });
    parts.move();
    return new Desk(options, { encoding, ingest, publications, planning, eyes });
  }

  get rooms(): Room[] {
    return [...this.#rooms.values()];
  }

  get broadcasts(): BroadcastModel[] {
    return this.rooms.flatMap(({ onAir }) => onAir ?? []);
  }

  /** The process that opens addresses; undefined: it does not run. */
  get guardPid(): number | undefined {
    return this.#parts.ingest.guardPid;
  }

  /** The processes that programmes run in. */
  get ingest(): IngestPool['processes'] {
    return this.#parts.ingest.processes;
  }

  /**
   * Goes on with what earlier daemons had on air, by the configuration as it is now, once that can be read. Of it, what cannot be read is
   * told, and stays where it is written until a person keeps something else in its room.
   *
   * @param read throws where it cannot be read now
   * @param nextTryMs when it is tried again
   */
  goOn(read: () => readonly KeptRow[], nextTryMs: number): void {
    this.#earlier.look(read, nextTryMs);
  }

  /** What was read of that goes on; whoever gives a command waits for it, but not for ever. */
  settled(): Promise<void> {
    return this.#earlier.awaited();
  }

  /** Whether something is on its way on air in a room, or was kept there and does not go on yet. */
  awaits(room: string): boolean {
    const { starts = [] } = this.findRoom(room)?.actor.state ?? {};
    return starts.length > 0 || this.#unread.has(room) || !this.#earlier.isRestored;
  }

  /** All that was kept goes on: what an earlier daemon had on air is there again, or is over. */
  get isRestored(): boolean {
    return this.#earlier.isRestored;
  }

  /** The same, however long that takes. */
  restored(): Promise<void> {
    return this.#earlier.restored();
  }

  async #restore(row: KeptRow): Promise<void> {
    const { room: name, id } = row;
    const { log } = this.#options;
    try {
      const { broadcast, placeless } = await this.#parts.planning.restore(row);
      if (this.#closed) return;
      if (placeless !== null) log.warn({ room: name, id }, `room ${name} begins anew: ${placeless}`);
      this.#goOnIn(this.room(roomName.parse(name)), broadcast);
    } catch (error) {
      const { message } = asMiroliveError(error);
      log.error({ room: name, id }, `room ${name} does not go on with ${id}: ${message}`);
      this.#unread.add(name, id, message);
    }
  }

  #goOnIn(room: Room, broadcast: BroadcastState): void {
    const { name } = room;
    room.actor.restore(broadcast);
    if (room.broadcast?.id !== broadcast.id) {
      this.#options.log.warn({ room: name }, `room ${name} has something else on air than ${broadcast.id}`);
      // A person has put it there, and it may not be kept itself.
      if (room.broadcast && !room.broadcast.kept) this.#options.kept?.remove(name);
      return;
    }
    // Who publishes may have been on air instead.
    for (const key of this.#parts.publications.keysIn(name)) this.#mayPublish(name, key);
  }

  /** Makes all rooms that are to stay, and puts on air what is always on, by the configuration as it is now. The first ingest process takes longer: whoever needs it waits for it. */
  open(): void {
    const { config } = this.#options;
    // Where it cannot be started, health tells it.
    this.#parts.ingest.begin().catch(() => {});
    for (const room of this.rooms) {
      room.actor.respec(specOf(config, room.name));
      room.lookAtEntry();
      room.lookAtSign();
    }
    for (const name of Object.keys(config.rooms)) this.room(name);
    // Some may be there no longer.
    for (const room of this.rooms) this.tidy(room);
  }

  /** Whether a room lets anybody in. */
  entry(name: string): Entry {
    return this.#options.entry?.(name) ?? 'open';
  }

  /** The room of this name; made where there is none. */
  room(name: string): Room {
    const known = this.#rooms.get(name);
    if (known) return known;
    const room = new Room(this.#roomOptions(name));
    this.#rooms.set(name, room);
    return room;
  }

  /** The room of this name, if it is to stay, or has anything on air or anybody in it. */
  findRoom(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  /** Forgets a room that nobody is in. One that was made, or told how to be, stays, and has nothing on a worker any more. */
  tidy(room: Room): void {
    const { name } = room;
    if (!room.deserted || this.#closed || this.#rooms.get(name) !== room) return;
    const stays = Object.hasOwn(this.#options.config.rooms, name);
    if (stays && room.slot === undefined) return;
    this.#rooms.delete(name);
    void room.close();
    if (stays) this.room(name);
  }

  /** @throws MiroliveError BROADCAST_NOT_FOUND */
  broadcast(id: string): BroadcastModel {
    const broadcast = this.broadcasts.find((one) => one.id === id);
    if (!broadcast) throw new MiroliveError('BROADCAST_NOT_FOUND', `there is no broadcast ${id}`);
    return broadcast;
  }

  /** Takes a broadcast off air, and no other one. @param reason `ended`: its time is over, and no person wants it just now; `taken`: a person has taken it away, and runs of schedules above it go on @throws MiroliveError BROADCAST_NOT_FOUND, ROOM_IDLE */
  async end(id: string, reason: 'stopped' | 'ended' | 'taken' = 'stopped'): Promise<BroadcastModel> {
    const broadcast = this.broadcast(id);
    const { broadcast: onAir } = this.room(broadcast.room);
    if (onAir && idles(onAir)) throw alwaysOn(broadcast.room, onAir);
    await this.room(broadcast.room).actor.end(id, reason);
    this.#earlier.stop(broadcast.room);
    return broadcast;
  }

  /** Whether a source could be put on air now. @throws MiroliveError whatever is wrong with it */
  check(source: Source, renditions?: Renditions): Promise<void> {
    return this.#parts.planning.check(source, renditions);
  }

  /** What is in a source, and how it would be played. */
  probe(source: Source, renditions?: Renditions): ReturnType<Planning['probe']> {
    this.#hurryForProbe();
    return this.#parts.planning.probe(source, renditions);
  }

  /** Reads all of a file, and says what viewers would complain of. */
  scan(input: CallInput<'scan'>, gone: AbortSignal): AsyncIterable<ScanLine> {
    this.#hurryForProbe();
    return this.#scans.scan(input, gone);
  }

  /** What this machine can put on air of its own. */
  listDevices(): Promise<Devices> {
    return this.#parts.ingest.listDevices();
  }

  /** A place for a client to write a container into that is to be played in a room. */
  openStdin(room: string): Promise<StdinPlace> {
    return this.#parts.ingest.openStdin(room);
  }

  /**
   * Puts a source on air; resolves when its first frames have left, or, without `wait`, when the room is its own. Where whoever
   * asked hangs up before that, it is called off: nobody else knows of it.
   */
  async start(
    input: StartInput,
    signal?: AbortSignal,
    applied: Applied | null = null,
  ): Promise<BroadcastModel> {
    if (input.keep && input.source.kind === 'stdin') throw notKeepable();
    const { by = 'person' } = input;
    if (by === 'person') await this.#want(input.room, input.source);
    signal?.throwIfAborted();
    return await this.#start(by, input, signal, applied);
  }

  async #start(
    by: Start['by'],
    { room: name, wait = true, keep = false, id = newId('b'), onWanted, ...input }: StartInput,
    signal?: AbortSignal,
    applied: Applied | null = null,
  ): Promise<BroadcastModel> {
    const { replaces, endsFirst, ...wanted } = input;
    const there = this.broadcasts.find((one) => one.id === id);
    if (there) throw roomBusy(there.room, there);
    const room = this.room(name);
    const plan = () => this.#parts.planning.start(id, name, wanted);
    const callOff = () => void room.actor.end(id, 'stopped');
    signal?.addEventListener('abort', callOff, { once: true });
    try {
      const begun = await room.actor.start({ id, by, keep, applied, replaces, endsFirst }, plan);
      onWanted?.(broadcastModel(begun, room));
      // Whoever is to call may come in an hour.
      const isAwaited = wait && awaitedCaller(wanted.source) === null;
      return broadcastModel(isAwaited ? await room.actor.live(begun, signal) : begun, room);
    } finally {
      signal?.removeEventListener('abort', callOff);
      this.tidy(room);
    }
  }

  /** Takes off air what is on air in a room, and what is on its way to be. @throws MiroliveError ROOM_IDLE */
  async stop(name: string): Promise<BroadcastModel> {
    const room = this.#rooms.get(name);
    // What keeps a room on air stands where what is given up was.
    const isGivenUp = this.#unread.has(name) && (!room?.broadcast || idles(room.broadcast));
    const stopped = isGivenUp ? null : await room?.actor.stop();
    const at = new Date(this.#options.clock.wallMs()).toISOString();
    const unread = stopped ? undefined : this.#unread.giveUp(name);
    if (unread !== undefined) {
      if (room) this.#keeper?.follow(name, room.actor.state);
      return unbegunModel(unread, this.room(name), null, at);
    }
    if (stopped) this.#earlier.stop(name);
    if (!room || !stopped) throw this.#idle(name);
    if (stopped.broadcast) return broadcastModel(stopped.broadcast, room);
    return unbegunModel(stopped.start ?? newId('b'), room, stopped.source, at);
  }

  /** Says whether what is on air in a room is to outlive the daemon. @throws MiroliveError ROOM_IDLE, INVALID_REQUEST */
  async keep(name: string, on: boolean): Promise<BroadcastModel> {
    const room = this.#rooms.get(name);
    if (!room?.broadcast) throw this.#idle(name);
    return broadcastModel(await room.actor.keep(room.broadcast.id, on), room);
  }

  /** Says whose a broadcast is, and how that declared it; it outlives the daemon. @param items what its playlist is from now on; null: what it is @throws MiroliveError ROOM_IDLE, NO_PLAYLIST, INVALID_REQUEST */
  async declare(
    name: string,
    id: string,
    applied: Applied,
    items: readonly PlaylistItem[] | null = null,
  ): Promise<void> {
    const room = this.#rooms.get(name);
    if (!room) throw this.#idle(name);
    await room.actor.declare(id, applied, items);
  }

  /** How what is on air in a room is. @param all tells all items of its playlist, however many @throws MiroliveError ROOM_IDLE */
  programme(name: string, all = false): ProgrammeState {
    const room = this.#rooms.get(name);
    if (!room?.broadcast) throw this.#idle(name);
    return room.actor.programmeState(room.broadcast.id, all);
  }

  /**
   * Does what an operator wants of a room's programme; resolves when it is wanted, or, with `wait`, when what was taken, or the
   * programme that was wanted back, is on air or known not to be for now. A publisher that is taken goes on air in a room where nothing is.
   *
   * @param signal whoever wanted it is gone: it is not waited for any more
   * @param caller of a schedule's it is no person who wants it just now: what was set aside stays so
   * @param onWanted it is wanted by now
   * @throws MiroliveError ROOM_IDLE, PUBLISHER_NOT_FOUND, SUPERSEDED, and what the source's own errors are
   */
  async control(
    name: string,
    command: Control,
    wait = true,
    signal?: AbortSignal,
    caller: Caller = { kind: 'daemon' },
    onWanted: () => void = () => {},
  ): Promise<ProgrammeState> {
    if (command.type === 'take') await this.#mayTake(name, command.source, caller);
    const room = this.#rooms.get(name);
    const broadcast = room?.broadcast;
    if (room && broadcast) {
      if (!(await this.#controlRun(room, broadcast, command, caller, onWanted, signal)))
        await this.#control(room, broadcast, command, wait, onWanted, signal);
      return room.actor.programmeState(broadcast.id);
    }
    if (command.type !== 'take' || command.source.kind !== 'publisher' || caller.entry)
      throw this.#idle(name);
    // It stays taken after a restart, as it would in a room where something is on air.
    await this.#start('person', { room: name, source: command.source, wait, keep: true, onWanted }, signal);
    return this.programme(name);
  }

  /** What an older daemon had on air for a run of a schedule is that run's, and no person's. */
  adopt(room: string, broadcast: string, entry: RunEntry | null): void {
    this.#rooms.get(room)?.actor.adopt(broadcast, entry);
  }

  /** Somebody publishes: it can be put on air, and is if the room wants that. */
  publish(publisher: PublisherPlace, media: PublicationMedia): void {
    this.#parts.publications.add(publisher, media);
    this.#mayPublish(publisher.room, publisher.key);
  }

  #mayPublish(room: string, key: string): void {
    if (this.#closed || roomConfig(this.#options.config, room).onPublish === 'standby') return;
    this.room(room).actor.publishes({ kind: 'publisher', key });
  }

  /** Nothing comes from it, or something does again. */
  setSilent(publisher: PublisherPlace, silent: boolean): void {
    this.#parts.publications.setSilent(publisher, silent);
  }

  /** More of its tracks have come. */
  setTracks(publisher: PublisherPlace, tracks: RtmpMedia['tracks']): void {
    this.#parts.publications.setTracks(publisher, tracks);
  }

  /** It publishes no longer. */
  unpublish(publisher: PublisherPlace): void {
    this.#parts.publications.remove(publisher);
    const { room, key } = publisher;
    if (!this.#parts.publications.has(room, key))
      this.#rooms.get(room)?.actor.unpublishes({ kind: 'publisher', key });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { ingest, encoding } = this.#parts;
    // A room may wait for what hangs in an ingest process, until that is ended.
    await Promise.all([...this.rooms.map((room) => room.close()), ingest.close(), encoding.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #control(
    room: Room,
    broadcast: BroadcastState,
    command: Control,
    wait: boolean,
    onWanted: () => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const { actor } = room;
    const { id } = broadcast;
    if (command.type === 'take') {
      const { source } = command;
      const candidate = await actor.take(id, source, () => this.#lookedAt(broadcast, command));
      onWanted();
      if (wait) await actor.taken(id, candidate, source, signal);
      return;
    }
    const mark = await actor.control(id, command);
    onWanted();
    if (!wait) return;
    if (command.type === 'seek' || command.type === 'seekBy') await actor.sought(id, mark, signal);
    else if (command.type === 'release') await actor.released(id, mark, signal);
    else await actor.carriedOut(id, mark, signal);
  }

  /** What a run of a schedule wants of a programme; false: a person wants it. */
  async #controlRun(
    { actor }: Room,
    broadcast: BroadcastState,
    command: Control,
    { entry, kind }: Caller,
    onWanted: () => void,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (command.type === 'release' && kind === 'schedule') {
      // Without one it ends runs alone, and nothing that persons have put there: whoever does runs ends those.
      if (entry) await actor.removeRun(entry.id);
    } else if (command.type === 'take' && entry) {
      const look = () => this.#lookedAt(broadcast, command);
      await actor.putRun(broadcast.id, command.source, entry, look, signal);
    } else return false;
    onWanted();
    return true;
  }

  async #lookedAt(
    broadcast: BroadcastState,
    { source, place }: Extract<Control, { type: 'take' }>,
  ): Promise<LookedSource> {
    return { ...(await this.#parts.planning.take(broadcast, source)), place };
  }

  #idle(room: string): MiroliveError {
    const { problem } = this.#earlier;
    if (problem !== null) return notKnown(room, problem);
    // By now there may be something in it.
    const others = this.rooms.filter(({ name, broadcast }) => broadcast && name !== room);
    return roomIdle(
      room,
      others.map(({ name }) => name),
      this.#parts.publications.keysIn(room),
    );
  }

  async #publish(room: Room, source: Source): Promise<void> {
    await this.#earlier.restored();
    const { publications } = this.#parts;
    const isGone: IsGone = (one) => one.kind === 'publisher' && !publications.has(room.name, one.key);
    if (!(await room.actor.takePublisher(source, isGone)))
      await this.#start('publisher', { room: room.name, source });
  }

  async #mayTake(room: string, source: Source, { kind }: Caller): Promise<void> {
    const { publications } = this.#parts;
    if (source.kind === 'publisher' && !publications.has(room, source.key))
      throw nobodyPublishes(room, source.key, publications.keysIn(room));
    if (kind !== 'schedule') await this.#want(room, source);
  }

  /** A person wants it: that is worth one try at once, also of what was set aside. A machine's wish is not. */
  async #want(room: string, source: Source): Promise<void> {
    this.#parts.ingest.hurry();
    await this.#parts.ingest.pardon(room, source);
  }

  #roomOptions(name: string): RoomOptions {
    const { config, pool, clock } = this.#options;
    const { planning, ingest, eyes } = this.#parts;
    return {
      name,
      watchUrl: () => `${this.viewerUrl()}/${name}`,
      entry: () => this.entry(name),
      sign: () => signOf(config, name),
      pickSlot: () => pickSlot(pool.slots, this.rooms),
      clock,
      compatibleCores: (broadcast, codec) => this.#compatibleCores(name, broadcast, codec),
      actor: (room) => {
        const folders = new RoomFolders({
          eyes,
          clock,
          edit: (candidate, edit) => room.actor.followFolder(candidate, edit),
          tell: (event) => this.#relay.folder(room, event),
        });
        return {
          ...{ spec: specOf(config, name), clock, random: systemChance },
          admit: () => {
            if (this.#closed) throw new MiroliveError('SHUTTING_DOWN', 'the daemon is ending');
            const others = this.rooms.filter((other) => other !== room && other.broadcast !== null);
            admitBroadcast(config.limits.broadcasts, others.length);
          },
          parts: {
            keep: () => this.#earlier.restored().then(() => planning.keep(name)),
            publish: (source) => this.#publish(room, source),
            openProgramme: async (options) => openProgramme(ingest, await planning.equipped(options)),
            openMedia: async ({ output }, port, onLost) =>
              openMedia((await room.media()).router, output, port, onLost),
          },
          listener: {
            ...this.#relay.listenTo(room),
            putOver: (over) => this.onPutOver(over),
            settled: () =>
              queueMicrotask(() => {
                folders.follow(room.broadcast?.wishes.wanted.chain ?? []);
                this.#keeper?.follow(name, room.actor.state);
                this.tidy(room);
                this.onSettled(name);
              }),
          },
        };
      },
    };
  }

  /** What was asked for goes first: it is made where enough is left, as `auto` renditions are. */
  async #compatibleCores(
    room: string,
    broadcast: BroadcastState,
    codec: CompatibleCodec,
  ): Promise<number | null> {
    const capacity = await this.#parts.encoding.capacity();
    if (!capacity) return 0;
    const cores = compatibleCores(compatibleInput(broadcast), codec, capacity);
    const spare = spareCores(capacity);
    if (this.#grants.grant(cores, spare)) return cores;
    const words = `${cores.toFixed(2)} cores, ${spare.toFixed(2)} are free but for those just granted`;
    this.#options.log.info(
      { room, codec },
      `no ${codec} for who cannot decode the picture: it takes ${words}`,
    );
    return null;
  }
}

function specOf(config: Config, room: string): RoomSpec {
  const { alwaysOn, reconnectGrace: graceMs } = roomConfig(config, room);
  return { alwaysOn, graceMs };
}

function signOf(config: Config, room: string): RoomSign {
  const { title, description, welcome, language } = roomConfig(config, room);
  return { title, description, welcome, language };
}

function filesKept(loudness: Pick<KeptLoudness, 'all' | 'keep'>): KeptFiles {
  const keep = (finding: FileFinding) => {
    if (finding.what === 'loudness') loudness.keep(finding);
  };
  return { known: loudness.all(), keep };
}

function sourcesOptions({ config, socketFolder }: DeskOptions): SourcesOptions {
  const { media, sources, plan } = config;
  return {
    ...{ ffmpeg: media.ffmpeg, ffprobe: media.ffprobe, probeTimeoutMs: media.probeTimeout },
    roots: media.roots,
    allowPrivateNetworks: sources.allowPrivateNetworks,
    maxBitrateBps: plan.maxBitrate,
    ownFolder: socketFolder,
  };
}
