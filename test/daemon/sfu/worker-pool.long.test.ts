import { EventEmitter } from 'node:events';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { expect, test, vi } from 'vitest';
import { locateWorker } from '../../../native/mediasoup-worker/locate.mjs';
import { createClient } from '../../../src/cli/client.ts';
import { config } from '../../../src/contract/config.ts';
import type { Trouble } from '../../../src/daemon/health.ts';
import { deathWords } from '../../../src/daemon/sfu/death-words.ts';
import { WorkerPool } from '../../../src/daemon/sfu/worker-pool.ts';
import { eventually } from '../../helpers/browser.ts';
import { collect } from '../../helpers/collect.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { silentLog } from '../../helpers/state.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test.each([
  ['[pid:21228, code:null, signal:SIGKILL]', 'it was ended by SIGKILL'],
  ['[pid:21228, code:41, signal:null]', 'it ended with code 41'],
  ['something else', 'something else'],
])('A death is told in words: %s', (message, words) => {
  expect(deathWords(message)).toBe(words);
});

test('A signal to the daemon is left to the daemon: no worker ends by itself at it', async () => {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  // As mediasoup calls it: were it to have another name, no worker would begin.
  const ofWorkers = () =>
    signals.flatMap((signal) => process.listeners(signal).filter(({ name }) => name === 'onSignal'));
  const before = ofWorkers();
  await using server = await startDaemon({ rtmp: { enabled: false }, workers: { count: 2 } });
  expect(server.daemon.pool.slots).toHaveLength(2);
  expect(ofWorkers().filter((one) => !before.includes(one))).toEqual([]);
});

test('Workers that cannot be replaced are missed, not given up: it is told, an always-on room waits, and all comes back by itself', async () => {
  await using folder = await temporaryFolder();
  const { bin, gate } = await gatedWorker(folder.path);
  const rooms = { channel: { alwaysOn: true } };
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
  await using server = await startDaemon(
    { rtmp: { enabled: false }, workers: { count: 2, bin }, rooms },
    { log },
  );
  const client = createClient(server.socket);
  const { pool, hub, desk, health } = server.daemon;
  const told: string[] = [];
  hub.listen((event) => {
    if (event.type === 'worker.died') expect(event.message).toBe('it was ended by SIGKILL');
  });
  hub.listen((event) => told.push('part' in event ? `${event.type} ${event.part}` : event.type));
  const missing = async () => (await client.call('status', {})).degraded.map(({ part }) => part);
  const source = { kind: 'test' } as const;
  await client.call('startBroadcast', { room: 'other', source });
  await eventually(
    async () => desk.findRoom('channel')?.broadcast?.live,
    (live) => live === true,
  );
  await rm(gate);
  for (const { worker } of [...pool.slots]) process.kill(worker.pid, 'SIGKILL');
  // Stopped between the death of its worker and another one.
  const gone = (await client.call('stopRoom', { room: 'other' })).state;
  expect(gone).toBe('live');
  await eventually(missing, (parts) => parts.includes('worker 1') && parts.includes('worker 2'));
  const { degraded } = await client.call('status', {});
  expect(degraded.every(({ nextTryAt, failures }) => nextTryAt !== null && failures > 0)).toBe(true);
  expect(health.servable).toBe(false);
  await expect(client.call('startBroadcast', { room: 'other', source })).rejects.toMatchObject({
    code: 'NO_WORKER',
  });
  const before = lines.length;
  const began = performance.now();
  // The loop turns: a hundred answers take no longer than they do.
  for (let call = 0; call < 100; call++) await client.call('version', {});
  const seconds = (performance.now() - began) / 1000;
  expect(lines.length - before).toBeLessThan(10 + 10 * seconds);
  await writeFile(gate, '');
  await eventually(missing, ({ length }) => length === 0);
  expect(health.servable).toBe(true);
  expect(told).toEqual(expect.arrayContaining(['daemon.degraded worker 1', 'daemon.recovered worker 1']));
  await eventually(
    async () => desk.findRoom('channel')?.served?.producers.length,
    (count) => count === 2,
  );
  await client.call('startBroadcast', { room: 'other', source });
});

test('One worker that is left serves the rooms of one that cannot be replaced', async () => {
  await using folder = await temporaryFolder();
  const { bin, gate } = await gatedWorker(folder.path);
  await using server = await startDaemon({ rtmp: { enabled: false }, workers: { count: 2, bin } });
  const client = createClient(server.socket);
  const { desk, health } = server.daemon;
  await client.call('startBroadcast', { room: 'moved', source: { kind: 'test' } });
  const slot = desk.findRoom('moved')?.slot;
  await rm(gate);
  process.kill(slot?.worker.pid ?? Number.NaN, 'SIGKILL');
  await eventually(
    async () => desk.findRoom('moved'),
    (room) => room?.slot !== slot && room?.served?.producers.length === 2,
  );
  expect(health.servable).toBe(true);
  await client.call('startBroadcast', { room: 'another', source: { kind: 'test' } });
  await writeFile(gate, '');
});

test('A worker that hangs is killed, and its rooms are served by another one', async () => {
  await using server = await startDaemon({ rtmp: { enabled: false }, workers: { count: 2 } });
  const client = createClient(server.socket);
  const { desk, pool } = server.daemon;
  await client.call('startBroadcast', { room: 'moved', source: { kind: 'test' } });
  const slot = desk.findRoom('moved')?.slot;
  const pid = slot?.worker.pid ?? Number.NaN;
  process.kill(pid, 'SIGSTOP');
  await eventually(
    async () => desk.findRoom('moved'),
    (room) => room?.slot !== slot && room?.served?.producers.length === 2,
  );
  expect(slot && pool.slots.includes(slot)).toBe(false);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await client.call('startBroadcast', { room: 'another', source: { kind: 'test' } });
});

test('A worker that hangs while it starts is killed, and missed until another one starts', async () => {
  await using folder = await temporaryFolder();
  const { bin, gate } = await gatedWorker(folder.path, 'kill -STOP $$');
  const clock = new VirtualClock();
  const told = new EventEmitter<{ lost: [string, Trouble] }>();
  const lost = collect(told, 'lost');
  await using pool = WorkerPool.create({
    config: config.parse({ workers: { count: 1, bin }, webrtc: { port: 0, listen: ['127.0.0.1'] } }),
    ...{ clock, log: silentLog, env: process.env },
    health: { lost: (part, trouble) => told.emit('lost', part, trouble), found() {}, need() {} },
  });
  await pool.begin();
  const [died, up] = [collect(pool, 'died'), collect(pool, 'up')];
  const [slot] = pool.slots;
  await rm(gate);
  process.kill(slot?.worker.pid ?? Number.NaN, 'SIGKILL');
  await died.next();
  // The next one starts at once, and stands still.
  await clock.pass(20_000);
  const [part, { reason, nextTryMs }] = await lost.next();
  expect([part, reason]).toEqual(['worker 1', 'it did not start within 20 s']);
  expect(pool.slots).toEqual([]);
  await writeFile(gate, '');
  await clock.pass(nextTryMs ?? Number.NaN);
  await up.next();
  expect(pool.slots).toHaveLength(1);
});

test('A worker has nothing secret in its environment', async () => {
  vi.stubEnv('MIROLIVE_TEST_SECRET', 'secret');
  await using pool = WorkerPool.create({
    config: config.parse({ workers: { count: 1 }, webrtc: { port: 0, listen: ['127.0.0.1'] } }),
    ...{ log: silentLog, env: process.env, health: { lost() {}, found() {}, need() {} } },
  });
  await pool.begin();
  expect(process.env.MIROLIVE_TEST_SECRET).toBe('secret');
  vi.unstubAllEnvs();
  const [slot] = pool.slots;
  const names = (await readFile(`/proc/${slot?.worker.pid}/environ`, 'utf8'))
    .split('\0')
    .map((one) => one.split('=')[0]);
  expect(names).toEqual(expect.arrayContaining(['MEDIASOUP_VERSION', 'PATH']));
  expect(names).not.toContain('MIROLIVE_TEST_SECRET');
});

/** A worker that starts only while a file is there. */
async function gatedWorker(folder: string, otherwise = 'exit 1'): Promise<{ bin: string; gate: string }> {
  const gate = join(folder, 'gate');
  const bin = join(folder, 'worker');
  const worker = locateWorker({ env: process.env })?.path;
  await writeFile(gate, '');
  await writeFile(bin, `#!/bin/sh\n[ -e '${gate}' ] || ${otherwise}\nexec '${worker}' "$@"\n`);
  await chmod(bin, 0o755);
  return { bin, gate };
}

test.each([
  { name: 'is cut off', cut: true, reason: 'it is cut off: only 300000 bytes of it are there' },
  { name: 'ends at once', cut: false, reason: 'it ended with code 1' },
])(
  'A daemon whose worker $name does not start, and names the file, the reason and the cure',
  async ({ cut, reason }) => {
    await using folder = await temporaryFolder();
    const { bin, gate } = await gatedWorker(folder.path);
    await rm(gate);
    if (cut)
      await writeFile(
        bin,
        (await readFile(locateWorker({ env: process.env })?.path ?? '')).subarray(0, 300_000),
      );
    const start = startDaemon({ rtmp: { enabled: false }, workers: { count: 1, bin } });
    await expect(start).rejects.toMatchObject({
      code: 'WORKER_BROKEN',
      message: `the mediasoup worker ${bin} does not start: ${reason}`,
      hint: 'Build the fast one: mirolive worker build, leave out workers.bin, then restart the daemon',
    });
  },
);
