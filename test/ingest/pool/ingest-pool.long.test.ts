import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { appendFile, copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/contract/clock.ts';
import type { ProgrammeEvent } from '../../../src/contract/programme-event.ts';
import {
  type IngestDeath,
  IngestPool,
  type IngestPoolOptions,
} from '../../../src/ingest/pool/ingest-pool.ts';
import type { RemoteProgramme } from '../../../src/ingest/pool/remote-programme.ts';
import { aac, h264, picture, tone } from '../../helpers/media/recipes.ts';
import { makeMedia, sample } from '../../helpers/media/sample-files.ts';
import { planOptions } from '../../helpers/plan-options.ts';
import { sourcesOptions } from '../../helpers/sources-options.ts';
import { openingOf, optionsFor, ssrc } from '../process/director/played-programme.ts';
import { gone, over, stateOf } from '../processes.ts';
import { UdpSink } from '../udp-sink.ts';

async function talk(changes: Parameters<typeof optionsFor>[1] = {}) {
  const args = [...picture('160x90', 1.5), ...tone(440, 1.5), ...h264(15), ...aac];
  return openingOf(await optionsFor(await makeMedia('pool.mp4', { args }), changes));
}

async function openPool(changes: Partial<IngestPoolOptions> = {}): Promise<IngestPool> {
  const pool = IngestPool.create({
    ...{ sources: sourcesOptions, processes: 1, maxMemoryBytes: 2 ** 30 },
    ...changes,
  });
  await pool.begin();
  return pool;
}

/** What a programme says over the pool. */
class Said {
  readonly events: ProgrammeEvent[] = [];
  readonly #news = new EventEmitter();

  constructor(programme: RemoteProgramme) {
    programme.on('event', (event) => {
      this.events.push(event);
      this.#news.emit('event');
    });
  }

  async first<T extends ProgrammeEvent['type']>(type: T): Promise<Extract<ProgrammeEvent, { type: T }>> {
    for (;;) {
      const found = this.events.find((event) => event.type === type);
      if (found) return found as Extract<ProgrammeEvent, { type: T }>;
      await once(this.#news, 'event');
    }
  }
}

test('IngestPool plays programmes side by side, each with words of its own', async () => {
  await using pool = await openPool();
  await using sinkA = await UdpSink.create();
  await using sinkB = await UdpSink.create();
  const [a, b] = await Promise.all([
    pool.open('a', await talk()),
    pool.open('b', await talk({ ffmpeg: '/nowhere/ffmpeg' })),
  ]);
  const [saidA, saidB] = [new Said(a), new Said(b)];
  a.connect(sinkA.port);
  b.connect(sinkB.port);
  expect((await saidA.first('ended')).message).toBeNull();
  expect((await saidB.first('ended')).message).toBe('/nowhere/ffmpeg cannot be started: ENOENT');
  await sinkA.until(() => sinkA.pictures === 45);
  expect(sinkA.track(ssrc.video).length).toBeGreaterThanOrEqual(45);
  expect(sinkA.senderPort).toBe(a.port);
  expect(sinkB.rtp).toEqual([]);
  expect(
    saidA.events.filter(({ type }) => type === 'live' || type === 'ended').map(({ type }) => type),
  ).toEqual(['live', 'ended']);
});

test('RemoteProgramme is closed once its ffmpeg is gone, and again without complaint', async () => {
  await using pool = await openPool();
  await using sink = await UdpSink.create();
  const programme = await pool.open('a', await talk({ loop: true }));
  const said = new Said(programme);
  programme.connect(sink.port);
  const { pid } = await said.first('pipeline.started');
  await said.first('live');
  await Promise.all([programme.close(), programme.close()]);
  await programme.close();
  expect(await stateOf(pid)).toBe('gone');
  programme.connect(sink.port);
  // The same name is free again.
  const again = await pool.open('a', await talk());
  await again.close();
});

test('RemoteProgramme that is closed while it begins leaves nothing', async () => {
  await using pool = await openPool();
  await using sink = await UdpSink.create();
  const options = await talk();
  for (let round = 0; round < 10; round++) {
    const programme = await pool.open('a', options);
    const said = new Said(programme);
    programme.connect(sink.port);
    await programme.close();
    for (const event of said.events)
      if (event.type === 'pipeline.started') expect(await stateOf(event.pid)).toBe('gone');
  }
});

test('IngestPool says why a programme cannot play', async () => {
  await using pool = await openPool();
  const programme = await pool.open('a', await talk());
  const said = new Said(programme);
  programme.connect(99_999);
  expect((await said.first('ended')).message).toMatch(/^cannot play to port 99999: /);
});

test('IngestPool looks at a source, and says how it is played', async () => {
  await using pool = await openPool();
  const source = { kind: 'file', path: await sample('talk.mp4'), loop: false, audioTrack: null } as const;
  const found = await pool.prepare('lobby', source, planOptions);
  expect(found).toMatchObject({
    probe: { path: source.path },
    plan: { video: { action: 'copy' } },
    live: false,
  });
  await expect(pool.prepare('lobby', { ...source, path: '/nowhere.mp4' }, planOptions)).rejects.toMatchObject(
    {
      code: 'SOURCE_NOT_FOUND',
      message: 'there is no file /nowhere.mp4',
    },
  );
  await expect(pool.prepare('lobby', { kind: 'slate' }, planOptions)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
  });
});

test('IngestPool looks at thirty sources asked for at one moment, a few at a time, each with all of its time', {
  timeout: 120_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-pool-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const [ffprobe, log] = [join(folder, 'ffprobe'), join(folder, 'log')];
  // It notes when it begins and when it is over.
  const script = `#!/bin/sh\necho + >> '${log}'\nffprobe "$@"; code=$?\necho - >> '${log}'\nexit $code\n`;
  await writeFile(ffprobe, script, { mode: 0o755 });
  // No turn lapses, however slow the machine is.
  const clock = { ...systemClock, after: () => ({ cancel: () => {} }) };
  await using pool = await openPool({ sources: { ...sourcesOptions, ffprobe }, processes: 2, clock });
  const original = await sample('talk.mp4');
  const paths = Array.from({ length: 30 }, (_, index) => join(folder, `${index}.mp4`));
  await Promise.all(paths.map((path) => symlink(original, path)));
  const found = await Promise.all(
    paths.map((path, index) =>
      pool.prepare(`room-${index}`, { kind: 'file', path, loop: false, audioTrack: null }, planOptions),
    ),
  );
  expect(found.map((one) => one?.probe.path)).toEqual(paths);
  let [now, most] = [0, 0];
  for (const mark of (await readFile(log, 'utf8')).trim().split('\n')) {
    now += mark === '+' ? 1 : -1;
    most = Math.max(most, now);
  }
  expect(now).toBe(0);
  expect(most).toBeLessThanOrEqual(availableParallelism() + 1);
});

test('IngestPool looks at no file anew because a process died, nor in another process, unless it was written to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-pool-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const [ffprobe, log, path] = [join(folder, 'ffprobe'), join(folder, 'log'), join(folder, 'film.mp4')];
  await writeFile(ffprobe, `#!/bin/sh\necho >> '${log}'\nexec ffprobe "$@"\n`, { mode: 0o755 });
  await copyFile(await sample('talk.mp4'), path);
  await using pool = await openPool({ sources: { ...sourcesOptions, ffprobe }, processes: 2 });
  const look = (room: string) =>
    pool.prepare(room, { kind: 'file', path, loop: false, audioTrack: null }, planOptions);
  const looks = async () => (await readFile(log, 'utf8')).length;
  const found = await look('lobby');
  const first = await looks();
  expect(first).toBeGreaterThan(0);
  await pool.openStdin('lobby');
  expect(await look('hall')).toEqual(found);
  expect(pool.processes).toHaveLength(2);
  const died = new Promise<void>((resolve) => {
    let deaths = 0;
    pool.on('died', () => ++deaths === 2 && resolve());
  });
  for (const { pid } of pool.processes) process.kill(pid, 'SIGKILL');
  await died;
  expect(await look('lobby')).toEqual(found);
  expect(await looks()).toBe(first);
  await appendFile(path, 'x');
  await look('lobby');
  expect(await looks()).toBeGreaterThan(first);
});

test('IngestPool ends the ffprobe of what it looks at when it is closed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-pool-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const [ffprobe, pidFile] = [join(folder, 'ffprobe'), join(folder, 'pid')];
  await writeFile(ffprobe, `#!/bin/sh\necho $$ > '${pidFile}'\nexec sleep 60\n`, { mode: 0o755 });
  const pool = await openPool({ sources: { ...sourcesOptions, ffprobe } });
  const source = { kind: 'file', path: await sample('talk.mp4'), loop: false, audioTrack: null } as const;
  const preparing = pool.prepare('lobby', source, planOptions);
  preparing.catch(() => {});
  const pid = await numberIn(pidFile);
  await pool.close();
  await expect(preparing).rejects.toThrow();
  expect(await stateOf(pid)).not.toBe('runs');
  // Its parent may have ended before it: whoever waits for it then is not ours.
  await gone(pid);
});

test('IngestPool ends every ffmpeg when it is closed, and takes no more calls', async () => {
  const pool = await openPool();
  await using sink = await UdpSink.create();
  const pids: number[] = [];
  const programmes: RemoteProgramme[] = [];
  for (const id of ['a', 'b', 'c']) {
    const programme = await pool.open(id, await talk({ loop: true }));
    const said = new Said(programme);
    programme.connect(sink.port);
    pids.push((await said.first('pipeline.started')).pid);
    programmes.push(programme);
  }
  const died: IngestDeath[] = [];
  pool.on('died', (death) => died.push(death));
  const closing = programmes[0]?.close();
  await Promise.all([pool.close(), pool.close(), closing]);
  await pool.close();
  expect(await Promise.all(pids.map(stateOf))).toEqual(['gone', 'gone', 'gone']);
  await expect(pool.open('d', await talk())).rejects.toThrow('the ingest pool is closed');
  programmes[1]?.connect(sink.port);
  await programmes[1]?.close();
  expect(died).toEqual([]);
});

test('IngestPool survives the death of a process: its ffmpeg ends with it, its programmes are gone, others can be opened', async () => {
  await using pool = await openPool();
  await using sink = await UdpSink.create();
  const programme = await pool.open('a', await talk({ loop: true }));
  const said = new Said(programme);
  programme.connect(sink.port);
  const [death, left] = [once(pool, 'died'), once(programme, 'gone')];
  const [{ pid: ingest } = { pid: -1 }] = pool.processes;
  const { pid } = await said.first('pipeline.started');
  // Neither answers: what stands still hears of no broken pipe. At once, as it ends by itself when it has read all.
  process.kill(pid, 'SIGSTOP');
  process.kill(ingest, 'SIGKILL');
  await left;
  expect(await death).toMatchObject([
    { pid: ingest, programmes: ['a'], cause: 'killed', message: 'it was ended by SIGKILL' },
  ]);
  await over(pid);
  await gone(ingest);
  await programme.close();
  const again = await pool.open('a', await talk({ loop: true }));
  const saidAgain = new Said(again);
  again.connect(sink.port);
  await saidAgain.first('live');
});

test('An ingest process ends with its ffmpeg when the daemon is no more', async () => {
  const path = await makeMedia('pool.mp4', {
    args: [...picture('160x90', 1.5), ...tone(440, 1.5), ...h264(15), ...aac],
  });
  const owner = fork(new URL('./pool-owner.ts', import.meta.url), [path], { execArgv: [] });
  const [[ingest, ffmpeg]] = (await once(owner, 'message')) as [[number, number]];
  // Stopped, it does not notice that nobody reads its pipe.
  process.kill(ffmpeg, 'SIGSTOP');
  owner.kill('SIGKILL');
  await Promise.all([over(ffmpeg), gone(ingest)]);
});

/** The number that somebody is about to write into a file. */
async function numberIn(path: string): Promise<number> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await pause(10);
  }
}
