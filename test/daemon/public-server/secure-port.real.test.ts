import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { type ClientHttp2Session, connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { eventually, keepConnections, launchBrowser, received } from '../../helpers/browser.ts';
import { fingerprint, makeCertificate } from '../../helpers/certificate.ts';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { freePorts } from '../../helpers/free-ports.ts';
import { startPublicServer } from '../../helpers/public-server.ts';
import { temporaryFolder } from '../../helpers/state.ts';

type Files = Awaited<ReturnType<typeof makeCertificate>>;

const scope = new AsyncDisposableStack();
const untrusted = { rejectUnauthorized: false };
let folder: string;
let files: Files;
beforeAll(async () => {
  folder = scope.use(temporaryFolder()).path;
  files = await makeCertificate(folder, 'first', 30, 'DNS:*.example.org,DNS:live.example.org');
});
afterAll(() => scope.disposeAsync());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Asks by HTTP/2. */
async function ask(session: ClientHttp2Session, path: string, host?: string): Promise<Answer> {
  const stream = session.request({ ':path': path, ...(host !== undefined && { ':authority': host }) });
  stream.setEncoding('utf8');
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
  let text = '';
  for await (const some of stream) text += some;
  return { status: headers[':status'], headers, text };
}

function http2(port: number): ClientHttp2Session & AsyncDisposable {
  const session = connectHttp2(`https://127.0.0.1:${port}`, untrusted);
  // How it ends is told by 'close'.
  session.on('error', () => {});
  return Object.assign(session, { [Symbol.asyncDispose]: async () => session.destroy() });
}

describe('a daemon with a certificate', () => {
  let server: TestDaemon;
  let plainPort: number;
  let securePort: number;
  beforeAll(async () => {
    [plainPort = 0, securePort = 0] = await freePorts(2);
    const tls = { port: securePort, ...files, hsts: '24h' };
    server = scope.use(await startDaemon({ http: { port: plainPort, tls, trustedProxies: ['127.0.0.2'] } }));
  });

  /** Asks by HTTP/1.1, without TLS, from an address of this machine: gives the head of the answer. */
  async function askPlain(path: string, { host = 'localhost', from = '127.0.0.1' } = {}): Promise<string> {
    const socket = connect({ port: plainPort, host: '127.0.0.1', localAddress: from });
    socket.end(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    let heard = '';
    for await (const some of socket.setEncoding('latin1')) heard += some;
    return heard.split('\r\n\r\n')[0] ?? '';
  }

  test('is found at the name that its certificate is for', () => {
    expect(server.url).toBe(`https://live.example.org:${securePort}`);
  });

  test('shows its page by HTTP/2, and has browsers stay there, where they lose no other port of its name by that', async () => {
    await using session = http2(securePort);
    const { status, headers, text } = await ask(session, '/lobby', 'live.example.org');
    expect([status, headers['strict-transport-security']]).toEqual([200, 'max-age=86400']);
    const odd = await ask(session, '/lobby', `live.example.org:${securePort}`);
    expect([odd.status, odd.headers['strict-transport-security']]).toEqual([200, undefined]);
    expect(text).toContain('<video');
    expect((await ask(session, '/No_Room')).status).toBe(404);
  });

  test('sends who comes without TLS there', async () => {
    const led = await askPlain('/lobby?muted=1', { host: `tv.example.org:${plainPort}` });
    expect(led).toMatch(/^HTTP\/1.1 308 /);
    expect(led).toContain(`location: https://tv.example.org:${securePort}/lobby?muted=1`);
    expect(led).not.toContain('strict-transport-security');
    expect(led).toContain('cache-control: no-store');
  });

  test('refuses who names no host', async () => {
    expect(await askPlain('/lobby', { host: 'a@b' })).toMatch(/^HTTP\/1.1 400 /);
  });

  test.each([
    { who: 'a proxy, which has had TLS with the viewer', path: '/lobby', from: '127.0.0.2' },
    { who: 'who looks after it', path: '/healthz', from: '127.0.0.1' },
    { who: 'who sends viewers to it', path: '/readyz', from: '127.0.0.1' },
  ])('answers $who as before', async ({ path, from }) => {
    expect(await askPlain(path, { from })).toMatch(/^HTTP\/1.1 200 /);
  });

  test('takes the WebSocket of its page, and of no other', async () => {
    const open = (origin: string) =>
      new WebSocket(`wss://127.0.0.1:${securePort}/ws/lobby`, { ...untrusted, origin });
    const own = open(`https://127.0.0.1:${securePort}`);
    await once(own, 'open');
    own.terminate();
    const foreign = open('https://evil.example');
    const [error] = await once(foreign, 'error');
    expect(String(error)).toContain('403');
  });

  test('plays in Chromium', async () => {
    await using browser = await launchBrowser();
    const page = await browser.newPage({ ignoreHTTPSErrors: true });
    await page.addInitScript(keepConnections);
    await page.goto(`https://127.0.0.1:${securePort}/lobby`);
    await server.daemon.desk.start({ room: 'lobby', source: { kind: 'test', pattern: 'bars', label: '' } });
    await eventually(
      () => received(page),
      ({ video, audio }) => (video?.framesDecoded ?? 0) > 10 && (audio?.packetsReceived ?? 0) > 10,
    );
  });

  test('takes a renewed certificate, and keeps the old one where it cannot be used', async () => {
    const before = await fingerprint(securePort);
    const next = await makeCertificate(folder, 'next');
    await copyFile(next.cert, files.cert);
    await server.daemon.reload();
    expect(await fingerprint(securePort)).toBe(before);
    await copyFile(next.key, files.key);
    await server.daemon.reload();
    expect(await fingerprint(securePort)).not.toBe(before);
  });
});

test.each([
  { name: 'a file that is not there', change: (own: Files) => ({ ...own, cert: '/nowhere/cert.pem' }) },
  { name: 'a key that is another one', change: (own: Files, other: Files) => ({ ...own, key: other.key }) },
])('a daemon does not start with $name for a certificate', async ({ change }) => {
  const own = await makeCertificate(folder, 'own');
  const other = await makeCertificate(folder, 'other');
  await expect(startDaemon({ http: { tls: { port: 0, ...change(own, other) } } })).rejects.toMatchObject({
    code: 'INVALID_CONFIG',
    hint: expect.stringContaining('http.tls.cert'),
  });
});

describe('whoever comes by HTTPS', () => {
  async function start(options: Parameters<typeof startPublicServer>[0] = {}) {
    const own = await makeCertificate(folder, 'bare');
    const started = await startPublicServer({ ...options, http: { tls: { port: 0, ...own } } });
    const { port } = started.server.secure ?? { port: 0 };
    return { ...started, securePort: port };
  }

  test('is ended when a request never is, and others are answered meanwhile', async () => {
    await using server = await start({ times: { requestMs: 500, headersMs: 500 } });
    await using session = http2(server.securePort);
    const stream = session.request({
      ':path': '/whep/lobby',
      ':method': 'POST',
      'content-type': 'application/sdp',
    });
    stream.on('error', () => {});
    stream.write('v=0');
    expect((await ask(session, '/lobby')).status).toBe(200);
    await once(stream, 'close');
    expect(stream.rstCode).toBe(8);
  });

  test('asks for few things at once', async () => {
    await using server = await start();
    await using session = http2(server.securePort);
    const [settings] = (await once(session, 'remoteSettings')) as [{ maxConcurrentStreams: number }];
    expect(settings.maxConcurrentStreams).toBe(16);
  });

  test('and begins requests only to give them up is sent away', async () => {
    await using server = await start();
    const at = { port: server.securePort, host: '127.0.0.1' };
    const socket = connectTls({ ...at, ...untrusted, ALPNProtocols: ['h2'] });
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    // GET / of host a (RFC 7541, appendix A), at once given up (RFC 9113, 6.4).
    const request = Buffer.from([0x82, 0x87, 0x84, 0x41, 0x01, 0x61]);
    const given = Array.from({ length: 200 }, (_, place) => [
      frame(1, 5, 2 * place + 1, request),
      frame(3, 0, 2 * place + 1, Buffer.from([0, 0, 0, 8])),
    ]);
    socket
      .resume()
      .write(
        Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0), ...given.flat()]),
      );
    await closed;
    await using other = http2(server.securePort);
    expect((await ask(other, '/lobby')).status).toBe(200);
  });

  test.each([
    { name: 'says nothing', say: '' },
    { name: 'speaks without TLS', say: 'GET /lobby HTTP/1.1\r\nhost: a\r\n\r\n' },
    { name: 'sends noise', say: '\u0016\u0003\u0001ÿÿ'.repeat(100) },
  ])('and $name is gone soon', async ({ say }) => {
    await using server = await start({ times: { headersMs: 500, requestMs: 500 } });
    const socket = connect({ port: server.securePort, host: '127.0.0.1' });
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    socket.resume().write(say, 'latin1');
    await closed;
  });

  test('and never ends its head is gone soon', async () => {
    await using server = await start({ times: { headersMs: 500, requestMs: 500, checkMs: 100 } });
    const socket = connectTls({
      port: server.securePort,
      host: '127.0.0.1',
      ...untrusted,
      ALPNProtocols: ['http/1.1'],
    });
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    socket.resume().write('GET /lobby HTTP/1.1\r\nhost: a\r\n');
    await closed;
  });

  test('counts as all others do', async () => {
    await using server = await start({ limits: { connectionsPerNetwork: 2 } });
    await using first = http2(server.securePort);
    await using second = http2(server.securePort);
    await Promise.all([once(first, 'remoteSettings'), once(second, 'remoteSettings')]);
    expect(server.server.connections).toBe(2);
    const third = connect({ port: server.port, host: '127.0.0.1' });
    third.on('error', () => {}).resume();
    await once(third, 'close');
  });
});

/** A frame of HTTP/2 (RFC 9113, 4.1). */
function frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
