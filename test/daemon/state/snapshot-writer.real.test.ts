import { EventEmitter } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/contract/clock.ts';
import type { Trouble } from '../../../src/daemon/health.ts';
import { logLookMs, watchLog } from '../../../src/daemon/state/log-watch.ts';
import { stateVersion } from '../../../src/daemon/state/migrations.ts';
import { SnapshotWriter } from '../../../src/daemon/state/snapshot-writer.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const whole = { id: 'b-1', begunBy: 'person', appliedBy: null, spec: '{}', wanted: '{"a":1}', seen: null };

function opened() {
  const parts = new DisposableStack();
  const folder = parts.use(temporaryFolder());
  const store = parts.use(openState(folder.path));
  const told: (Trouble | null)[] = [];
  const health = { lost: (_: string, trouble: Trouble) => told.push(trouble), found: () => told.push(null) };
  const make = () => new SnapshotWriter({ file: store.file, clock: systemClock, health });
  const rows = () =>
    store.read((database) =>
      database
        .prepare('SELECT room, id, wanted, seen FROM broadcasts ORDER BY room')
        .all()
        .map((row) => Object.values(row)),
    );
  return { store, told, make, rows, [Symbol.dispose]: () => parts.dispose() };
}

test('SnapshotWriter writes what has changed of each room, the newest, and what it closes with', async () => {
  using state = opened();
  const writer = state.make();
  for (const room of ['hall', 'lobby', 'yard']) writer.put(room, { ...whole, id: `b-${room}` });
  await writer.flush();
  writer.put('lobby', { seen: '{"at":1}' });
  writer.put('lobby', { wanted: '{"a":2}' });
  writer.put('lobby', { seen: '{"at":2}' });
  writer.remove('hall');
  writer.put('hall', { seen: '{"at":3}' });
  writer.put('yard', { ...whole, id: 'b-new' });
  await writer.close();
  expect(state.rows()).toEqual([
    ['lobby', 'b-lobby', '{"a":2}', '{"at":2}'],
    ['yard', 'b-new', '{"a":1}', null],
  ]);
  // Nothing comes of it any more.
  writer.put('late', whole);
  await writer.close();
  expect(state.rows()).toHaveLength(2);
});

test('SnapshotWriter waits for who else writes, and nobody waits for it', async () => {
  using state = opened();
  await using writer = state.make();
  writer.put('lobby', whole);
  await writer.flush();
  using other = new DatabaseSync(state.store.file);
  other.exec('BEGIN IMMEDIATE');
  for (let at = 0; at < 1000; at++) writer.put('lobby', { seen: `{"at":${at}}` });
  const flushed = writer.flush();
  expect(state.rows()).toEqual([['lobby', 'b-1', '{"a":1}', null]]);
  other.exec('COMMIT');
  await flushed;
  expect(state.rows()).toEqual([['lobby', 'b-1', '{"a":1}', '{"at":999}']]);
});

test('SnapshotWriter tells what cannot be written, holds the newest, and writes it when it can be', async () => {
  using state = opened();
  await using writer = state.make();
  state.store.close();
  const { file } = state.store;
  const moved = new DatabaseSync(file);
  moved.exec('PRAGMA user_version = 99');
  moved.close();
  writer.put('lobby', whole);
  writer.put('hall', { ...whole, id: 'b-2' });
  await writer.flush();
  expect(state.told).toEqual([{ reason: expect.stringContaining('got 99'), failures: 1, nextTryMs: 0 }]);
  writer.put('lobby', { wanted: '{"a":3}' });
  writer.remove('hall');
  const back = new DatabaseSync(file);
  back.exec(`PRAGMA user_version = ${stateVersion}`);
  await expect.poll(() => state.told.at(-1)).toBeNull();
  await writer.flush();
  expect(back.prepare('SELECT room, wanted FROM broadcasts').all()).toEqual([
    { room: 'lobby', wanted: '{"a":3}' },
  ]);
  back.close();
});

test('SnapshotWriter makes no state where there is none', async () => {
  using state = opened();
  await using writer = state.make();
  state.store.close();
  rmSync(state.store.file);
  writer.put('lobby', whole);
  await writer.flush();
  expect(writer.problem).toContain('there is no');
});

test('SnapshotWriter outlives a machine that has no thread for it, and writes when it has', async () => {
  using state = opened();
  let refusals = 1;
  const start = (program: URL, options: WorkerOptions) => {
    if (refusals-- > 0) throw new Error('EAGAIN');
    return new Worker(program, options);
  };
  const { told, store } = state;
  const health = { lost: (_: string, trouble: Trouble) => told.push(trouble), found: () => told.push(null) };
  await using writer = new SnapshotWriter({ file: store.file, clock: systemClock, health, start });
  writer.put('lobby', whole);
  await writer.flush();
  expect(told).toMatchObject([{ reason: 'what is to go on after a restart cannot be written: EAGAIN' }]);
  await expect.poll(() => state.rows()).toHaveLength(1);
  expect(writer.problem).toBeNull();
});

test('The log of the state is brought into it by the thread, and no writer does that itself', async () => {
  using state = opened();
  const { store } = state;
  await using writer = state.make();
  const clock = new VirtualClock();
  const watch = watchLog({ file: store.file, clock, snapshots: writer, largeBytes: 100_000 });
  const bytes = (end = '') => statSync(store.file + end).size;
  const write = (room: string) =>
    store.note((database) =>
      database
        .prepare('INSERT INTO rooms (name, settings, changed_at) VALUES (?, ?, 0)')
        .run(room, 'x'.repeat(5_000_000)),
    );
  write('first');
  // More than SQLite would leave in its log by itself.
  expect([bytes() < 1_000_000, bytes('-wal') > 5_000_000]).toEqual([true, true]);
  for (const [at, room] of ['second', 'third', 'fourth'].entries()) {
    await clock.pass(logLookMs);
    // Each time that it is done.
    await expect.poll(() => state.told).toEqual(Array(at + 1).fill(null));
    expect(bytes()).toBeGreaterThan((at + 1) * 5_000_000);
    write(room);
  }
  expect(bytes('-wal')).toBeLessThan(6_000_000);
  watch.cancel();
});

test('SnapshotWriter tells a disk that does not answer, and that it does again', async () => {
  const clock = new VirtualClock();
  const told: (string | null)[] = [];
  const health = {
    lost: (_: string, { reason }: Trouble) => told.push(reason),
    found: () => told.push(null),
  };
  const hung = new EventEmitter();
  const start = () =>
    Object.assign(hung, { postMessage: () => {}, unref: () => {}, terminate: async () => 0 });
  const writer = new SnapshotWriter({ file: '/nowhere/state.db', clock, health, start: start as never });
  writer.put('lobby', whole);
  await clock.pass(8000);
  expect(told).toEqual([
    'what is to go on after a restart cannot be written: the disk has not answered for 8 s',
  ]);
  hung.emit('message', { to: 'write', problem: null });
  expect(told.slice(1)).toEqual([null]);
  const closed = writer.close();
  await clock.pass(1500);
  await closed;
  expect(clock.timers).toBe(0);
});
