import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Broadcast } from '../../src/contract/models.ts';
import type { ProgrammeState } from '../../src/contract/programme-state.ts';
import { wantedEveryMs } from '../../src/daemon/rooms/keeper.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { allGone, MortalDaemon } from '../helpers/mortal-daemon.ts';
import { encoder } from '../helpers/rtmp-encoder.ts';

const rooms = { channel: { alwaysOn: true } };
const names = ['cam', 'channel', 'file', 'held', 'list', 'taken'];

/** How far a place may be from where it would be, in ms, beside the time that it was off air. */
const placeMs = 2000;

/** An event of six rooms: a file, a list in an order by chance, one that is held, one with a take under its slate, an encoder, and a channel that is always on. */
export class KilledEvent implements AsyncDisposable {
  readonly daemon: MortalDaemon;
  readonly #scope = new AsyncDisposableStack();
  readonly #secret: string;

  private constructor(daemon: MortalDaemon, secret: string) {
    this.daemon = this.#scope.use(daemon);
    this.#secret = secret;
  }

  static async begin(folder: string): Promise<KilledEvent> {
    await using failing = new AsyncDisposableStack();
    const films = await Promise.all(['one', 'two', 'three'].map(film));
    const [one = '', two = ''] = films;
    const daemon = failing.use(await MortalDaemon.create(folder));
    await daemon.start(rooms);
    const { client } = daemon;
    const { secret } = await client.call('createKey', { room: 'cam', expiresMs: null });
    const event = failing.use(new KilledEvent(daemon, secret));
    const files = (paths: readonly string[]) => ({
      kind: 'playlist' as const,
      ...{
        items: paths.map((path) => ({ source: { kind: 'file' as const, path } })),
        shuffle: true,
        loop: true,
      },
    });
    const single = (path: string) => ({ kind: 'file' as const, path, loop: true });
    const keep = { keep: true };
    await Promise.all([
      client.call('startBroadcast', { room: 'file', source: single(one), name: 'Morning', ...keep }),
      client.call('startBroadcast', { room: 'held', source: single(two), ...keep }),
      client.call('startBroadcast', { room: 'list', source: files(films), ...keep }),
      client.call('startBroadcast', { room: 'taken', source: single(one), ...keep }),
      event.publish(),
    ]);
    const control = (room: string, command: Parameters<typeof client.call<'control'>>[1]['command']) =>
      client.call('control', { room, command });
    await control('file', { type: 'seek', positionMs: 20_000 });
    await control('held', { type: 'pause' });
    await control('list', { type: 'next' });
    await control('list', { type: 'volume', percent: 40 });
    await control('taken', { type: 'take', source: single(two) });
    await control('taken', { type: 'slate', on: true });
    await control('channel', { type: 'take', source: single(two) });
    await control('channel', { type: 'mute', on: true });
    failing.move();
    return event;
  }

  /** Somebody publishes into `cam`; resolves when that is on air. */
  async publish(): Promise<void> {
    const encoding = encoder(`rtmp://127.0.0.1:${this.daemon.rtmpPort}/cam/${this.#secret}`);
    encoding.catch(() => {});
    this.#scope.defer(async () => {
      encoding.kill('SIGKILL');
      await encoding.catch(() => {});
    });
    await this.#until(async () => (await this.#programme('cam'))?.onAir.entry === 'main');
  }

  /**
   * Kills the daemon and starts it again at once, and holds it to what was on air.
   *
   * @param suddenMs it is killed again so long after each start, in ms, however far it has come, before it is left alone
   * @throws Error in words where something is lost, doubled, or left over
   */
  async survive(suddenMs: readonly number[]): Promise<void> {
    const wantedMs = Date.now();
    await this.#until(async () => this.#isWritten(wantedMs));
    const before = await this.#facts();
    const shown = await this.#places();
    const orphans = [...(await this.daemon.kill())];
    const killedMs = Date.now();
    for (const ms of suddenMs) {
      await this.daemon.begin(rooms);
      await pause(ms);
      orphans.push(...(await this.daemon.kill()));
    }
    await this.daemon.start(rooms);
    await this.#until(async () => isDeepStrictEqual(await this.#facts(), before)).catch(async () => {
      throw new Error(difference(before, await this.#facts()));
    });
    const offMs = Date.now() - killedMs;
    const places = await this.#places();
    for (const [room, place] of Object.entries(shown)) {
      const now = places[room] ?? 0;
      if (now < place - placeMs || now > place + offMs + placeMs)
        throw new Error(`${room} goes on at ${now} ms, was at ${place} ms, ${offMs} ms ago`);
    }
    // The shell that looks for what was left over takes its time for that.
    await allGone(orphans.filter(({ name }) => name !== 'sh' && name !== 'sleep'));
    await this.publish();
    await this.daemon.client.call('control', { room: 'file', command: { type: 'seek', positionMs: 20_000 } });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope.disposeAsync();
  }

  /** Whether all that was wanted before this moment is in the state. */
  #isWritten(wantedMs: number): boolean {
    using database = new DatabaseSync(this.daemon.stateFile, { readOnly: true });
    const { oldest, rows } = database
      .prepare('SELECT min(changed_at) AS oldest, count(*) AS rows FROM broadcasts')
      .get() as { oldest: number; rows: number };
    return rows === names.length && oldest > wantedMs + wantedEveryMs;
  }

  /** What must be as it was, without what goes on by itself. `cam` is on its slate until its publisher is back. */
  async #facts(): Promise<unknown> {
    const { client } = this.daemon;
    const broadcasts = await client.call('listBroadcasts', {});
    const states = await Promise.all(names.map((name) => this.#programme(name)));
    return {
      broadcasts: broadcasts.map(factsOf).toSorted((a, b) => a.room.localeCompare(b.room)),
      programmes: states.map((state, at) => ({ room: names[at], ...(state && stateFacts(state)) })),
    };
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
    const endMs = Date.now() + 20_000;
    while (!(await holds())) {
      if (Date.now() > endMs) throw new Error('it does not come to that');
      await pause(50);
    }
  }
}

function factsOf({ id, room, name, kept, state, startedAt, onAir }: Broadcast) {
  return { id, room, name, kept, state, startedAt, entry: room === 'cam' ? null : onAir.entry };
}

function stateFacts({ wanted, paused, volumePercent, muted, playlist, entries }: ProgrammeState) {
  const items = playlist?.items.map(({ item }) => item) ?? null;
  return { wanted, paused, volumePercent, muted, items, entries: entries.map(({ entry }) => entry) };
}

function difference(before: unknown, after: unknown): string {
  return `expected ${JSON.stringify(before)}\n     got ${JSON.stringify(after)}`;
}

function film(name: string): Promise<string> {
  const args = [
    ...['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=120'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=120'],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-g',
      '25',
      '-bf',
      '0',
      '-c:a',
      'aac',
    ],
  ];
  return makeMedia(`kept-${name}.mp4`, { args });
}
