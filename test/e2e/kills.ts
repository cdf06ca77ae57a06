import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Broadcast } from '../../src/contract/models.ts';
import type { ProgrammeState } from '../../src/contract/programme-state.ts';
import { seen } from '../../src/contract/snapshot.ts';
import { wantedEveryMs } from '../../src/daemon/rooms/keeper.ts';
import { allGone, MortalDaemon } from '../helpers/mortal-daemon.ts';
import { encoder } from '../helpers/rtmp-encoder.ts';
import { whipEncoder } from '../helpers/whip-encoder.ts';
import { beginRooms, names, published, roomSections } from './killed-rooms.ts';

/** How far a place may be from where it would be, in ms, beside the time that it was off air. */
const placeMs = 2000;
/** By how much a moment may differ that was told by two processes, in ms. */
const momentMs = 1000;
/** A machine that is busy brings all of it back later; what is not there by then never will be, in ms. */
const neverMs = 120_000;

/** How the daemon is killed, once or several times in a row. */
export interface Kills {
  /** It is killed again so long after each start, in ms, however far it has come, before it is left alone. */
  readonly suddenMs: readonly number[];
  /** The first of them: `all`: each of its processes at the same moment, as by a loss of power. Default `daemon`, as the others. */
  readonly first?: 'daemon' | 'all';
}

/** What survived, in ms of the wall clock. */
export interface Survival {
  readonly lastKillMs: number;
  /** All of it was on air again, but for who publishes. */
  readonly onAirMs: number;
}

/** An event of nine rooms, on air until it is disposed of; publishers by RTMP and WHIP among them, and one whose publisher has left. */
export class KilledEvent implements AsyncDisposable {
  readonly daemon: MortalDaemon;
  readonly #scope = new AsyncDisposableStack();
  readonly #secrets = new Map<string, string>();
  #publishing = new AsyncDisposableStack();

  private constructor(daemon: MortalDaemon) {
    this.daemon = this.#scope.use(daemon);
    this.#scope.defer(() => this.#publishing.disposeAsync());
  }

  static async begin(folder: string): Promise<KilledEvent> {
    await using failing = new AsyncDisposableStack();
    const daemon = failing.use(await MortalDaemon.create(folder));
    await daemon.start(roomSections);
    const event = failing.use(new KilledEvent(daemon));
    for (const room of ['cam', 'gone', 'whip']) {
      const { secret } = await daemon.client.call('createKey', { room, expiresMs: null });
      event.#secrets.set(room, secret);
    }
    await Promise.all([beginRooms(daemon.client, folder), event.publish()]);
    await using leaving = event.#rtmp('gone');
    await event.#onMain('gone');
    await leaving[Symbol.asyncDispose]();
    await event.#until(async () => (await event.#programme('gone'))?.onAir.entry === 'slate');
    failing.move();
    return event;
  }

  /** Somebody publishes into `cam` and `whip`; resolves when that is on air. */
  async publish(): Promise<void> {
    await this.#publishing.disposeAsync();
    this.#publishing = new AsyncDisposableStack();
    this.#publishing.use(this.#rtmp('cam'));
    const whip = `http://127.0.0.1:${this.daemon.httpPort}/whip/whip`;
    this.#publishing.use(await whipEncoder(whip, this.#secrets.get('whip') ?? ''));
    for (const room of published) await this.#onMain(room);
  }

  /**
   * Kills the daemon and starts it again at once, and holds it to what was on air.
   *
   * @throws Error in words where something is lost, doubled, or left over
   */
  async survive({ suddenMs, first = 'daemon' }: Kills): Promise<Survival> {
    const wantedMs = Date.now();
    await this.#until(async () => this.#isWritten(wantedMs + wantedEveryMs));
    const before = await this.#facts();
    const shown = await this.#places();
    const leftMs = this.#goneSinceMs();
    const orphans = [...(await this.daemon.kill(first))];
    const killedMs = Date.now();
    let lastKillMs = killedMs;
    for (const ms of suddenMs) {
      await this.daemon.begin(roomSections);
      await pause(ms);
      orphans.push(...(await this.daemon.kill()));
      lastKillMs = Date.now();
    }
    const startedMs = Date.now();
    await this.daemon.start(roomSections);
    await this.#until(async () => isDeepStrictEqual(await this.#facts(), before)).catch(async () => {
      throw new Error(await this.#difference(before));
    });
    const onAirMs = Date.now();
    const offMs = onAirMs - killedMs;
    const places = await this.#places();
    for (const [room, place] of Object.entries(shown)) {
      const now = places[room] ?? 0;
      if (now < place - placeMs || now > place + offMs + placeMs)
        throw new Error(`${room} goes on at ${now} ms, was at ${place} ms, ${offMs} ms ago`);
    }
    await this.#until(async () => this.#isWritten(startedMs));
    const missedMs = Math.abs(this.#goneSinceMs() - leftMs);
    if (missedMs > momentMs) throw new Error(`the grace of a publisher is counted ${missedMs} ms wrong`);
    // The shell that looks for what was left over takes its time for that.
    await allGone(orphans.filter(({ name }) => name !== 'sh' && name !== 'sleep'));
    await this.publish();
    await this.daemon.client.call('control', { room: 'file', command: { type: 'seek', positionMs: 20_000 } });
    return { lastKillMs, onAirMs };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope.disposeAsync();
  }

  #rtmp(room: string): AsyncDisposable {
    return encoder(`rtmp://127.0.0.1:${this.daemon.rtmpPort}/${room}/${this.#secrets.get(room)}`);
  }

  async #onMain(room: string): Promise<void> {
    await this.#until(async () => (await this.#programme(room))?.onAir.entry === 'main');
  }

  /** Whether the state holds each room as it was after this moment. */
  #isWritten(sinceMs: number): boolean {
    using database = new DatabaseSync(this.daemon.stateFile, { readOnly: true });
    const { oldest, rows } = database
      .prepare('SELECT min(changed_at) AS oldest, count(*) AS rows FROM broadcasts')
      .get() as { oldest: number; rows: number };
    return rows === names.length && oldest > sinceMs;
  }

  /** Since when the publisher of `gone` is missed, which its grace goes by. */
  #goneSinceMs(): number {
    using database = new DatabaseSync(this.daemon.stateFile, { readOnly: true });
    const row = database.prepare("SELECT seen FROM broadcasts WHERE room = 'gone'").get();
    const { candidates } = seen.parse(JSON.parse(String(row?.seen)));
    return candidates.reduce((found, { is }) => (is.state === 'away' ? is.sinceMs : found), 0);
  }

  /** What must be as it was, without what goes on by itself. Publishers have to come back first. */
  async #facts(): Promise<unknown> {
    const { client } = this.daemon;
    const broadcasts = await client.call('listBroadcasts', {});
    const states = await Promise.all(names.map((name) => this.#programme(name)));
    return {
      broadcasts: broadcasts.map(factsOf).toSorted((a, b) => a.room.localeCompare(b.room)),
      programmes: states.map((state, at) => ({ room: names[at], ...(state && stateFacts(state)) })),
    };
  }

  async #difference(before: unknown): Promise<string> {
    const states = await Promise.all(names.map((name) => this.#programme(name)));
    const entries = states.map((state, at) => ({ room: names[at], entries: state?.entries }));
    return [
      `expected ${JSON.stringify(before)}`,
      `     got ${JSON.stringify(await this.#facts())}`,
      `    with ${JSON.stringify(entries)}`,
      await this.daemon.lastWords(),
    ].join('\n');
  }

  async #places(): Promise<Readonly<Record<string, number>>> {
    const broadcasts = await this.daemon.client.call('listBroadcasts', {});
    const moving = broadcasts.filter(({ room }) => room === 'file' || room === 'held');
    return Object.fromEntries(moving.map(({ room, stats }) => [room, stats.positionMs]));
  }

  #programme(room: string): Promise<ProgrammeState | null> {
    return this.daemon.client.call('getProgramme', { room }).catch(() => null);
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    const endMs = Date.now() + neverMs;
    while (!(await holds())) {
      if (Date.now() > endMs) throw new Error('it does not come to that');
      await pause(50);
    }
  }
}

function factsOf({ id, room, name, kept, state, startedAt, onAir }: Broadcast) {
  const entry = published.includes(room) ? null : onAir.entry;
  return { id, room, name, kept, state, startedAt, entry };
}

function stateFacts({ wanted, paused, volumePercent, muted, playlist, entries }: ProgrammeState) {
  const items = playlist?.items.map(({ item }) => item) ?? null;
  return { wanted, paused, volumePercent, muted, items, entries: entries.map(({ entry }) => entry) };
}
