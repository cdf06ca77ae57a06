import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { IngestThread, type RemoteProgramme } from '../../../src/ingest/pool/ingest-thread.ts';
import type { ProgrammeEvent } from '../../../src/ingest/process/director/director-options.ts';
import { aac, h264, picture, tone } from '../../helpers/media/recipes.ts';
import { makeMedia, sample } from '../../helpers/media/sample-files.ts';
import { planOptions } from '../../helpers/plan-options.ts';
import { sourcesOptions } from '../../helpers/sources-options.ts';
import { optionsFor, ssrc } from '../process/director/played-programme.ts';
import { over, stateOf } from '../processes.ts';
import { UdpSink } from '../udp-sink.ts';

async function talk(changes: Parameters<typeof optionsFor>[1] = {}) {
  const args = [...picture('160x90', 1.5), ...tone(440, 1.5), ...h264(15), ...aac];
  return await optionsFor(await makeMedia('thread.mp4', { args }), changes);
}

/** What a programme says over the thread. */
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

test('IngestThread plays programmes side by side, each with words of its own', async () => {
  await using thread = await IngestThread.create(sourcesOptions);
  await using sinkA = await UdpSink.create();
  await using sinkB = await UdpSink.create();
  const [a, b] = await Promise.all([
    thread.open('a', await talk()),
    thread.open('b', await talk({ ffmpeg: '/nowhere/ffmpeg' })),
  ]);
  const [saidA, saidB] = [new Said(a), new Said(b)];
  a.play(sinkA.port, 0);
  b.play(sinkB.port, 0);
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
  await using thread = await IngestThread.create(sourcesOptions);
  await using sink = await UdpSink.create();
  const programme = await thread.open('a', await talk({ loop: true }));
  const said = new Said(programme);
  programme.play(sink.port, 0);
  const { pid } = await said.first('pipeline.started');
  await said.first('live');
  await Promise.all([programme.close(), programme.close()]);
  await programme.close();
  expect(await stateOf(pid)).toBe('gone');
  programme.play(sink.port, 0);
  // The same name is free again.
  const again = await thread.open('a', await talk());
  await again.close();
});

test('RemoteProgramme that is closed while it begins leaves nothing', async () => {
  await using thread = await IngestThread.create(sourcesOptions);
  await using sink = await UdpSink.create();
  const options = await talk();
  for (let round = 0; round < 10; round++) {
    const programme = await thread.open('a', options);
    const said = new Said(programme);
    programme.play(sink.port, 0);
    await programme.close();
    for (const event of said.events)
      if (event.type === 'pipeline.started') expect(await stateOf(event.pid)).toBe('gone');
  }
});

test('IngestThread says why a programme cannot play', async () => {
  await using thread = await IngestThread.create(sourcesOptions);
  const programme = await thread.open('a', await talk());
  const said = new Said(programme);
  programme.play(99_999, 0);
  expect((await said.first('ended')).message).toMatch(/^cannot play to port 99999: /);
});

test('IngestThread looks at a source, and says how it is played', async () => {
  await using thread = await IngestThread.create(sourcesOptions);
  const source = { kind: 'file', path: await sample('talk.mp4'), loop: false, audioTrack: null } as const;
  const found = await thread.prepare('lobby', source, planOptions);
  expect(found).toMatchObject({
    probe: { path: source.path },
    plan: { video: { action: 'copy' } },
    live: false,
  });
  await expect(
    thread.prepare('lobby', { ...source, path: '/nowhere.mp4' }, planOptions),
  ).rejects.toMatchObject({
    code: 'SOURCE_NOT_FOUND',
    message: 'there is no file /nowhere.mp4',
  });
  await expect(thread.prepare('lobby', { kind: 'slate' }, planOptions)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
  });
});

test('IngestThread ends the ffprobe of what it looks at when it is closed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-thread-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const [ffprobe, pidFile] = [join(folder, 'ffprobe'), join(folder, 'pid')];
  await writeFile(ffprobe, `#!/bin/sh\necho $$ > '${pidFile}'\nexec sleep 60\n`, { mode: 0o755 });
  const thread = await IngestThread.create({ ...sourcesOptions, ffprobe });
  const source = { kind: 'file', path: await sample('talk.mp4'), loop: false, audioTrack: null } as const;
  const preparing = thread.prepare('lobby', source, planOptions);
  preparing.catch(() => {});
  const pid = await numberIn(pidFile);
  await thread.close();
  await expect(preparing).rejects.toThrow();
  expect(await stateOf(pid)).toBe('gone');
});

test('IngestThread ends every ffmpeg when it is closed, and takes no more calls', async () => {
  const thread = await IngestThread.create(sourcesOptions);
  await using sink = await UdpSink.create();
  const pids: number[] = [];
  const programmes: RemoteProgramme[] = [];
  for (const id of ['a', 'b', 'c']) {
    const programme = await thread.open(id, await talk({ loop: true }));
    const said = new Said(programme);
    programme.play(sink.port, 0);
    pids.push((await said.first('pipeline.started')).pid);
    programmes.push(programme);
  }
  const died: Error[] = [];
  thread.on('died', (error) => died.push(error));
  const closing = programmes[0]?.close();
  await Promise.all([thread.close(), thread.close(), closing]);
  await thread.close();
  expect(await Promise.all(pids.map(stateOf))).toEqual(['gone', 'gone', 'gone']);
  await expect(thread.open('d', await talk())).rejects.toThrow('the ingest thread is closed');
  programmes[1]?.play(sink.port, 0);
  await programmes[1]?.close();
  expect(died).toEqual([]);
});

test('IngestThread that dies says so, refuses what was asked of it, and takes ffmpeg with it', async () => {
  await using thread = await IngestThread.create(sourcesOptions);
  await using sink = await UdpSink.create();
  const healthy = await thread.open('healthy', await talk({ loop: true }));
  const saidHealthy = new Said(healthy);
  healthy.play(sink.port, 0);
  const { pid } = await saidHealthy.first('pipeline.started');
  // No RTP packet holds such a number: what nobody has foreseen happens at the first picture.
  const options = await talk();
  const fatal = await thread.open('fatal', {
    ...options,
    video: options.video && {
      ...options.video,
      identities: options.video.identities.map((one) => ({ ...one, ssrc: 2 ** 40 })),
    },
  });
  const death = once(thread, 'died');
  fatal.play(sink.port, 0);
  const asking = (async () => {
    for (let count = 0; ; count++) await (await thread.open(`more-${count}`, options)).close();
  })();
  await expect(asking).rejects.toThrow(/out of range|is closed/);
  const [error] = await death;
  expect(error).toBeInstanceOf(Error);
  await expect(thread.open('after', options)).rejects.toThrow('the ingest thread is closed');
  await Promise.all([healthy.close(), fatal.close()]);
  await over(pid);
});

/** The number that somebody is about to write into a file. */
async function numberIn(path: string): Promise<number> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await pause(10);
  }
}
