import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import pino from 'pino';
import { expect, test, vi } from 'vitest';
import { createClient } from '../../../../src/cli/client.ts';
import { systemClock } from '../../../../src/contract/clock.ts';
import type { Handlers } from '../../../../src/daemon/api/handler-table.ts';
import { ownCertificate } from '../../../../src/daemon/api/remote/own-certificate.ts';
import { fingerprint, makeCertificate } from '../../../helpers/certificate.ts';
import { secret, servedByPort, tlsTo } from '../../../helpers/control-port.ts';
import { silentLog, temporaryFolder } from '../../../helpers/state.ts';

const version = () => ({ version: '1', api: 1, node: '', mediasoup: '' });

/** What is answered to a request with this header, as curl would make it. */
function ask(
  port: number,
  authorization?: string,
  path = '/v1/version',
  method = 'GET',
  localAddress = '127.0.0.1',
) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const headers = authorization === undefined ? {} : { authorization };
      const options = {
        host: '127.0.0.1',
        localAddress,
        port,
        path,
        method,
        headers,
        rejectUnauthorized: false,
        agent: false,
      };
      const outgoing = request(options as never, async (incoming) =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: await text(incoming) }),
      );
      outgoing.on('error', reject).end();
    },
  );
}

test('ControlPort answers whoever has a token as the socket does, and shows a certificate of its own', async () => {
  await using api = await servedByPort({ version });
  const { status, body } = await ask(api.port.port, `Bearer ${secret}`);
  expect([status, JSON.parse(body)]).toEqual([200, version()]);
  expect(await fingerprint(api.port.port)).toBe(api.port.fingerprint);
  expect((await stat(api.own)).mode & 0o777).toBe(0o600);
});

const strangers = [
  { name: 'no token', header: undefined, is: 'unknown' },
  { name: 'an empty one', header: 'Bearer ', is: 'unknown' },
  { name: 'another scheme', header: 'Basic YTpi', is: 'unknown' },
  { name: 'a forged one', header: 'Bearer mlt_forged', is: 'unknown' },
  { name: 'an expired one', header: 'Bearer mlt_expired', is: 'expired' },
  { name: 'a revoked one', header: 'Bearer mlt_revoked', is: 'revoked' },
  { name: 'one of 4 KB', header: `Bearer ${'x'.repeat(4096)}`, is: 'unknown' },
] as const;

test('ControlPort refuses all others on every path, before it reads what they send, and tells none why', async () => {
  let asked = 0;
  const find = (given: string) => {
    const { is } = strangers.find(({ header }) => header === `Bearer ${given}`) ?? { is: 'unknown' as const };
    return is === 'unknown' ? { is } : { is, id: 't-aaaaaaaaaa', name: 'anna' };
  };
  await using api = await servedByPort(
    { version: () => ({ ...version(), version: `${++asked}` }) },
    { find },
  );
  const answers = new Set<string>();
  for (const { header } of strangers) {
    const { status, headers, body } = await ask(api.port.port, header);
    expect(status).toBe(401);
    expect(headers).toMatchObject({ connection: 'close', 'www-authenticate': 'Bearer realm="mirolive"' });
    expect(JSON.parse(body).error.code).toBe('UNAUTHENTICATED');
    if (header?.startsWith('Bearer mlt_')) answers.add(body);
  }
  expect(answers.size).toBe(1);
  expect(await ask(api.port.port, undefined, '/v1/nowhere')).toMatchObject({ status: 401 });
  expect(await ask(api.port.port, undefined, '/v1/openapi.json')).toMatchObject({ status: 401 });
  const socket = await tlsTo(api.port.port);
  socket.write(
    'POST /v1/broadcasts HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 8000000\r\n\r\n{',
  );
  expect(await text(socket)).toMatch(/^HTTP\/1.1 401 /);
  expect(asked).toBe(0);
});

test('ControlPort keeps out, and says for how long, whoever comes with wrong tokens again and again; the socket hears nothing of it', async () => {
  const told: { msg: string; address: string }[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => void told.push(JSON.parse(line)) });
  await using api = await servedByPort({ version }, { log });
  const forged = async () => (await ask(api.port.port, 'Bearer mlt_forged')).status;
  for (let time = 0; time < 6; time++) expect(await forged()).toBe(401);
  const { status, body } = await ask(api.port.port, `Bearer ${secret}`);
  expect(status).toBe(429);
  expect(JSON.parse(body).error.message).toMatch(/^expected nobody from 127.0.0.1 for another \d+ s: /);
  expect(told).toMatchObject([{ address: '127.0.0.1' }]);
  expect(JSON.stringify(told)).not.toContain('forged');
  await expect(createClient(api.path).call('version', {})).resolves.toMatchObject({ api: 1 });
});

test('ControlPort shows a renewed certificate, and keeps the old one where the new one is broken', async () => {
  using folder = temporaryFolder();
  const files = await makeCertificate(folder.path);
  await using api = await servedByPort({ version });
  const own = api.port.fingerprint;
  api.port.certify(files);
  const first = await fingerprint(api.port.port);
  expect(first).not.toBe(own);
  expect(api.port.fingerprint).toBe(first);
  await writeFile(files.cert, 'broken');
  api.port.certify(files);
  expect(await fingerprint(api.port.port)).toBe(first);
  expect(api.troubles.get('control.tls.cert')?.reason).toMatch(/^the control API keeps the old one: /);
  await copyFile(api.own, files.cert);
  await copyFile(api.own, files.key);
  api.port.certify(files);
  expect(await fingerprint(api.port.port)).toBe(own);
  expect(api.troubles.size).toBe(0);
});

/** However it ends. */
function end(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.on('error', () => {}).once('close', () => resolve()));
}

/** Opens connections, and counts those that are ended by the other side. */
function openMany(port: number, count: number, localAddress = '127.0.0.1') {
  let ended = 0;
  const sockets = Array.from({ length: count }, () => {
    const socket = connect({ host: '127.0.0.1', localAddress, port });
    return socket
      .on('error', () => {})
      .on('close', () => ended++)
      .resume();
  });
  return {
    ended: () => ended,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

test('ControlPort bears a thousand connections that say nothing: most are ended at once, all soon, and the socket answers', async () => {
  const bounds = { handshakeMs: 300, connections: 32, connectionsPerNetwork: 16 };
  await using api = await servedByPort({ version }, { bounds });
  using idle = openMany(api.port.port, 1000);
  await expect.poll(idle.ended).toBeGreaterThanOrEqual(1000 - 16);
  await expect(createClient(api.path).call('version', {})).resolves.toMatchObject({ api: 1 });
  await expect.poll(idle.ended).toBe(1000);
  expect(await ask(api.port.port, `Bearer ${secret}`)).toMatchObject({ status: 200 });
});

test('ControlPort has a place for who has a token, whoever else keeps a thousand connections open that say nothing', async () => {
  // They are not ended for that they say nothing.
  await using api = await servedByPort({ version }, { bounds: { handshakeMs: 600_000 } });
  const { port } = api.port;
  const [idler, other] = ['127.0.0.2', '127.0.0.1'];
  using idle = openMany(port, 1000, idler);
  await expect.poll(idle.ended).toBe(1000 - 32);
  const by = (address: string) => ask(port, `Bearer ${secret}`, '/v1/version', 'GET', address);
  expect(await by(other)).toMatchObject({ status: 200 });
  expect(idle.ended()).toBe(1000 - 32);
  // From where so many have just come the next is taken a moment later.
  await vi.waitFor(async () => expect(await by(idler)).toMatchObject({ status: 200 }), { timeout: 10_000 });
  await expect.poll(idle.ended).toBe(1000 - 31);
});

test('ControlPort answers as many of one address as may begin a handshake at one moment', async () => {
  await using api = await servedByPort({ version }, { bounds: { handshakeMs: 60_000, headersMs: 60_000 } });
  // All of them are there before the first one shows its token.
  const sockets = await Promise.all(Array.from({ length: 32 }, () => tlsTo(api.port.port)));
  const head = `GET /v1/version HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${secret}\r\nconnection: close\r\n\r\n`;
  for (const socket of sockets) socket.on('error', () => {}).write(head);
  const answers = await Promise.all(sockets.map((socket) => text(socket).catch(String)));
  expect(answers.map((answer) => answer.slice(0, 12))).toEqual(Array(32).fill('HTTP/1.1 200'));
});

test('ControlPort ends what is no TLS, however it begins, and answers all others', async () => {
  await using api = await servedByPort(
    { version },
    { bounds: { handshakeMs: 300, headersMs: 300, checkMs: 50 } },
  );
  const { port } = api.port;
  const garbage = [
    'GET / HTTP/1.1\r\nhost: a\r\n\r\n',
    'SSH-2.0-scan\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    '\x16\x03\x01\xff\xff'.padEnd(70_000, 'x'),
    '\0'.repeat(100),
    '',
  ];
  for (const bytes of garbage) {
    const socket = connect({ host: '127.0.0.1', port })
      .on('error', () => {})
      .resume();
    const closed = end(socket);
    socket.write(Buffer.from(bytes, 'latin1'));
    await closed;
  }
  // What openssl says to a server that is to speak first, and to one that is to speak HTTP.
  const talk = await execa('openssl', ['s_client', '-quiet', '-connect', `127.0.0.1:${port}`], {
    input: `${'x'.repeat(100_000)}\r\n\r\n`,
    reject: false,
  });
  expect(talk.stdout).toMatch(/^HTTP\/1.1 4\d\d |^$/);
  // Headers that never end.
  const slow = await tlsTo(port);
  slow.on('error', () => {}).resume();
  const closed = end(slow);
  slow.write('GET /v1/version HTTP/1.1\r\nhost: a\r\nx-slow: ');
  await closed;
  expect(await ask(port, `Bearer ${secret}`)).toMatchObject({ status: 200 });
  await expect(createClient(api.path).call('version', {})).resolves.toMatchObject({ api: 1 });
});

test('ControlPort ends whoever takes too long to send what he asks, but for who sends what goes on', async () => {
  const taken: string[] = [];
  const writeStdin: Handlers['writeStdin'] = async (_, { body }) => {
    for await (const some of body ?? []) taken.push(String(some));
    return { bytes: taken.join('').length };
  };
  await using api = await servedByPort({ version, writeStdin }, { bounds: { requestMs: 300 } });
  const { port } = api.port;
  const head = (path: string, type: string) =>
    `POST ${path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${secret}\r\ncontent-type: ${type}\r\ncontent-length: 6\r\n\r\n`;
  const upload = await tlsTo(port);
  upload.write(`${head('/v1/stdin/abcdefghijklmnop', 'application/octet-stream')}abc`);
  const slow = await tlsTo(port);
  slow.on('error', () => {}).resume();
  const closed = end(slow);
  slow.write(`${head('/v1/announcements', 'application/json')}{`);
  // Begun after the other one, and longer than either may take.
  await closed;
  expect(taken).toEqual(['abc']);
  upload.write('def');
  const [answer] = await once(upload, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 200 [\s\S]*\{"bytes":6\}$/);
  upload.destroy();
});

test('ControlPort leaves alone what is answered for longer than a request may take', async () => {
  async function* scan(_: unknown, { gone }: { gone: AbortSignal }) {
    for (let atMs = 0; !gone.aborted; atMs++) {
      yield { type: 'progress', atMs, durationMs: null } as const;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const handlers = { scan, observe: scan } as unknown as Partial<Handlers>;
  await using api = await servedByPort(handlers, { bounds: { requestMs: 200 } });
  for (const head of [
    'GET /v1/observe HTTP/1.1\r\n',
    'POST /v1/scan HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 12\r\n',
  ]) {
    const socket = await tlsTo(api.port.port);
    socket.write(
      `${head}host: a\r\nauthorization: Bearer ${secret}\r\n\r\n${head.startsWith('POST') ? '{"path":"/"}' : ''}`,
    );
    let heard = '';
    for await (const some of socket.setEncoding('utf8')) {
      heard += some;
      // A second, of which a fifth is what a request may take.
      if (heard.includes('"atMs":20,')) break;
    }
    expect(heard).toContain('"atMs":20,');
  }
});

test('ControlPort.close() ends what is open, and is idempotent', async () => {
  await using api = await servedByPort({ version });
  const socket = await tlsTo(api.port.port);
  const closed = end(socket.resume());
  await api.close();
  await closed;
  await api.port.close();
});

test('a certificate of its own is made once, and anew where it was broken', async () => {
  using folder = temporaryFolder();
  const make = () => ownCertificate(folder.path, systemClock.wallMs(), silentLog);
  const path = await make();
  const first = await readFile(path, 'utf8');
  await make();
  expect(await readFile(path, 'utf8')).toBe(first);
  const { subject, validToDate } = new X509Certificate(first);
  expect(subject).toBe('CN=mirolive');
  expect(validToDate.getTime() - systemClock.wallMs()).toBeGreaterThan(9 * 365 * 86_400_000);
  await writeFile(path, first.slice(0, 300));
  await make();
  expect(new X509Certificate(await readFile(path)).fingerprint256).not.toBe(
    new X509Certificate(first).fingerprint256,
  );
  expect(await readFile(`${path}.unusable`, 'utf8')).toBe(first.slice(0, 300));
});

test('ControlPort has one network begin so many handshakes at one moment, whether they are still open or not', async () => {
  const clock = { ...systemClock, nowMs: () => 1000 };
  await using api = await servedByPort({ version }, { bounds: { connectionsPerNetwork: 4 }, clock });
  for (let count = 0; count < 4; count++) {
    const socket = await tlsTo(api.port.port);
    socket.destroy();
    await once(socket, 'close');
  }
  await expect(tlsTo(api.port.port)).rejects.toThrow(/disconnected|ECONNRESET|EPIPE/);
  await expect(createClient(api.path).call('version', {})).resolves.toMatchObject({ api: 1 });
});
