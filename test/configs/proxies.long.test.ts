import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { realOffers } from '../daemon/sfu/offers/real-offers.ts';
import { makeCertificate } from '../helpers/certificate.ts';
import { startDaemon } from '../helpers/daemon.ts';
import { freePorts } from '../helpers/free-ports.ts';
import { sample } from '../helpers/media/sample-files.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const examples = new URL('../../configs/examples/', import.meta.url);
/** A client of an address that no trusted proxy has, and who tells lies about it. */
const client = '127.0.0.2';
const lies = { 'x-forwarded-for': '192.0.2.9', forwarded: 'for=192.0.2.9' };

interface Places {
  readonly folder: string;
  readonly port: number;
  readonly upstream: string;
  readonly cert: string;
  readonly key: string;
}

/** The example of a proxy, with the names and ports of the test. */
async function example(name: string, { port, upstream, cert, key }: Places): Promise<string> {
  const file = await readFile(new URL(name, examples), 'utf8');
  const changes = [
    ['live.example.org:443', `localhost:${port}`],
    ['listen 443 ssl', `listen ${port} ssl`],
    ['server_name live.example.org', 'server_name localhost'],
    ['/etc/ssl/live.pem', cert],
    ['/etc/ssl/live.key', key],
    ['127.0.0.1:8080', upstream],
  ] as const;
  return changes.reduce((config, [from, to]) => config.replaceAll(from, to), file);
}

/** The command that runs it. */
async function nginx(places: Places): Promise<[string, ...string[]]> {
  const config = join(places.folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(places.folder, kind)};`,
  );
  const main = `daemon off; pid ${join(places.folder, 'pid')}; events {}`;
  const http = `http { access_log off; ${temporary.join(' ')}\n${await example('nginx.conf', places)}}`;
  await writeFile(config, `${main}\n${http}`);
  return ['/usr/sbin/nginx', '-c', config, '-e', 'stderr'];
}

async function caddy(places: Places): Promise<[string, ...string[]]> {
  const config = join(places.folder, 'Caddyfile');
  const global = '{\n\tadmin off\n\tauto_https disable_redirects\n}\n';
  await writeFile(config, `${global}${await example('Caddyfile', places)}`);
  return ['caddy', 'run', '--adapter', 'caddyfile', '--config', config];
}

/** What a proxy answers, of whom nothing is known but his certificate. */
function through({ port, ca }: { readonly port: number; readonly ca: string }) {
  const tls = { ca, servername: 'localhost', localAddress: client };
  const headers = { host: `localhost:${port}`, ...lies };
  return {
    async ask(path: string, body?: string) {
      const posted = body === undefined ? {} : { 'content-type': 'application/sdp' };
      const method = body === undefined ? 'GET' : 'POST';
      const asked = request({
        ...tls,
        host: '127.0.0.1',
        port,
        path,
        method,
        agent: false,
        headers: { ...headers, ...posted },
      });
      asked.end(body);
      const [response] = await once(asked, 'response');
      return { status: response.statusCode, headers: response.headers, body: await text(response) };
    },
    socket: (path: string) =>
      new WebSocket(`wss://127.0.0.1:${port}${path}`, {
        ...tls,
        headers,
        origin: `https://localhost:${port}`,
      }),
  };
}

test.each([
  { name: 'nginx.conf', command: nginx },
  { name: 'Caddyfile', command: caddy },
])(
  'through $name go page, WebSocket, WHEP and health, and a client has its own address',
  async ({ command }) => {
    await using folder = await temporaryFolder();
    const [port = 0, httpPort = 0] = await freePorts(2);
    const http = { port: httpPort, publicUrl: `https://localhost:${port}`, trustedProxies: ['127.0.0.1'] };
    await using server = await startDaemon({ http });
    const { desk } = server.daemon;
    const path = await sample('talk.mp4');
    await desk.start({ room: 'lobby', source: { kind: 'file', path, loop: true, audioTrack: null } });

    const files = await makeCertificate(folder.path);
    const places = { ...files, folder: folder.path, port, upstream: `127.0.0.1:${httpPort}` };
    const [program, ...args] = await command(places);
    const env = { HOME: folder.path, XDG_DATA_HOME: folder.path };
    await using proxy = running(program, args, env);
    const { ask, socket } = through({ port, ca: await readFile(files.cert, 'utf8') });
    await proxy.while(async () => {
      await expect.poll(async () => (await ask('/healthz').catch(() => null))?.status).toBe(200);
    });

    expect(await ask('/readyz')).toMatchObject({ status: 200, body: '{"ready":true}' });
    expect(await ask('/lobby')).toMatchObject({ status: 200, body: expect.stringContaining('<video') });

    const page = socket('/ws/lobby');
    const [hello] = await once(page, 'message');
    expect(JSON.parse(String(hello))).toMatchObject({ type: 'hello', room: 'lobby' });

    const answer = await ask('/whep/lobby', realOffers.chromium);
    expect(answer).toMatchObject({ status: 201, body: expect.stringContaining('m=video') });
    expect(answer.headers.location).toMatch(/^(https:\/\/localhost:\d+)?\/whep\//);

    const viewers = desk.findRoom('lobby')?.viewers ?? [];
    expect(viewers.map(({ address }) => address)).toEqual([client, client]);
    page.close();
    await once(page, 'close');
  },
);

/** A program that is ended with what uses it. */
function running(program: string, args: readonly string[], env: Record<string, string>) {
  const child = execa(program, args, { reject: false, env });
  const ended = child.then(({ message, stderr }) => {
    throw new Error(`${program} has ended: ${message} ${stderr}`);
  });
  ended.catch(() => {});
  return {
    /** @throws Error with what it says, where it ends before `act` does */
    while: <T>(act: () => Promise<T>) => Promise.race([act(), ended]),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await child;
    },
  };
}
