import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { run } from '../../src/cli/program/run.ts';
import { MiroliveError } from '../../src/contract/errors.ts';
import { secret, servedByPort } from '../helpers/control-port.ts';
import { temporaryFolder } from '../helpers/state.ts';

let api: Awaited<ReturnType<typeof servedByPort>>;
let home: ReturnType<typeof temporaryFolder>;
let asked = 0;
const seen: string[] = [];

beforeAll(async () => {
  api = await servedByPort(
    {
      listRooms: () => [],
      listBroadcasts: () => {
        throw new MiroliveError('SHUTTING_DOWN', 'the daemon is ending');
      },
      version: () => ({ version: `${++asked}`, api: 2, node: '', mediasoup: '' }),
    },
    {
      find: (given) => {
        seen.push(given);
        const isRight = given === secret;
        return isRight ? { is: 'valid', principal: { kind: 'socket', user: 'anna' } } : { is: 'unknown' };
      },
    },
  );
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => {
  home = temporaryFolder();
  seen.length = 0;
  return () => home[Symbol.dispose]();
});

/** The command line of somebody whose home this is. @param stdin what comes through a pipe */
async function cli(args: readonly string[], variables: Record<string, string> = {}, stdin = '') {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text;
    },
  });
  const status = await run(args, {
    ...{ stdout: sink('stdout'), stderr: sink('stderr') },
    stdin: () => Readable.from([Buffer.from(stdin)]),
    interrupts: () => new AbortController().signal,
    environment: { variables, cwd: home.path, uid: 1000, home: home.path, hangupIgnored: false },
  });
  return { status, ...written };
}

const host = () => `localhost:${api.port.port}`;
const print = () => `SHA256:${api.port.fingerprint}`;
const right = () => ({ MIROLIVE_TOKEN: secret });

test('a daemon elsewhere answers whoever has the print of its certificate and a token', async () => {
  const place = ['--host', host(), '--fingerprint', print()];
  expect(await cli(['rooms', '--json', ...place], right())).toMatchObject({ status: 0, stdout: '[]\n' });
  expect(seen).toEqual([secret]);
  const file = join(home.path, 'token');
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  expect(await cli(['rooms', ...place, '--token-file', 'token'])).toMatchObject({ status: 0, stderr: '' });
  const environment = { ...right(), MIROLIVE_HOST: host() };
  expect(await cli(['rooms', '--fingerprint', print()], environment)).toMatchObject({ status: 0 });
});

test('events come from elsewhere as from the socket, until whoever reads leaves', async () => {
  const fingerprint = api.port.fingerprint.replaceAll(':', '');
  const client = createClient({
    ...{ kind: 'host', host: '127.0.0.1', port: api.port.port, token: secret, fingerprint },
  });
  for await (const { type } of client.events({})) {
    if (type === 'rtmp.back') break;
    api.hub.announce({ type: 'rtmp.back', pid: 9 });
  }
});

test('a daemon with another certificate, or one that nobody vouches for, hears no token', async () => {
  const other = `SHA256:${'AB:'.repeat(31)}AB`;
  const wrong = await cli(['rooms', '--host', host(), '--fingerprint', other], right());
  expect(wrong).toMatchObject({ status: 3, stderr: expect.stringContaining('shows another certificate') });
  const unknown = await cli(['rooms', '--host', host(), '--json'], right());
  expect(unknown.status).toBe(3);
  const { error } = JSON.parse(unknown.stdout);
  expect(error.code).toBe('DAEMON_UNTRUSTED');
  expect(error.message).toContain(`signed by itself; it shows ${print()}`);
  expect(seen).toEqual([]);
});

test('no token, and a wrong one, are refused, with what to do', async () => {
  const place = ['--host', host(), '--fingerprint', print()];
  for (const variables of [{}, { MIROLIVE_TOKEN: 'mlt_wrong' }]) {
    const { status, stderr } = await cli(['rooms', ...place], variables);
    expect(status).toBe(1);
    expect(stderr).toContain('MIROLIVE_TOKEN');
    expect(stderr).not.toContain('mlt_wrong');
  }
});

const mistakes = [
  {
    name: 'two daemons',
    args: ['rooms', '--host', 'a', '--socket', '/b'],
    says: 'expected one daemon, got --socket and --host',
  },
  { name: 'an address as host', args: ['rooms', '--host', 'https://a'], says: 'expected HOST or HOST:PORT' },
  {
    name: 'a print that is none',
    args: ['rooms', '--host', 'a', '--fingerprint', 'AB'],
    says: 'expected a SHA-256 print',
  },
  {
    name: 'a token file that is not there',
    args: ['rooms', '--host', 'a', '--token-file', 'no'],
    says: 'expected a file with a token',
  },
  {
    name: 'a file by a relative path',
    args: ['stream', '--host', 'a', '--file', 'talk.mp4', '--room', 'lobby'],
    says: 'expected an absolute path',
  },
  {
    name: 'the same to take',
    args: ['take', '--host', 'a', 'talk.mp4', '--room', 'lobby'],
    says: 'expected an absolute path',
  },
  {
    name: 'the same to look into',
    args: ['probe', '--host', 'a', 'talk.mp4'],
    says: 'expected an absolute path',
  },
];
test.each(mistakes)('$name: said before anything is asked', async ({ args, says }) => {
  expect(await cli(args)).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
});

test('nobody at a host is said with its name, and nothing of this machine', async () => {
  const { status, stderr } = await cli(['rooms', '--host', 'localhost:1', '--fingerprint', print()]);
  expect(status).toBe(3);
  expect(stderr).toContain('no daemon answers on localhost:1: nobody listens there');
  expect(stderr).not.toContain('although a daemon runs');
  expect(stderr).toContain('See on that machine whether it listens, and where: mirolive status; it does');
});

test('what is to be run on another machine names no daemon as it is called here', async () => {
  const place = ['--host', host(), '--fingerprint', print()];
  const unknown = await cli(['rooms', ...place]);
  expect(unknown.stderr).toContain('on the machine of the daemon: mirolive tokens create --role operator\n');
  const changed = await cli(['rooms', '--host', host()], right());
  expect(changed.stderr).toContain('on the machine of the daemon: mirolive status; then give it');
  const gone = await cli(['broadcasts', ...place], right());
  expect(gone.stderr).toContain(
    'Start it again, on the machine of the daemon: mirolive daemon --background\n',
  );
});

test('a context is added where it answers, used, listed without its token, and forgotten', async () => {
  const file = join(home.path, '.config/mirolive/contexts.yaml');
  const add = ['context', 'add', 'studio', '--host', host()];
  const unpinned = await cli(add, {}, `${secret}\n`);
  expect(unpinned).toMatchObject({ status: 3, stderr: expect.stringContaining(`--fingerprint ${print()}`) });
  expect(await cli([...add, '--fingerprint', print()], {}, 'mlt_wrong\n')).toMatchObject({ status: 1 });
  expect(await cli(['context', 'list', '--json'])).toMatchObject({ stdout: '[]\n' });

  expect(await cli([...add, '--fingerprint', print()], {}, `${secret}\n`)).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await cli(['rooms', '--context', 'studio'])).toMatchObject({ status: 0 });
  expect(await cli(['context', 'current'])).toMatchObject({ stdout: 'local\n' });
  expect(await cli(['context', 'use', 'studio'])).toMatchObject({ status: 0 });
  expect(await cli(['context', 'current'])).toMatchObject({ stdout: 'studio\n' });
  seen.length = 0;
  expect(await cli(['rooms'])).toMatchObject({ status: 0 });
  expect(seen).toEqual([secret]);
  const list = await cli(['context', 'list', '--json']);
  expect(JSON.parse(list.stdout)).toEqual([
    { name: 'studio', current: true, host: host(), fingerprint: print(), token: 'kept' },
  ]);
  expect(list.stdout + (await cli(['context', 'list'])).stdout).not.toContain(secret);
  expect(await cli(['rooms', '--context', 'studoi'])).toMatchObject({
    ...{ status: 4, stderr: expect.stringMatching(/did you mean studio\?\n.*mirolive context list\n$/) },
  });

  expect(await cli(['context', 'remove', 'studio'])).toMatchObject({ status: 0 });
  expect(await readFile(file, 'utf8')).not.toContain(secret);
  expect(await cli(['context', 'current'])).toMatchObject({ stdout: 'local\n' });
});

test('a context that is there is added anew with what is given: its token stays', async () => {
  const file = join(home.path, '.config/mirolive/contexts.yaml');
  const add = ['context', 'add', 'studio'];
  const added = await cli([...add, '--host', host(), '--fingerprint', print()], {}, `${secret}\n`);
  expect(added.stdout).toMatch(/^To ask it from now on: mirolive context use studio$/m);
  const old = `SHA256:${'AB:'.repeat(31)}AB`;
  await writeFile(file, (await readFile(file, 'utf8')).replace(print(), old), { mode: 0o600 });

  const refused = await cli(['rooms', '--context', 'studio']);
  expect(refused).toMatchObject({ status: 3, stderr: expect.stringContaining('shows another certificate') });
  const mended = await cli([...add, '--fingerprint', print()]);
  expect(mended).toMatchObject({ status: 0, stderr: '' });
  expect(mended.stdout).toContain(`trusted by ${print()} instead of the print ${old}; its token stays`);
  expect(seen.at(-1)).toBe(secret);
  expect(await cli(['rooms', '--context', 'studio'])).toMatchObject({ status: 0 });

  // A token that is given takes its place; so does a file with one.
  expect(
    await cli([...add, '--host', host(), '--fingerprint', print()], { MIROLIVE_TOKEN: 'mlt_wrong' }),
  ).toMatchObject({ status: 1 });
  await writeFile(join(home.path, 'token'), secret, { mode: 0o600 });
  const filed = await cli([...add, '--token-file', 'token', '--json']);
  expect(JSON.parse(filed.stdout)).toMatchObject({
    ...{ name: 'studio', token: join(home.path, 'token') },
    replaced: { host: host(), fingerprint: print(), token: 'kept' },
  });
  expect(await readFile(file, 'utf8')).not.toContain(secret);
  expect((await cli(['context', 'add', 'hall'])).stderr).toContain('expected --host');
});

test('the token of a context is not sent to another host without being given again', async () => {
  const add = ['context', 'add', 'studio', '--fingerprint', print()];
  await cli([...add, '--host', host()], {}, `${secret}\n`);
  seen.length = 0;
  const moved = await cli([...add, '--host', `127.0.0.1:${api.port.port}`]);
  expect(moved).toMatchObject({ status: 2, stderr: expect.stringContaining('expected a token') });
  expect(seen).toEqual([]);
});

test('a file of contexts that others can read, or that is none, is refused', async () => {
  const folder = join(home.path, '.config/mirolive');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'contexts.yaml');
  await writeFile(file, 'contexts: { a: { host: b } }\n', { mode: 0o644 });
  expect((await cli(['context', 'list'])).stderr).toContain(`chmod 600 ${file}`);
  await chmod(file, 0o600);
  await writeFile(file, 'contexts: { a: { token: b } }\n');
  expect((await cli(['context', 'list'])).stderr).toContain('expected a host, and text, in contexts.a');
});
