import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const talk = join(root, 'configs', 'examples', 'client', 'talk.mjs');

let server: TestDaemon;
beforeAll(async () => {
  server = await startDaemon();
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** The example, as a program of somebody's. */
const run = (...args: string[]) =>
  execa(process.execPath, [talk, ...args], { env: { MIROLIVE_SOCKET: server.socket }, reject: false });

test('a program puts a file on air by the package, and hears when it is over', async () => {
  const path = await makeMedia('short-talk.mp4', {
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30:duration=1'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ],
  });
  const { stdout, stderr, exitCode } = await run(path, 'hall');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout.split('\n')).toEqual([`on air: ${server.url}/hall`, 'over: ended']);
});

test('what the daemon refuses is an error with its code and what to do', async () => {
  const { stderr, exitCode } = await run('/nowhere/talk.mp4');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^SOURCE_NOT_FOUND: .*\/nowhere\/talk\.mp4/);
});

const use = `
import { connect, type Event, MiroliveError } from 'mirolive';
const desk = await connect({ host: 'live.example.org', token: 'mlt_a', fingerprint: 'SHA256:AB' });
const [room] = await desk.call('listRooms', {});
const name: string | undefined = room?.name;
// @ts-expect-error a room's name is text
const wrong: number | undefined = room?.name;
// @ts-expect-error there is no such call
await desk.call('nothing', {});
// @ts-expect-error a room is needed
await desk.call('stopRoom', {});
for await (const event of desk.events({ follow: false })) {
  const each: Event = event;
  if (each.type === 'broadcast.ended') console.log(each.reason, name, wrong, MiroliveError.name);
}
`;

test('the package has the types of all calls for programs in TypeScript', async () => {
  await using folder = await temporaryFolder();
  const modules = join(folder.path, 'node_modules');
  await mkdir(modules);
  await symlink(root, join(modules, 'mirolive'));
  await symlink(join(root, 'node_modules', '@types'), join(modules, '@types'));
  await writeFile(join(folder.path, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder.path, 'use.ts'), use);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
  const { stdout } = await execa(process.execPath, [tsc, ...flags, '--skipLibCheck', 'use.ts'], {
    ...{ cwd: folder.path, reject: false },
  });
  expect(stdout).toBe('');
});
