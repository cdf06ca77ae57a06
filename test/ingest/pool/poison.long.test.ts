import { once } from 'node:events';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../src/contract/clock.ts';
import type { Opening } from '../../../src/ingest/pool/calls.ts';
import { IngestPool, type IngestPoolOptions } from '../../../src/ingest/pool/ingest-pool.ts';
import { planOptions } from '../../helpers/plan-options.ts';
import { sourcesOptions } from '../../helpers/sources-options.ts';
import { childrenOf, gone, stateOf } from '../processes.ts';

const entry = new URL('./scripted-ingest.ts', import.meta.url);

const poolOf = (changes: Partial<IngestPoolOptions> = {}) =>
  IngestPool.create({
    ...{ sources: sourcesOptions, processes: 2, maxMemoryBytes: 2 ** 30, entry },
    bounds: { silenceMs: 2000, endMs: 1000 },
    ...changes,
  });

async function openPool(changes: Partial<IngestPoolOptions> = {}): Promise<IngestPool> {
  const pool = poolOf(changes);
  await pool.begin();
  return pool;
}

/** A room's programme of one file; the scripted process looks at nothing else. */
const options = (room: string, path: string) =>
  ({
    options: { room },
    snapshot: { wanted: { chain: [{ source: { kind: 'file', path, loop: true, audioTrack: null } }] } },
  }) as unknown as Opening;

const innocents = ['a', 'b', 'c', 'd', 'e'];

/** Keeps rooms on air, as a desk does: what is gone is opened again at once. */
class Rooms {
  readonly quarantined: string[] = [];
  readonly causes: string[] = [];
  readonly #pool: IngestPool;
  readonly #paths: ReadonlyMap<string, string>;

  constructor(pool: IngestPool, paths: Record<string, string>) {
    this.#pool = pool;
    this.#paths = new Map(Object.entries(paths));
    pool.on('quarantined', ({ room }) => this.quarantined.push(room));
    pool.on('died', ({ cause, programmes }) => {
      this.causes.push(cause);
      for (const room of programmes) this.play(room).catch(() => {});
    });
  }

  /** Resolves once it has been worked on. */
  async play(room: string): Promise<void> {
    const programme = await this.#pool.open(room, options(room, this.#paths.get(room) ?? ''));
    const live = once(programme, 'event');
    programme.connect(1);
    await Promise.race([live, once(programme, 'gone')]);
  }

  /** The process that carries a room. */
  processOf(room: string): number | undefined {
    return this.#pool.processes.find(({ rooms }) => rooms.includes(room))?.pid;
  }

  async untilAll(rooms: readonly string[]): Promise<void> {
    while (rooms.some((room) => this.processOf(room) === undefined)) await once(this.#pool, 'died');
  }
}

test.each([
  ['spins', '/spin', 'spun', 2 ** 30],
  ['throws', '/throw', 'crashed', 2 ** 30],
  ['grows', '/grow', 'grew', 256 * 2 ** 20],
])(
  'IngestPool sets a source aside that %s, and none of the five beside it',
  async (_, path, cause, maxMemoryBytes) => {
    await using pool = await openPool({ maxMemoryBytes });
    const paths = Object.fromEntries(innocents.map((room) => [room, `/innocent/${room}`]));
    const rooms = new Rooms(pool, { ...paths, bad: path });
    for (const room of innocents) await rooms.play(room);
    const aside = once(pool, 'quarantined');
    await rooms.play('bad');
    const [{ room, words, error }] = await aside;
    expect({ room, words, code: error.code }).toEqual({
      ...{ room: 'bad', words: path.slice(1), code: 'SOURCE_QUARANTINED' },
    });
    expect(error.hint).toBe('Put it on air once more: mirolive take SOURCE --room bad');
    expect(new Set(rooms.causes)).toEqual(new Set([cause]));
    // Whoever was with it has been put on air again by now, or will be.
    await Promise.all(innocents.map((one) => (rooms.processOf(one) === undefined ? rooms.play(one) : null)));
    expect(rooms.quarantined).toEqual(['bad']);
    // And it harms nobody any more.
    await rooms.play('f');
    expect(innocents.map((one) => rooms.processOf(one) !== undefined)).toEqual(innocents.map(() => true));
  },
);

test('IngestPool plays what a person wants once more in a process of its own, also where its room is with others by then', async () => {
  await using pool = await openPool({ processes: 1 });
  const aside = once(pool, 'quarantined');
  const source = { kind: 'file', path: '/throw', loop: true, audioTrack: null } as const;
  const play = async () => (await pool.open('bad', options('bad', source.path))).connect(1);
  await play();
  await aside;
  await pool.open('bad', options('bad', source.path));
  const rooms = new Rooms(pool, { a: '/innocent/a' });
  await rooms.play('a');
  expect(rooms.processOf('bad')).toBe(rooms.processOf('a'));
  await pool.pardon('bad', { ...source, path: '/innocent/a' });
  expect(rooms.processOf('bad')).toBe(rooms.processOf('a'));
  await pool.pardon('bad', source);
  expect(rooms.processOf('bad')).toBeUndefined();
  const died = once(pool, 'died');
  await play();
  expect((await died)[0].programmes).toEqual(['bad']);
  expect(rooms.processOf('a')).toBeDefined();
});

test('IngestPool ends a process that stands still, and puts what it had into others', async () => {
  await using pool = await openPool();
  const rooms = new Rooms(pool, { a: '/innocent/a', b: '/innocent/b' });
  await rooms.play('a');
  await rooms.play('b');
  const pid = rooms.processOf('a') ?? -1;
  expect(rooms.processOf('b')).not.toBe(pid);
  const death = once(pool, 'died');
  process.kill(pid, 'SIGSTOP');
  await expect.poll(() => stateOf(pid)).toBe('stopped');
  expect(await death).toMatchObject([{ pid, cause: 'spun', programmes: ['a'] }]);
  await gone(pid);
  expect(rooms.quarantined).toEqual([]);
});

test('IngestPool names the rooms too that a process that died was about to play something in', async () => {
  await using pool = await openPool({ processes: 1 });
  await pool.open('a', options('a', '/innocent/a'));
  const death = once(pool, 'died');
  process.kill(pool.processes[0]?.pid ?? Number.NaN, 'SIGKILL');
  const opening = pool.open('b', options('b', '/innocent/b'));
  await expect(opening).rejects.toMatchObject({ code: 'INGEST_UNAVAILABLE' });
  expect(await death).toMatchObject([{ rooms: ['a', 'b'], programmes: ['a'] }]);
});

test('IngestPool has one process at any time: another one takes the place of the last that died', async () => {
  const health: string[] = [];
  await using pool = await openPool({
    health: { lost: (part) => health.push(`lost ${part}`), found: (part) => health.push(`found ${part}`) },
  });
  const [{ pid } = { pid: -1 }] = pool.processes;
  const death = once(pool, 'died');
  process.kill(pid, 'SIGKILL');
  await death;
  await pool.open('a', options('a', '/innocent/a'));
  expect(pool.processes).toHaveLength(1);
  expect(health).not.toContain('lost ingest');
});

test('IngestPool begins at once again what died at one moment, however many processes', async () => {
  const waits: number[] = [];
  const clock: Clock = {
    ...systemClock,
    after(ms, act) {
      waits.push(ms);
      return systemClock.after(ms, act);
    },
  };
  await using pool = await openPool({ processes: 4, clock });
  const names = ['a', 'b', 'c', 'd'];
  const rooms = new Rooms(pool, Object.fromEntries(names.map((name) => [name, `/innocent/${name}`])));
  for (const name of names) await rooms.play(name);
  const pids = pool.processes.map(({ pid }) => pid);
  expect(pids).toHaveLength(4);
  const died = new Promise<void>((resolve) => pool.on('died', () => rooms.causes.length === 4 && resolve()));
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await died;
  for (const name of names) if (rooms.processOf(name) === undefined) await rooms.play(name);
  expect(waits).toEqual([]);
});

test('IngestPool tries at once what it would try later where a person waits, and for nobody else', async () => {
  // Nothing happens by itself.
  const clock = { ...systemClock, after: () => ({ cancel: () => {} }) };
  await using pool = await openPool({ processes: 1, clock });
  // The first that takes a place comes at once, the one after that would have to wait.
  for (let deaths = 0; deaths < 2; deaths++) {
    await expect.poll(() => pool.processes).toHaveLength(1);
    const death = once(pool, 'died');
    process.kill(pool.processes[0]?.pid ?? Number.NaN, 'SIGKILL');
    await death;
  }
  const source = { kind: 'file', path: '/innocent/a', loop: false, audioTrack: null } as const;
  const words: string[] = [];
  const looked = pool.prepare('a', source, planOptions).catch((error: Error) => words.push(error.message));
  expect(await childrenOf(process.pid, 'scripted-ingest')).toEqual([]);
  pool.hurry();
  await looked;
  expect(words).toEqual(['elsewhere']);
});

test('IngestPool gives up the programme alone that tells what makes no sense, and nobody hears of that', async () => {
  await using pool = await openPool({ processes: 1 });
  const rooms = new Rooms(pool, { beside: '/innocent/beside' });
  await rooms.play('beside');
  const programme = await pool.open('a', options('a', '/nonsense'));
  const seen: unknown[] = [];
  programme.on('seen', (one) => seen.push(one));
  const [failed, lost] = [once(pool, 'failed'), once(programme, 'gone')];
  const pid = rooms.processOf('a');
  programme.connect(1);
  const [{ request, id, error }] = await failed;
  await lost;
  expect({ request, id, message: error.message, seen }).toEqual({
    ...{ request: 'seen', id: 'a', seen: [] },
    message: 'it told what makes no sense: invalid_type at generation',
  });
  // Whoever opens it again may have the same process: it goes on, with whoever was beside it.
  await rooms.play('beside again');
  expect([rooms.processOf('a'), rooms.processOf('beside'), rooms.causes]).toEqual([undefined, pid, []]);
});

test.each([
  ['of no programme', '/empty', 'invalid_type at its top'],
  ['of a file what is not known of one', '/lie', 'invalid_type at value'],
  ['for a turn of no work', '/idle', 'invalid_type at work'],
])('IngestPool ends a process that speaks %s', async (_, path, where) => {
  await using pool = await openPool({ processes: 1 });
  const programme = await pool.open('a', options('a', path));
  const died = once(pool, 'died');
  programme.connect(1);
  expect(await died).toMatchObject([
    { cause: 'crashed', message: `it told what makes no sense: ${where}`, programmes: ['a'] },
  ]);
});

test('IngestPool looks once more where a process died over a look, and at what it cannot look at no more often', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'mirolive-test-'));
  await using pool = await openPool();
  const causes: string[] = [];
  pool.on('died', ({ cause }) => causes.push(cause));
  const look = (path: string) =>
    pool.prepare('a', { kind: 'file', path, loop: false, audioTrack: null }, planOptions);
  await expect(look(`/die${folder.path}/once`)).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  expect(causes).toEqual(['killed']);
  await expect(look(`/die${folder.path}/no/such/folder`)).rejects.toMatchObject({
    code: 'INGEST_UNAVAILABLE',
  });
  expect(causes).toHaveLength(3);
});

test('IngestPool takes a process for dead that is, though what it has started holds its words open', async () => {
  await using pool = await openPool({ processes: 1 });
  const programme = await pool.open('a', options('a', '/leave'));
  const started = once(programme, 'event');
  programme.connect(1);
  const [{ pid: left }] = await started;
  try {
    const [{ pid } = { pid: -1 }] = pool.processes;
    const death = once(pool, 'died');
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    // Its room, and others, go where something answers.
    await pool.open('b', options('b', '/innocent/b'));
    await pool.open('a', options('a', '/innocent/a'));
    expect(await death).toMatchObject([{ pid, programmes: ['a'] }]);
  } finally {
    process.kill(left, 'SIGKILL');
  }
});

test('IngestPool has the room of a standard input where that is, until nothing comes of it any more', async () => {
  await using pool = await openPool({ processes: 2 });
  const rooms = new Rooms(pool, { always: '/innocent/a', other: '/innocent/b' });
  await rooms.play('always');
  const look = (room: string, token: string) => pool.prepare(room, { kind: 'stdin', token }, planOptions);
  const { token } = await pool.openStdin('always');
  expect(token).toBe(`${rooms.processOf('always')}`);
  await expect(look('always', token)).rejects.toThrow('here');
  // One that is for a room without a process keeps its place, though others come.
  const early = await pool.openStdin('early');
  expect(early.token).not.toBe(token);
  await rooms.play('other');
  await expect(look('early', early.token)).rejects.toThrow('here');
  await expect(look('', early.token)).rejects.toThrow('here');
  expect(`${rooms.processOf('early')}`).toBe(early.token);
  process.kill(Number(early.token), 'SIGUSR2');
  while (rooms.processOf('early') !== undefined) await setImmediate();
});

test('IngestPool opens in a process that is there what nobody waits for in one that does not begin', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'mirolive-pool-'));
  await using pool = await openPool({ processes: 2, sources: { ...sourcesOptions, ownFolder: folder.path } });
  await pool.open('a', options('a', '/innocent/a'));
  await writeFile(join(folder.path, 'hang'), '');
  const waiting = new AbortController();
  const opening = pool.open('b-1', options('b', '/innocent/b'), waiting.signal);
  waiting.abort(new Error('it takes too long'));
  await expect(opening).rejects.toThrow('it takes too long');
  await pool.open('b-2', options('b', '/innocent/b'));
  expect(pool.processes.map(({ rooms }) => rooms)).toEqual([['a', 'b']]);
});

test('IngestPool is closed soon, though a process hangs that is about to begin', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'mirolive-test-'));
  const pool = await openPool({ sources: { ...sourcesOptions, ownFolder: folder.path } });
  await pool.open('a', options('a', '/innocent/a'));
  await writeFile(join(folder.path, 'hang'), '');
  const opening = pool.open('b', options('b', '/innocent/b'));
  const outcome = expect(opening).rejects.toMatchObject({ code: 'INGEST_UNAVAILABLE' });
  await expect.poll(() => childrenOf(process.pid, 'scripted-ingest')).toHaveLength(2);
  const closed: string[] = [];
  // A process that has not begun is given up by itself only after 20 s.
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = systemClock.after(15_000, resolve);
  await Promise.race([pool.close().then(() => closed.push('closed')), late]);
  timer.cancel();
  expect(closed).toEqual(['closed']);
  await outcome;
  expect(await childrenOf(process.pid, 'scripted-ingest')).toEqual([]);
});

test('IngestPool says that it cannot be had where not even the first process starts, and tells health that it is tried again', async () => {
  const entry = new URL('./no-such-entry.ts', import.meta.url);
  const lost = Promise.withResolvers<string>();
  await using pool = poolOf({ entry, health: { lost: lost.resolve, found: () => {} } });
  await expect(pool.begin()).rejects.toMatchObject({ code: 'INGEST_UNAVAILABLE' });
  expect(await lost.promise).toBe('ingest');
});

test('IngestPool tells of what nobody waits for, where it fails', async () => {
  await using pool = await openPool();
  const failed = once(pool, 'failed');
  const programme = await pool.open('a', options('a', '/innocent/a'));
  programme.want({ chain: [] } as unknown as Parameters<typeof programme.want>[0]);
  const [{ request, id, error }] = await failed;
  expect({ request, id, message: error.message }).toEqual({
    ...{ request: 'want', id: 'a', message: 'what is wanted cannot be' },
  });
});

test('IngestPool lets its processes go when it is closed', async () => {
  const pool = await openPool();
  const rooms = new Rooms(pool, { a: '/innocent/a', b: '/innocent/b' });
  await Promise.all([rooms.play('a'), rooms.play('b')]);
  const pids = pool.processes.map(({ pid }) => pid);
  expect(pids).toHaveLength(2);
  await pool.close();
  await pool.close();
  expect(await Promise.all(pids.map(stateOf))).toEqual(['gone', 'gone']);
  await expect(pool.open('c', options('c', '/innocent/c'))).rejects.toThrow('the ingest pool is closed');
});
