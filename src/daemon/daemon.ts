import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { every, systemChance, systemClock } from '../contract/clock.ts';
import { type Config, roomConfig } from '../contract/config.ts';
import type { ConfigFile } from '../contract/config-file.ts';
import { newToken } from '../contract/ids.ts';
import { built } from '../contract/installation.ts';
import type { ChangedKey } from '../contract/reloaded.ts';
import { unlessAborted } from './aborted-start.ts';
import { createGate } from './access/gate.ts';
import { Links } from './access/links.ts';
import { roomsOfThings } from './access/rooms-of-things.ts';
import { Tokens } from './access/tokens.ts';
import { ControlServer } from './api/control-server.ts';
import { ControlSocket } from './api/control-socket.ts';
import { eventDeed } from './api/deeds.ts';
import { createDispatch, type Dispatch } from './api/dispatch.ts';
import { createHandlers } from './api/handlers.ts';
import { openControlPort } from './api/remote/open-control-port.ts';
import { Applying } from './apply/applying.ts';
import { Audience } from './audience/audience.ts';
import { Reports } from './audience/reports.ts';
import { EventHub } from './event-hub.ts';
import { logEvents } from './event-log.ts';
import { Health } from './health.ts';
import { History } from './history/history.ts';
import { historyLimits } from './history/history-limits.ts';
import { KeptEvents } from './history/kept-events.ts';
import { LocalHooks } from './hooks/local-hooks.ts';
import { openWebhooks } from './hooks/open-webhooks.ts';
import { applyLive, changes } from './live-config.ts';
import { measuring } from './metrics/measured.ts';
import { Metrics } from './metrics/metrics.ts';
import { LogLevel } from './ops/log-level.ts';
import { LogMemory } from './ops/log-memory.ts';
import type { LogSink } from './ops/log-sink.ts';
import { MachineDoctor } from './ops/machine-doctor.ts';
import { OldAddresses } from './ops/old-addresses.ts';
import { roomProblems } from './ops/room-problems.ts';
import { RoomWatch } from './ops/room-watch.ts';
import { starter } from './ops/starter.ts';
import { diskLookMs, watchDisk } from './ops/watch-disk.ts';
import { Posters } from './posters/posters.ts';
import { ViewerServer } from './public-server/viewer-server.ts';
import { listedPublishers } from './publishers/listed-publishers.ts';
import { publishAddresses } from './publishers/publish-addresses.ts';
import type { Publishers } from './publishers/publishers.ts';
import { Publishing } from './publishers/publishing.ts';
import { Reloading } from './reloading.ts';
import { Desk } from './rooms/desk.ts';
import { Settings } from './rooms/settings.ts';
import { comingOnAir } from './schedule/coming-on-air.ts';
import { DaypartRows } from './schedule/daypart-rows.ts';
import { Doing } from './schedule/doing.ts';
import { inspect, isCostly } from './schedule/inspect.ts';
import { Preflight } from './schedule/preflight.ts';
import { roomView } from './schedule/room-view.ts';
import { Schedules } from './schedule/schedules.ts';
import { surroundings } from './schedule/surroundings.ts';
import { primaryAddress } from './sfu/addresses.ts';
import { WorkerPool } from './sfu/worker-pool.ts';
import { keepDailyBackups } from './state/daily-backup.ts';
import { DeedBook } from './state/deed-book.ts';
import { keptBroadcasts } from './state/kept-broadcasts.ts';
import { KeptLoudness } from './state/kept-loudness.ts';
import { checkLate } from './state/late-check.ts';
import { versions } from './version.ts';
import { DaemonSight } from './view/daemon-sight.ts';
import type { KeptPlace } from './view/disk-look.ts';
import { knownProcesses } from './view/known-processes.ts';
import { Observer } from './view/observer.ts';
import { type Around, roomHealth } from './view/room-health.ts';
import { SlowPipelines } from './view/slow-pipelines.ts';
import { viewedDaemon } from './view/viewed-daemon.ts';
import { Bans } from './viewers/bans.ts';
import { Hands } from './viewers/hands.ts';
import type { Coming } from './viewers/page-tidings.ts';
import { Tickets } from './viewers/tickets.ts';

/** Where the build puts the page. */
const builtPage = fileURLToPath(built('web-viewer'));
/** Where nobody says where the log goes to. */
const nowhere = { state: { file: null, dropped: 0, problem: null }, retry: () => {}, reopen: () => {} };
/** Broadcasts that take longer to close, in ms, are closed while viewers are told that the daemon ends. */
const goodbyesAfterMs = 1500;

export interface DaemonOptions {
  readonly config: Config;
  /** What its file says of rooms, as it says it; default: nothing. */
  readonly roomWords?: ConfigFile['rooms'];
  /** Reads it again; default: it stays as it is. */
  readonly readConfig?: () => Promise<ConfigFile>;
  /** The file that both are read of; default: none. */
  readonly configFile?: string | null;
  /** Path of the control socket. */
  readonly socket: string;
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** When its process began, by the clock of what passes, in ms; default: now. */
  readonly begunMs?: number;
  /** How the log fares. */
  readonly sink?: Pick<LogSink, 'state' | 'retry' | 'reopen'>;
  /** The newest lines of the log; default: none are known. */
  readonly lines?: LogMemory;
  /** Calls the start off. */
  readonly aborted?: AbortSignal;
  /** Folder of the built page. Default: the build's. */
  readonly pageFolder?: string;
}

/** The whole daemon: made ready by `create`, ended by `close`, in reverse order. */
export class Daemon {
  readonly #parts: AsyncDisposableStack;
  readonly #dispatch: Dispatch;
  readonly desk: Desk;
  readonly hub: EventHub;
  readonly pool: WorkerPool;
  readonly health: Health;
  /** Who publishes, by RTMP and by WHIP. */
  readonly publishers: Publishers;
  readonly #viewerUrl: () => string;

  private constructor(
    parts: AsyncDisposableStack,
    dispatch: Dispatch,
    desk: Desk,
    hub: EventHub,
    pool: WorkerPool,
    health: Health,
    publishers: Publishers,
    viewerUrl: () => string,
  ) {
    this.#parts = parts;
    this.#dispatch = dispatch;
    this.desk = desk;
    this.hub = hub;
    this.pool = pool;
    this.health = health;
    this.publishers = publishers;
    this.#viewerUrl = viewerUrl;
  }

  static async create(options: DaemonOptions): Promise<Daemon> {
    const { config, socket, log, env, aborted = new AbortController().signal, sink = nowhere } = options;
    const { begunMs = systemClock.nowMs(), roomWords = {}, lines = new LogMemory() } = options;
    // Pretty lines are for eyes only.
    const jsonFile = config.log.format === 'pretty' ? null : sink.state.file;
    const file = { config: { ...config }, rooms: roomWords };
    let startTookMs = 0;
    const made = <T extends AsyncDisposable | undefined>(making: Promise<T>) =>
      unlessAborted(aborted, making);
    /** Goes on beside what follows, which may fail first. */
    const beside = (beginning: Promise<void>) => {
      const begun = made(beginning.then(() => undefined));
      begun.catch(() => {});
      return begun;
    };
    await using parts = new AsyncDisposableStack();
    const isOwn = (room: string) => Object.hasOwn(config.rooms, room) || publishing.keys.areOf(room);
    const entry = (room: string) => settings.entry(room);
    const hub = new EventHub(systemClock);
    logEvents(hub, log);
    const health = new Health({ hub, clock: systemClock });
    // First of all: a second daemon must change nothing.
    const controlSocket = parts.use(
      await ControlSocket.take({ path: socket, log, clock: systemClock, health }),
    );
    const pool = parts.use(WorkerPool.create({ config, env, log, health }));
    pool.on('died', ({ worker }, message) => hub.announce({ type: 'worker.died', pid: worker.pid, message }));
    const publishing = parts.use(Publishing.create({ ...{ config, socket, env, hub, log, health }, entry }));
    const limits = () => historyLimits(config);
    const history = parts.use(
      new History({
        file: join(publishing.store.folder, 'history.db'),
        ...{ limits, clock: systemClock, health, log },
      }),
    );
    // Viewers of rooms that nobody has heard of are kept apart.
    const past = parts.use(
      new KeptEvents({ hub, history, limits, clock: systemClock, isOwn: (room) => knows(room) }),
    );
    const settings = Settings.create({
      ...{ config, file, store: publishing.store },
      ...{ health, log, clock: systemClock },
    });
    const deeds = parts.use(new DeedBook({ store: publishing.store, clock: systemClock, log }));
    hub.listen((event) => {
      const deed = eventDeed(event);
      if (deed) deeds.note(deed);
    });
    const hooks = parts.use(new LocalHooks({ config, env, clock: systemClock, log }));
    hub.listen((event) => hooks.hear(event));
    const tokens = parts.use(Tokens.create(publishing.store));
    const links = parts.use(Links.create(publishing.store));
    const webhooks = parts.use(openWebhooks({ config, store: publishing.store, hub, health, log }));
    hub.listen((event) => webhooks.hear(event));
    const { publishers } = publishing;
    const desk = parts.use(
      await made(
        Desk.create({
          ...{ config, pool, hub, health, log, clock: systemClock, socketFolder: dirname(socket) },
          loudness: new KeptLoudness(publishing.store, log),
          kept: publishing.snapshots,
          entry,
        }),
      ),
    );
    const knows = (room: string) => desk.findRoom(room)?.broadcast != null || isOwn(room);
    const goOn = () => desk.goOn(() => keptBroadcasts(publishing.store), diskLookMs);
    goOn();
    const workers = beside(pool.begin());
    publishers.on('published', (publisher, media) => desk.publish(publisher, media));
    publishers.on('tracks', (publisher, tracks) => desk.setTracks(publisher, tracks));
    publishers.on('silent', (publisher, silent) => desk.setSilent(publisher, silent));
    publishers.on('gone', (publisher) => desk.unpublish(publisher));
    const audience = parts.use(
      new Audience({
        ...{ clock: systemClock, history, isOwn: knows },
        onAir: (room) => {
          const { id = '', name: title = null } = desk.findRoom(room)?.broadcast ?? {};
          return { id, title };
        },
      }),
    );
    void audience.recall();
    const bans = Bans.create({ store: publishing.store, clock: systemClock, log });
    const hands = parts.use(
      new Hands({
        ...{ store: publishing.store, hub, clock: systemClock },
        isOn: (room) => roomConfig(config, room).hands,
      }),
    );
    // Until it is known what is scheduled nothing is told of it.
    let next: (room: string) => Coming | null = () => null;
    let metrics: Metrics | undefined;
    const viewers = parts.use(
      await ViewerServer.create({
        ...{ config, desk, publishers, hub, log, bans, links, hands, audience },
        tickets: new Tickets(publishing.store),
        knows,
        health,
        processes: () => knownProcesses({ desk, pool, rtmpPid: publishing.status().rtmp?.pid }),
        next: (room) => next(room),
        onReport: (...report) => metrics?.reported(...report),
        version: versions.version,
        pageFolder: options.pageFolder ?? builtPage,
      }),
    );
    // Nobody waits for it: a room goes on air without what is wrong.
    const watch = new RoomWatch({ config, find: roomProblems, health, log, clock: systemClock });
    parts.defer(() => watch.close());
    watch.look();
    settings.on('changed', () => {
      desk.open();
      viewers.lookAtRooms();
      watch.look();
    });
    const port = await viewers.listen();
    const viewerUrl = () => viewerAddress(config, port, viewers.secure);
    desk.viewerUrl = viewerUrl;
    // Whoever publishes is heard of by now.
    const rtmp = beside(publishing.listen());
    const addresses = (room: string) => publishAddresses(config, viewerUrl(), publishing.ports, room);
    const control = await openControlPort({
      ...{ config, folder: publishing.store.folder, tokens, clock: systemClock, log, health },
    });
    const level = parts.use(new LogLevel({ log, config, clock: systemClock }));
    const reloading = new Reloading({
      readConfig: options.readConfig ?? (async () => file),
      reopenLog: () => sink.reopen(),
      reconfigure: (read) => {
        const after = settings.over(read);
        const found = changes(config, after);
        applyLive(config, after);
        level.configured();
        settings.emit('changed');
        publishing.certify();
        webhooks.look();
        viewers.certify();
        void control.certify();
        return found;
      },
      ...{ health, log },
    });
    const view = (room: string) => roomView(desk.findRoom(room)?.broadcast ?? null);
    const schedules = new Schedules({
      ...{ clock: systemClock, store: publishing.store, log, hub, health, view, chance: systemChance },
      rooms: () => desk.rooms.map(({ name }) => name),
      doing: new Doing({ dispatch: (...call) => dispatch(...call), view }),
      isRestored: () => desk.isRestored,
      adopt: (...what) => desk.adopt(...what),
    });
    desk.onPutOver = (over) => schedules.putOver(over);
    const applying = new Applying({
      ...{ config, desk, publishing, settings, schedules, clock: systemClock },
      tell: (deed) => deeds.note(deed),
    });
    next = (room) =>
      schedules.isOpen ? comingOnAir(schedules.calendar.nextFor(room), systemClock.wallMs()) : null;
    const dayparts = parts.use(
      new DaypartRows({
        ...{ config, clock: systemClock, health },
        zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        onRead: (rows) => {
          schedules.setDayparts(rows);
          viewers.lookAtNext();
        },
      }),
    );
    settings.on('changed', () => void dayparts.read());
    const around = surroundings(config, desk, publishers);
    const preflight = new Preflight({
      ...{ clock: systemClock, health, announce: (event) => hub.announce(event) },
      ahead: (nowMs) => schedules.calendar.ahead(nowMs),
      inspect: (spec) => inspect(spec, around),
      isCostly,
    });
    parts.use(preflight);
    // What comes within the days that pages are told of may only come to be within them.
    const nextLook = every(systemClock, 60_000, () => viewers.lookAtNext());
    parts.defer(() => nextLook.cancel());
    hub.listen(({ type }) => {
      // What was awaited, and has never been on air, hides what comes next no longer.
      if (type.startsWith('schedule.') || type === 'broadcast.ended') viewers.lookAtNext();
    });
    const places = () => keptPlaces(publishing.store.folder, sink.state.file);
    const slowPipelines = parts.use(new SlowPipelines(hub, systemClock));
    const healthParts: Around = {
      health,
      distress: (room) => viewers.distress.of(room),
      slow: (room) => slowPipelines.of(room),
    };
    metrics = await made(
      Metrics.create({
        ...{ config: config.metrics, hub, health, clock: systemClock, knows },
        measure: measuring({ ...healthParts, ...{ config, desk, pool, publishing, places } }),
      }),
    );
    if (metrics) parts.use(metrics);
    const startedAt = hub.now;
    const facts = () =>
      viewedDaemon({
        ...{ pool, health, publishing, schedules, startedAt, socket, viewerUrl },
        config: options.configFile ?? null,
        control: () => control.status(),
        logState: () => sink.state,
        startTookMs: () => startTookMs,
        starter: () => starter(env),
      });
    const observer = new Observer({
      ...{ clock: systemClock, log, epoch: newToken() },
      keepAddressesMs: () => config.privacy.keepAddresses,
      sight: new DaemonSight({
        ...{ desk, pool, hub, clock: systemClock, facts },
        publishers: () => listedPublishers(desk, publishers),
        scheduled: (room) => (schedules.isOpen ? schedules.calendar.nextIn(room) : null),
        ...{ distress: healthParts.distress, slow: healthParts.slow },
        places,
      }),
    });
    parts.use(
      new OldAddresses({
        ...{ config, logFile: jsonFile, lines, folder: publishing.store.folder },
        tidy: () => observer.tidy(),
        ...{ clock: systemClock, log },
      }),
    );
    // An operator sees what viewers see, whatever they are shown before they have joined.
    const stills = new Posters({
      room: (name) => desk.findRoom(name),
      wanted: () => 'auto',
      clock: systemClock,
    });
    const handlers = createHandlers({
      still: (room) => stills.of(room),
      health: (room) => roomHealth(room, healthParts),
      ...{
        desk,
        pool,
        facts,
        observer,
        viewerUrl,
        socketFolder: dirname(socket),
        doctor: new MachineDoctor({ config, env, clock: systemClock }),
        publishing,
        addresses,
        deeds,
        reloading,
        settings,
        hub,
        applying,
        tokens,
        links,
        schedules,
        around,
        webhooks,
        bans,
        hands,
        lines: viewers.lines,
        steering: viewers.steering,
        history,
        reports: new Reports({
          ...{ history, clock: systemClock, give: () => audience.give() },
          live: (id) => desk.broadcasts.find((one) => one.id === id) ?? null,
        }),
      },
      log,
      logs: { reader: { memory: lines, file: jsonFile, clock: systemClock }, level },
    });
    const gate = createGate({
      ...{ tokens, roots: () => config.media.roots },
      things: roomsOfThings({ desk, schedules, links }),
    });
    const dispatch: Dispatch = createDispatch(handlers, (deed) => deeds.note(deed), gate);
    const disk = watchDisk({ ...{ state: publishing.store, log: sink }, ...{ health, clock: systemClock } });
    parts.defer(() => disk.cancel());
    const settled = every(systemClock, diskLookMs, () => {
      settings.look();
      webhooks.retry();
      bans.look();
      goOn();
    });
    parts.defer(() => settled.cancel());
    const backups = keepDailyBackups({ store: publishing.store, clock: systemClock, health });
    parts.defer(() => backups.cancel());
    const check = checkLate({ store: publishing.store, health });
    parts.defer(() => check.cancel());
    await Promise.all([workers, rtmp]);
    const listening = { socket: controlSocket, port: control.port };
    parts.use(await ControlServer.create({ ...listening, dispatch, gate, tokens, hub, past, log }));
    startTookMs = Math.round(systemClock.nowMs() - begunMs);
    desk.open();
    health.open();
    // First of all, while whoever listens on the control socket can still hear of it.
    parts.defer(async () => {
      health.close();
      hub.announce({ type: 'daemon.stopping' });
      // What hangs in an ingest process must not keep viewers and encoders from being told.
      const late = new Promise<void>((resolve) => systemClock.after(goodbyesAfterMs, resolve));
      await Promise.race([desk.close(), late]);
    });
    parts.use(schedules);
    void desk.restored().then(() => {
      schedules.begin();
      viewers.lookAtNext();
      void dayparts.read();
    });
    return new Daemon(parts.move(), dispatch, desk, hub, pool, health, publishers, viewerUrl);
  }

  /** The address that viewers use now, without a slash at the end. */
  get viewerUrl(): string {
    return this.#viewerUrl();
  }

  /** Reads the configuration again, and takes from it what may change while the daemon runs. @throws MiroliveError INVALID_CONFIG */
  async reload(): Promise<ChangedKey[]> {
    return await this.#dispatch('reload', {}, { kind: 'daemon' }, new AbortController().signal);
  }

  /** The daemon in a few figures, for its log. */
  state(): Record<string, number> {
    const { rooms, broadcasts } = this.desk;
    const viewers = rooms.reduce((sum, room) => sum + room.viewers.length, 0);
    const publishers = this.publishers.list().length;
    const rssBytes = process.memoryUsage.rss();
    const starting = broadcasts.filter(({ state }) => state === 'starting').length;
    return { rooms: rooms.length, broadcasts: broadcasts.length, starting, viewers, publishers, rssBytes };
  }

  /** Tells viewers, ends broadcasts, closes sockets, removes files. */
  async close(): Promise<void> {
    await this.#parts.disposeAsync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Where viewers find the page, without a slash at the end; with HTTPS by the name that the certificate is for. */
function viewerAddress(config: Config, port: number, secure: ViewerServer['secure']): string {
  const { publicUrl, host } = config.http;
  if (publicUrl) return publicUrl.replace(/\/+$/, '');
  const anyAddress = ['0.0.0.0', '::'].includes(host);
  const address = anyAddress ? primaryAddress() : host;
  const literal = address.includes(':') ? `[${address}]` : address;
  if (secure === null) return `http://${literal}:${port}`;
  return new URL(`https://${secure.name ?? literal}:${secure.port}`).origin;
}

function keptPlaces(state: string, log: string | null): KeptPlace[] {
  return [{ of: 'state', path: state }, ...(log === null ? [] : [{ of: 'log' as const, path: log }])];
}
