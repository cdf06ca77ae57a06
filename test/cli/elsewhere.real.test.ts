import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, createClient } from '../../src/cli/client.ts';
import { parseFingerprint } from '../../src/cli/places/fingerprint.ts';
import { run } from '../../src/cli/program/run.ts';
import { writeStdin } from '../../src/cli/sources/write-stdin.ts';
import type { Finding } from '../../src/contract/finding.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { x264 } from '../helpers/rtmp-encoder.ts';

const encoded = [...x264(30), '-f', 'mpegts'];
const bars = (seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=30:duration=${seconds}`];

/** Writes a picture into a pipe, in real time. */
const pipe = () =>
  execa('ffmpeg', ['-v', 'error', '-re', ...bars(600), ...encoded, '-'], {
    ...{ stdin: 'ignore', buffer: false, reject: false, encoding: 'buffer' },
  });

let server: TestDaemon;
let here: Client;
let elsewhere: Client;
let host: string;
let fingerprint: string;
let secret: string;
beforeAll(async () => {
  server = await startDaemon({ control: { tls: { host: '127.0.0.1', port: 0 } } });
  here = createClient(server.socket);
  const { control } = await here.call('status', {});
  ({ secret } = await here.call('createToken', { name: 'studio', role: 'admin' }));
  ({ address: host, fingerprint } = control ?? { address: '', fingerprint: '' });
  const [name = '', port] = host.split(':');
  elsewhere = createClient({
    ...{ kind: 'host', host: name, port: Number(port), token: secret },
    fingerprint: parseFingerprint(fingerprint),
  });
});
afterAll(() => server?.[Symbol.asyncDispose]());

test('what comes through a pipe here is on air at a daemon elsewhere, until it ends', async () => {
  const path = await makeMedia('piped-elsewhere.ts', { args: [...bars(3), ...encoded] });
  using written = await writeStdin(
    elsewhere,
    Object.assign(createReadStream(path), { isTTY: false }),
    'lobby',
  );
  const source = { kind: 'stdin', token: written.token } as const;
  const ended = endOf('lobby');
  await elsewhere.call('startBroadcast', { room: 'lobby', source });
  expect(await ended).toBe('ended');
});

test('who leaves takes his broadcast off air, and the writer hears that its pipe is closed', async () => {
  const writer = pipe();
  const ended = endOf('hall');
  {
    using written = await writeStdin(elsewhere, writer.stdout as never, 'hall');
    const source = { kind: 'stdin', token: written.token } as const;
    await elsewhere.call('startBroadcast', { room: 'hall', source });
  }
  expect(await ended).toBe('ended');
  writer.stdout.destroy();
  await writer;
});

test('a pipe that breaks off on its way is told as that, not as the end of the source', async () => {
  const [name = '', port] = host.split(':');
  const ways: { readonly client: Socket; readonly daemon: Socket }[] = [];
  const between = createServer((client) => {
    const daemon = connect(Number(port), name);
    ways.push({ client, daemon });
    for (const [from, to] of [
      [client, daemon],
      [daemon, client],
    ] as const)
      from
        .on('error', () => {})
        .on('close', () => to.destroy())
        .pipe(to);
  });
  between.listen(0, '127.0.0.1');
  await once(between, 'listening');
  const writer = pipe();
  const started = startOf('gym');
  const way = `127.0.0.1:${(between.address() as AddressInfo).port}`;
  const told: string[] = [];
  const argv = ['stream', '--stdin', '--room', 'gym', '--host', way, '--fingerprint', fingerprint];
  const status = run(argv, {
    stdout: { write: () => {} },
    stderr: { write: (text: string) => void told.push(text) },
    stdin: () => Object.assign(writer.stdout as Readable, { isTTY: false }),
    interrupts: () => new AbortController().signal,
    environment: {
      ...{ variables: { MIROLIVE_TOKEN: secret }, cwd: server.folder, uid: 1000, home: server.folder },
      hangupIgnored: false,
    },
  });
  await started;
  const [upload] = ways.toSorted((a, b) => b.client.bytesRead - a.client.bytesRead);
  upload?.client.destroy();
  expect(await status).toBe(1);
  expect(told.join('')).toContain('error: standard input broke off on its way');
  between.close();
  writer.stdout.destroy();
  await writer;
});

test('a token that nothing waits for is not found', async () => {
  const bytes = createReadStream('/dev/null');
  await expect(elsewhere.send('writeStdin', { token: 'abcdefghijklmnop' }, bytes)).rejects.toMatchObject({
    code: 'SOURCE_NOT_FOUND',
  });
});

/** `mirolive doctor`, asked of the daemon elsewhere: its findings by what they are about. */
async function doctor(token: string, print = fingerprint) {
  const written: string[] = [];
  const status = await run(['doctor', '--json', '--host', host, '--fingerprint', print], {
    stdout: { write: (text: string) => void written.push(text) },
    stderr: { write: () => {} },
    stdin: () => Readable.from([]),
    interrupts: () => new AbortController().signal,
    environment: {
      ...{ variables: { MIROLIVE_TOKEN: token }, cwd: server.folder, uid: 1000, home: server.folder },
      hangupIgnored: false,
    },
  });
  const findings: Finding[] = written
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { status, found: Object.fromEntries(findings.map((finding) => [finding.check, finding])) };
}

test('doctor looks at both ends', async () => {
  const { found } = await doctor(secret);
  expect(found).toMatchObject({
    connection: { state: 'ok', detail: expect.stringContaining('its certificate is pinned') },
    daemon: { state: 'ok' },
    ffmpeg: { state: 'ok' },
    state: { detail: expect.stringContaining(server.folder) },
  });
});

test('doctor tells who may not have the machine looked at what he may know', async () => {
  const token = await here.call('createToken', { name: 'guest', role: 'operator' });
  const { found } = await doctor(token.secret);
  expect(found).toMatchObject({ connection: { state: 'ok' }, machine: { state: 'warn' } });
  expect(JSON.stringify(found)).not.toContain(server.folder);
});

test('doctor says what is wrong with the connection, and asks nothing there', async () => {
  const { status, found } = await doctor(secret, `SHA256:${'AB'.repeat(32)}`);
  expect(status).toBe(1);
  expect(Object.keys(found)).toEqual(['connection']);
  expect(found.connection?.detail).toContain('another certificate');
});

/** Resolves when a broadcast of a room has started. */
async function startOf(room: string): Promise<void> {
  for await (const event of here.events({}))
    if (event.type === 'broadcast.started' && event.room === room) return;
}

/** Why the next broadcast of a room ended. */
async function endOf(room: string): Promise<string> {
  for await (const event of here.events({}))
    if (event.type === 'broadcast.ended' && event.room === room) return event.reason;
  return 'never';
}
