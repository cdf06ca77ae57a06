import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inProcess } from '../../cli/mirolive.ts';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { sample } from '../../helpers/media/sample-files.ts';
import { temporaryFolder } from '../../helpers/state.ts';

const folder = temporaryFolder();
const start = () =>
  startDaemon({ state: { dir: join(folder.path, 'state') }, rooms: { lobby: { title: 'The lobby' } } });
let server: TestDaemon;
beforeAll(async () => {
  server = await start();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});
const run = (...words: string[]) => inProcess([...words, '--socket', server.socket]);
const json = async (...words: string[]) => JSON.parse((await run(...words, '--json')).stdout);
const listed = async () => (await run('rooms')).stdout.split('\n').map((line) => line.split(/ {2,}/));

test('a room that was made is there with nobody in it, after a restart too, and gone when it is deleted', async () => {
  const told: string[] = [];
  const listening = server.daemon.hub.listen((event) => {
    if (event.type.startsWith('room.')) told.push(event.type);
  });
  const made = await run('rooms', 'create', 'berlin', 'title=Town hall', 'access=link');
  expect([made.stderr, made.stdout.split('\n')]).toEqual([
    '',
    [
      `Made room berlin: ${server.url}/berlin`,
      expect.stringContaining('Who may come in has a link: mirolive link --room berlin'),
    ],
  ]);
  const rows = [
    ['ROOM', 'STATE', 'VIEWERS', 'HEALTH', 'WATCH', 'TITLE'],
    ['berlin', 'idle, by link', '0', 'idle', `${server.url}/berlin`, 'Town hall'],
    ['lobby', 'idle', '0', 'idle', `${server.url}/lobby`, 'The lobby'],
  ];
  expect(await listed()).toEqual(rows);
  // Whoever asks without an offer is told that nothing is on air, though the room is there.
  const whep = await fetch(`${server.url}/whep/lobby`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/sdp' }, body: 'v=0' },
  });
  expect([whep.status, await whep.text()]).toEqual([404, expect.stringContaining('ROOM_IDLE')]);
  const again = await run('rooms', 'create', 'berlin');
  expect([again.exitCode, again.stderr]).toEqual([5, expect.stringContaining('mirolive rooms set berlin')]);
  await run('rooms', 'unset', 'berlin', '--all');
  await server[Symbol.asyncDispose]();
  server = await start();
  expect((await json('rooms')).map(({ name, title }: Record<string, unknown>) => [name, title])).toEqual([
    ['lobby', 'The lobby'],
    ['berlin', null],
  ]);
  expect((await run('rooms', 'show', 'berlin')).stdout).toContain('mirolive rooms delete berlin');
  listening();
  server.daemon.hub.listen((event) => {
    if (event.type.startsWith('room.')) told.push(event.type);
  });
  expect((await run('rooms', 'delete', 'berlin')).stdout).toBe('Deleted room berlin.');
  expect(told).toEqual(['room.created', 'room.deleted']);
  expect((await listed()).map(([name]) => name)).toEqual(['ROOM', 'lobby']);
  const { exitCode, stderr } = await run('rooms', 'delete', 'berlin');
  expect([exitCode, stderr]).toEqual([4, expect.stringContaining('nobody has made a room berlin')]);
  expect((await run('rooms', 'delete', 'lobby')).stderr).toContain('mirolive reload');
  const deeds = (await run('audit', '--room', 'berlin')).stdout;
  expect(deeds).toMatch(/createRoom/);
  expect(deeds).toMatch(/deleteRoom/);
});

test('a room stays while something is on air there or leads there, and has nothing on a worker after it', async () => {
  await run('rooms', 'create', 'hall');
  const key = await json('keys', 'create', '--room', 'hall', '--name', 'cam1');
  const link = await json('link', '--room', 'hall');
  const { desk } = server.daemon;
  await desk.start({
    room: 'hall',
    source: { kind: 'file', path: await sample('talk.mp4'), loop: true, audioTrack: null },
  });
  expect(desk.findRoom('hall')?.slot).toBeDefined();
  const onAir = await run('rooms', 'delete', 'hall', '--revoke');
  expect([onAir.exitCode, onAir.stderr]).toEqual([5, expect.stringContaining('mirolive stop --room hall')]);
  await run('stop', '--room', 'hall');
  await expect.poll(() => desk.findRoom('hall')?.slot).toBeUndefined();
  expect(desk.findRoom('hall')).toBeDefined();
  const refused = await run('rooms', 'delete', 'hall');
  expect(refused.stderr).toContain(`stream key cam1; watch link ${link.link.id}`);
  expect(refused.stderr).toContain('mirolive rooms delete hall --revoke');
  expect((await run('rooms', 'delete', 'hall', '--revoke')).stdout).toBe(
    'Deleted room hall. Revoked: 1 stream key, 1 watch link.',
  );
  expect(await json('keys', 'list', '--room', 'hall')).toEqual([]);
  expect((await run('keys', 'revoke', key.key.id)).stderr).toContain('revoked already');
  expect(desk.findRoom('hall')).toBeUndefined();
});
