import { mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import type { Event } from '../../src/contract/events.ts';
import { eventually, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { findProgram } from '../helpers/find-program.ts';
import { aac, h264, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { steadyEncoder } from '../helpers/rtmp-encoder.ts';
import { frozenMs } from '../helpers/sent-frames.ts';
import { serveRtsp } from '../helpers/servers/rtsp-server.ts';
import { fileSource, WatchedRoom } from '../helpers/watched-room.ts';
import { childrenOf } from '../ingest/processes.ts';
import { expectAwayAndBack } from './away-and-back.ts';
import { url } from './matrix/row.ts';

/** Widths of the slate, and of the sources here. */
const slate = 1280;
const film = 320;

let folder: string;
/** The ffmpeg of the configuration. */
let ffmpeg: string;
// Behind what is in it: the last that is asked for is done first.
afterAll(() => rm(folder, { recursive: true, force: true }));
const here = daemonAndBrowser(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-faults-'));
  ffmpeg = join(folder, 'ffmpeg');
  await symlink(await findProgram('ffmpeg'), ffmpeg);
  return { media: { ffmpeg }, sources: { allowPrivateNetworks: true } };
});

test('ffmpeg is not there for a while: viewers see the slate, and then the programme, a file where it was; the operator sees why', async () => {
  const path = await clip('film.mp4', film, 40);
  await using camera = await serveRtsp({ path });
  const live = url(`rtsp://127.0.0.1:${camera.port}/stream`);
  await using closing = new AsyncDisposableStack();
  const watched = closing.use(await WatchedRoom.open(here, 'absent', { ...fileSource(path), loop: true }));
  const beside = closing.use(await WatchedRoom.open(here, 'absent-live', live));
  // A slate is made once the first frames have left.
  for (const room of [watched, beside]) {
    const shown = await room.mark();
    await room.control({ type: 'slate', on: true });
    await room.shows(slate, shown);
    await room.control({ type: 'slate', on: false });
    await room.shows(film, await room.mark());
  }
  const [mark, liveMark] = [await watched.mark(), await beside.mark()];
  await rename(ffmpeg, join(folder, 'hidden'));
  try {
    for (const { pid } of [watched, beside]) process.kill(pid, 'SIGKILL');
    await Promise.all([watched.shows(slate, mark), beside.shows(slate, liveMark)]);
    await eventually(
      async () => (await beside.programme()).entries[0],
      (main) => main?.state === 'away' && main.reason === `${ffmpeg} cannot be started: ENOENT`,
    );
  } finally {
    await rename(join(folder, 'hidden'), ffmpeg);
  }
  await Promise.all([watched.shows(film, mark), beside.shows(film, liveMark)]);
  const { broken, gapsMs } = await watched.since(mark);
  expect(broken).toEqual([]);
  expect(gapsMs.video).toBeLessThan(frozenMs);
  await expectAwayAndBack(beside, liveMark, film);
  const told = watched.told('pipeline.failed', mark.events).map(({ message }) => message);
  expect(told).toContainEqual(expect.stringContaining(`${ffmpeg} cannot be started: ENOENT`));
  expect(watched.switches(mark.events).at(-1)).toBe('main back');
});

test.concurrent.each([
  { name: 'is damaged in its middle', make: damaged, widths: [film] },
  { name: 'changes its size', make: changingItsSize, widths: [film, 640] },
  { name: 'jumps in time by three hours', make: jumpingInTime, widths: [film] },
  { name: 'has no sound for three seconds', make: silentForAWhile, widths: [film] },
])(
  'A source that $name is played to its end, and viewers keep their connection',
  async ({ name, make, widths }) => {
    const room = name.replaceAll(' ', '-');
    await using watched = await WatchedRoom.open(here, room, fileSource(await make()));
    const mark = await watched.mark();
    await eventually(
      async () => watched.told('broadcast.ended'),
      ([ended]) => ended?.reason === 'ended',
    );
    const { connections, video } = await received(watched.page);
    expect([connections, video?.packetsLost ?? 0]).toEqual([mark.media.connections, 0]);
    const { gapsMs, shots } = await watched.since(mark);
    expect(gapsMs.video).toBeLessThan(frozenMs);
    expect(shots.map(({ width }) => width)).toEqual(widths);
  },
);

test.each([
  ['ingest processes', 'mirolive ingest'],
  ['workers', 'mediasoup-worker'],
])(
  'All %s die while three rooms are on air: all come back by themselves, where they were',
  async (_, command) => {
    const source = { ...fileSource(await clip('film.mp4', film, 40)), loop: true };
    const watched: WatchedRoom[] = [];
    await using closing = new AsyncDisposableStack();
    const open = async (room: string) =>
      watched.push(closing.use(await WatchedRoom.open(here, room, source)));
    await Promise.all(['first', 'second', 'third'].map(open));
    const processes = await childrenOf(process.pid, command);
    expect(processes).not.toEqual([]);
    const marks = new Map(await Promise.all(watched.map(async (one) => [one, await one.mark()] as const)));
    for (const pid of processes) process.kill(pid, 'SIGKILL');
    // Where the machine has much else to do, a page may connect more than once.
    await Promise.all(
      watched.map(async (one) => {
        const before = marks.get(one)?.media.connections ?? 0;
        await eventually(
          async () => {
            expect(one.told('broadcast.ended')).toEqual([]);
            const { state } = await one.page.evaluate(() => ({ ...document.documentElement.dataset }));
            return { state, parts: one.parts, before, ...(await received(one.page)) };
          },
          // The slate may come before the film.
          ({ connections, video }) =>
            connections > before && video?.width === film && video.framesDecoded > 20,
        );
      }),
    );
    for (const one of watched) {
      await eventually(
        async () => one.broadcast.stats.positionMs,
        (positionMs) => positionMs > 0,
      );
    }
  },
);

test('The process that speaks RTMP is killed while three rooms are published into: their viewers see the slate until the encoders are back, others nothing', async () => {
  await using closing = new AsyncDisposableStack();
  const file = { ...fileSource(await clip('film.mp4', film, 40)), loop: true };
  const other = closing.use(await WatchedRoom.open(here, 'untouched', file));
  const rooms = ['stage', 'hall', 'garden'];
  const publish = async (room: string) => {
    const { addresses, secret } = await client().call('createKey', { room, expiresMs: null });
    closing.use(steadyEncoder(`${addresses.rtmp}/${secret}`));
  };
  const watched = closing.use(await WatchedRoom.open(here, 'stage', () => publish('stage')));
  await Promise.all(rooms.slice(1).map(publish));
  await eventually(
    async () => rooms.map((room) => here.server.daemon.desk.findRoom(room)?.broadcast?.live),
    (live) => live.every(Boolean),
  );
  const events: Event[] = [];
  closing.defer(here.server.daemon.hub.listen((event) => events.push(event)));
  const told = (type: Event['type']) => events.filter((event) => event.type === type);
  const roomsTold = (type: Event['type']) =>
    new Set(told(type).flatMap((event) => ('room' in event ? [event.room] : [])));
  const [mark, beside] = [await watched.mark(), await other.mark()];

  process.kill((await client().call('status', {})).rtmp?.pid ?? Number.NaN, 'SIGKILL');
  await watched.shows(slate, mark);
  await watched.shows(film, mark);
  await watched.played(1000);
  const missedMs = await expectAwayAndBack(watched, mark, film);
  await eventually(
    async () => roomsTold('source.back'),
    ({ size }) => size === rooms.length,
  );
  expect(told('rtmp.died')).toMatchObject([{ message: 'it was ended by SIGKILL' }]);
  expect(told('rtmp.back').length).toBe(1);
  expect(told('publisher.left')).toMatchObject(rooms.map(() => ({ reason: 'died' })));
  expect(told('publisher.joined').length).toBe(rooms.length);
  expect(roomsTold('source.away')).toEqual(new Set(rooms));
  if (missedMs === 0) expect(told('source.away').length).toBe(rooms.length);
  expect(told('broadcast.ended')).toEqual([]);

  const { broken, gapsMs } = await other.since(beside);
  expect({ broken, switches: other.switches() }).toEqual({ broken: [], switches: [] });
  expect(gapsMs.video).toBeLessThan(frozenMs);
});

function client() {
  return createClient(here.server.socket);
}

async function clip(name: string, width: number, seconds: number): Promise<string> {
  const size = `${width}x${(width * 9) / 16}`;
  return await makeMedia(`faults-${name}`, {
    args: [...picture(size, seconds), ...tone(440, seconds), ...h264(15), ...aac],
  });
}

async function damaged(): Promise<string> {
  const bytes = await readFile(await clip('whole.ts', film, 6));
  const from = Math.floor(bytes.length / 2);
  for (let at = from; at < from + 60_000; at++) bytes[at] = (at * 7919) & 0xff;
  return await written('damaged.ts', bytes);
}

async function changingItsSize(): Promise<string> {
  const parts = [await clip('small.ts', film, 3), await clip('large.ts', 640, 3)];
  return await written('sizes.ts', Buffer.concat(await Promise.all(parts.map((path) => readFile(path)))));
}

async function jumpingInTime(): Promise<string> {
  const first = await clip('small.ts', film, 3);
  const second = join(folder, 'later.ts');
  await execa('ffmpeg', [
    ...['-v', 'error', '-y', '-i', first, '-c', 'copy', '-output_ts_offset', '10800', second],
  ]);
  return await written('jump.ts', Buffer.concat([await readFile(first), await readFile(second)]));
}

async function silentForAWhile(): Promise<string> {
  const hole = ['-af', "aselect='not(between(t,2,5))'"];
  const args = [...picture(`${film}x180`, 7), ...tone(440, 7), ...h264(15), ...hole, '-c:a', 'flac'];
  return await makeMedia('faults-hole.mkv', { args });
}

async function written(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}
