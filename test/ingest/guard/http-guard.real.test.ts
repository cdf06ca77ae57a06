import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingHttpHeaders, request, type ServerResponse } from 'node:http';
import { connect, createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import type { Clock } from '../../../src/contract/clock.ts';
import { type GuardedHttp, HttpGuard } from '../../../src/ingest/guard/http-guard.ts';
import { outside, testNetwork } from '../../helpers/outside.ts';
import { serveHttp } from '../../helpers/servers/http-server.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

async function openGuard(network = testNetwork(), clock?: Clock) {
  const guard = await HttpGuard.create(network, clock);
  return { guard, [Symbol.asyncDispose]: () => guard.close() };
}

interface Asking {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** What a client of the proxy gets. */
async function ask(
  { env }: Pick<GuardedHttp, 'env'>,
  path: string,
  { method = 'GET', headers = {}, signal }: Asking = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  const proxy = new URL(env.http_proxy ?? '');
  const credentials = Buffer.from(`${proxy.username}:${proxy.password}`).toString('base64');
  const asking = request({
    ...{ host: proxy.hostname, port: proxy.port, path, method, agent: false, signal },
    headers: { 'proxy-authorization': `Basic ${credentials}`, ...headers },
  });
  asking.end();
  const [response] = await once(asking, 'response');
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

test('HttpGuard fetches what ffmpeg asks for, and tells neither side more than it needs', async () => {
  await using server = await serveHttp(
    (_, response) => {
      response.writeHead(206, {
        ...{ 'content-type': 'video/mp2t', 'content-range': 'bytes 2-4/9', 'x-inner': 'a', server: 'b' },
        ...{ 'set-cookie': 'c=d', 'keep-alive': 'timeout=5' },
      });
      response.end('abc');
    },
    { host: outside },
  );
  await using opened = await openGuard();
  const opening = opened.guard.open(`http://${outside}:${server.port}/x?y=z`);
  const answer = await ask(opening, `http://${outside}:${server.port}/x/../a%2Fb?y=z`, {
    headers: { range: 'bytes=2-', 'icy-metadata': '1', 'x-forwarded-for': '1.1.1.1', 'user-agent': 'Lavf' },
  });
  expect(answer.status).toBe(206);
  expect(answer.body.toString()).toBe('abc');
  expect(Object.keys(answer.headers).sort()).toEqual(
    ['connection', 'content-range', 'content-type', 'date', 'set-cookie', 'transfer-encoding'].sort(),
  );
  expect(server.requests[0]?.url).toBe('/x/../a%2Fb?y=z');
  expect(server.requests[0]?.headers).toEqual({
    ...{ host: `${outside}:${server.port}`, range: 'bytes=2-', 'user-agent': 'Lavf' },
    ...{ 'accept-encoding': 'identity', connection: 'close' },
  });
});

test('HttpGuard gives a live list that stands still to whoever has it, and to nobody anew', async () => {
  let segments = '#EXTINF:2,\na.ts\n';
  const head = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n';
  await using server = await serveHttp((_, response) => response.end(head + segments), { host: outside });
  const clock = new VirtualClock();
  await using opened = await openGuard(testNetwork(), clock);
  const url = `http://${outside}:${server.port}/live.m3u8`;
  const first = opened.guard.open(url);
  expect((await ask(first, `${url}?viewer=1`)).status).toBe(200);
  await clock.pass(30_000);
  expect((await ask(first, `${url}?viewer=1`)).status).toBe(200);
  const second = opened.guard.open(url);
  expect((await ask(second, `${url}?viewer=2`)).status).toBe(502);
  expect(second.refusal?.message).toBe('the list of segments has had nothing new for 30 s: live.m3u8');
  segments += '#EXTINF:2,\nb.ts\n';
  expect((await ask(second, `${url}?viewer=2`)).status).toBe(200);
});

test('HttpGuard chooses another variant for a while where the list of one could not be had', async () => {
  const variant = (height: number, name: string) =>
    `#EXT-X-STREAM-INF:BANDWIDTH=${height},RESOLUTION=${height}x${height}\n${name}\n`;
  const gone = await answering('');
  await gone[Symbol.asyncDispose]();
  const list = `#EXTM3U\n${variant(720, '/dead.m3u8')}${variant(720, `${gone.url}backup.m3u8`)}${variant(360, '/low.m3u8')}`;
  await using server = await serveHttp(
    ({ url }, response) =>
      url === '/all.m3u8' ? response.end(list) : response.writeHead(404).end('not here'),
    { host: outside },
  );
  const clock = new VirtualClock();
  await using opened = await openGuard(testNetwork(), clock);
  const host = `http://${outside}:${server.port}`;
  const wishes = { variant: { number: null, maxBitrateBps: 1e6 } };
  const play = async () => {
    const opening = opened.guard.open(`${host}/all.m3u8`, undefined, wishes);
    const text = `${(await ask(opening, `${host}/all.m3u8`)).body}`;
    const chosen = new URL(text.trim().split('\n').at(-1) ?? '', host).href;
    await ask(opening, chosen);
    await expect.poll(() => opening.refusal).not.toBeNull();
    return [new URL(chosen).pathname, opening.variants?.chosen];
  };
  expect(await play()).toEqual(['/dead.m3u8', 0]);
  await clock.pass(300_000);
  expect(await play()).toEqual(['/dead.m3u8', 0]);
  expect(await play()).toEqual(['/backup.m3u8', 1]);
  expect(await play()).toEqual(['/low.m3u8', 2]);
  // As none is left, the best is tried.
  expect(await play()).toEqual(['/dead.m3u8', 0]);
});

test('HttpGuard works on what comes of an opening in slices of its own', async () => {
  await using server = await serveHttp(
    (_, response) => response.end('#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nhttps://a.example/1.ts\n'),
    {
      host: outside,
    },
  );
  // Whoever looks whether it stands still asks for the time.
  const looks: boolean[] = [];
  let works = 0;
  let isMarked = false;
  const clock = new VirtualClock();
  vi.spyOn(clock, 'nowMs').mockImplementation(() => looks.push(isMarked));
  await using opened = await openGuard(testNetwork(), clock);
  const url = `http://${outside}:${server.port}/x`;
  const opening = opened.guard.open(url, (work) => {
    works++;
    isMarked = true;
    work();
    isMarked = false;
  });
  const { body } = await ask(opening, url);
  expect(`${body}`).toBe('#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nhttp://a.example:443/1.ts#.ts\n');
  expect({ works, looks }).toEqual({ works: 2, looks: [true] });
});

test('HttpGuard hides the address from the arguments of ffmpeg, and gives its password to its server alone', async () => {
  await using server = await serveHttp((_, response) => response.end('here'), { host: outside });
  await using other = await serveHttp((_, response) => response.end('there'), { host: outside });
  await using opened = await openGuard();
  const opening = opened.guard.open(`http://me:p%40ss@${outside}:${server.port}/x?key=y`);
  expect(opening.location).toBe('http://source.invalid/');
  const start = await ask(opening, opening.location);
  expect(start).toMatchObject({
    status: 302,
    headers: { location: `http://${outside}:${server.port}/x?key=y` },
  });
  await ask(opening, start.headers.location ?? '');
  await ask(opening, `http://${outside}:${other.port}/`);
  expect(server.requests[0]?.headers.authorization).toBe(`Basic ${btoa('me:p@ss')}`);
  expect(other.requests[0]?.headers.authorization).toBeUndefined();
});

test('HttpGuard sends headers to the server of the address, and to others only what says who asks', async () => {
  await using server = await serveHttp((_, response) => response.end('here'), { host: outside });
  await using other = await serveHttp((_, response) => response.end('there'), { host: outside });
  await using opened = await openGuard();
  const address = `http://${outside}:${server.port}/x`;
  const given = {
    Referer: 'https://a.example/',
    'USER-AGENT': 'Mozilla/5.0',
    'X-Token': 's3cret',
    Cookie: 'a=b',
  };
  const opening = opened.guard.open(address, undefined, { headers: given });
  const headers = { 'user-agent': 'Lavf', accept: '*/*' };
  await ask(opening, address, { headers });
  await ask(opening, `http://${outside}:${other.port}/`, { headers });
  const common = { referer: 'https://a.example/', 'user-agent': 'Mozilla/5.0', accept: '*/*' };
  expect(server.requests[0]?.headers).toMatchObject({ ...common, 'x-token': 's3cret', cookie: 'a=b' });
  expect(other.requests[0]?.headers).toMatchObject(common);
  expect(other.requests[0]?.headers['x-token']).toBeUndefined();
  expect(other.requests[0]?.headers.cookie).toBeUndefined();
  expect(JSON.stringify(opening.env)).not.toContain('s3cret');
});

test('HttpGuard says of a server that refuses who asks what to try, and repeats no header', async () => {
  await using server = await answering('HTTP/1.1 403 no s3cretkey here\r\ncontent-length: 0\r\n\r\n');
  await using opened = await openGuard();
  const opening = opened.guard.open(server.url, undefined, { headers: { 'X-Token': 's3cretkey' } });
  await ask(opening, server.url);
  expect(opening.refusal).toMatchObject({
    message: expect.stringMatching(/answered 403 no … here$/),
    hint: expect.stringMatching(/mirolive probe ADDRESS --header HEADER$/),
  });
});

test('HttpGuard serves nobody without the secret of an opening, or after its end', async () => {
  await using server = await serveHttp((_, response) => response.end('here'), { host: outside });
  await using opened = await openGuard();
  const address = `http://${outside}:${server.port}/`;
  const opening = opened.guard.open(address);
  const { port } = new URL(opening.env.http_proxy ?? '');
  for (const user of ['', 'mirolive:@', 'mirolive:wrong@', 'other:wrong@']) {
    const { status } = await ask({ env: { http_proxy: `http://${user}127.0.0.1:${port}` } }, address);
    expect(status).toBe(407);
  }
  expect((await ask(opening, address)).status).toBe(200);
  opening.close();
  expect((await ask(opening, address)).status).toBe(407);
  expect(server.requests.length).toBe(1);
});

test.each([
  { name: 'a private address', path: 'http://127.0.0.1:22/', code: 'SOURCE_PRIVATE_ADDRESS', status: 403 },
  { name: 'a private name', path: 'http://inner.example/', code: 'SOURCE_PRIVATE_ADDRESS', status: 403 },
  { name: 'an unknown name', path: 'http://none.example/', code: 'SOURCE_UNREACHABLE', status: 502 },
  { name: 'another protocol', path: 'ftp://out.example/', code: 'SOURCE_PROTOCOL', status: 403 },
  { name: 'no address', path: '/x', code: 'SOURCE_PROTOCOL', status: 403 },
  { name: 'an odd host', path: 'http://a:b/x', code: 'SOURCE_PROTOCOL', status: 403 },
  {
    name: 'a request that changes',
    path: `http://${outside}/`,
    method: 'POST',
    code: 'SOURCE_PROTOCOL',
    status: 403,
  },
])('HttpGuard refuses $name', async ({ path, method = 'GET', code, status }) => {
  await using opened = await openGuard(testNetwork({ 'inner.example': '127.0.0.1' }));
  const opening = opened.guard.open(`http://${outside}/`);
  const answer = await ask(opening, path, { method });
  expect(answer.status).toBe(status);
  expect(opening.refusal).toMatchObject({ code });
});

test.each([
  { name: 'an http address', location: `http://${outside}:1/x`, expected: `http://${outside}:1/x` },
  { name: 'an https address', location: 'https://other.example/x', expected: 'http://other.example:443/x' },
  { name: 'a path', location: '/y', expected: 'http://HOST/y' },
  { name: 'a file', location: 'file:///etc/passwd', expected: null },
  { name: 'another protocol', location: 'rtmp://10.0.0.1/x', expected: null },
  { name: 'nonsense', location: 'http://', expected: null },
])('HttpGuard takes a redirect to $name', async ({ location, expected }) => {
  await using server = await serveHttp((_, response) => response.writeHead(302, { location }).end(), {
    host: outside,
  });
  await using opened = await openGuard();
  const host = `${outside}:${server.port}`;
  const opening = opened.guard.open(`http://${host}/x`);
  const answer = await ask(opening, `http://${host}/x`);
  expect(answer.headers.location).toBe(expected?.replace('HOST', host));
  expect(answer.status).toBe(expected === null ? 403 : 302);
  expect(opening.refusal?.code).toBe(expected === null ? 'SOURCE_PROTOCOL' : undefined);
});

test('HttpGuard rewrites playlists, in whatever pieces they come, and nothing that looks like them', async () => {
  const playlist = '#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1\nhttps://cdn.example/1.ts\n';
  const bodies: Record<string, Buffer> = {
    '/list.m3u8': Buffer.from(playlist),
    '/media': Buffer.from(`x${playlist}`),
    '/short': Buffer.from('#EXT'),
    '/empty': Buffer.alloc(0),
    '/packed': gzipSync(playlist),
  };
  await using server = await serveHttp(
    (incoming, response) => {
      const body = bodies[incoming.url ?? ''] ?? Buffer.alloc(0);
      response.writeHead(206, { 'content-length': body.length, 'content-range': `bytes 0-${body.length}` });
      for (const byte of body) response.write(Buffer.from([byte]));
      response.end();
    },
    { host: outside },
  );
  await using opened = await openGuard();
  const host = `http://${outside}:${server.port}`;
  const opening = opened.guard.open(host);
  const list = await ask(opening, `${host}/list.m3u8`);
  const expected = '#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1\nhttp://cdn.example:443/1.ts#.ts\n';
  expect(list).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'application/vnd.apple.mpegurl',
      'content-length': `${expected.length}`,
    },
  });
  expect(list.headers['content-range']).toBeUndefined();
  expect(list.body.toString()).toBe(expected);
  for (const path of ['/media', '/short', '/empty', '/packed']) {
    expect((await ask(opening, host + path)).body).toEqual(bodies[path]);
  }
});

/** Answers each connection with the same, whatever it is asked. */
async function answering(answer: string | Buffer) {
  const server = createServer((socket) => socket.on('error', () => {}).end(answer));
  server.listen(0, outside);
  await once(server, 'listening');
  return {
    url: `http://${outside}:${(server.address() as { port: number }).port}/`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

test.each([
  ['ICY 200 OK\r\nicy-name:a radio\r\ncontent-type:audio/mpeg\r\n\r\nICY a', 200, 'ICY a'],
  ['ICY 401 Service Unavailable\r\n\r\nb', 401, 'b'],
  ['HTTP/1.0 200 OK\nContent-Type: audio/mpeg\n\nc', 200, 'c'],
  ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: identity\r\n\r\nd', 200, 'd'],
])('HttpGuard takes the answer %j as players do', async (answer, status, body) => {
  await using server = await answering(answer);
  await using opened = await openGuard();
  const got = await ask(opened.guard.open(server.url), server.url);
  expect({ status: got.status, body: `${got.body}` }).toEqual({ status, body });
});

test.each([
  ['#EXTM3U\r\n#EXTINF:-1,Radio\r\nhttp://a.example/live\r\n', 'http://a.example/live'],
  ['\ufeff#EXTM3U\nhttps://a.example/live\n', 'http://a.example:443/live'],
  ['http://a.example/live', 'http://a.example/live'],
  ['[playlist]\nFile2=http://b.example/\nfile1 = live/a.mp3 \n', 'live/a.mp3'],
  [
    '<ASX version="3"><entry><Ref href = "http://a.example/?a=1&amp;b=2"/></entry></ASX>',
    'http://a.example/?a=1&b=2',
  ],
  ['#EXTM3U\nmms://a.example/1\nhttp://b.example/2\n', 'http://b.example/2'],
])('HttpGuard leads from the list of a radio station %j to what it names', async (list, target) => {
  await using server = await answering(`HTTP/1.0 200 OK\r\n\r\n${list}`);
  await using opened = await openGuard();
  const { status, headers } = await ask(opened.guard.open(server.url), server.url);
  expect({ status, location: headers.location }).toEqual({
    status: 302,
    location: new URL(target, server.url).href,
  });
});

test('HttpGuard leads from the list of a radio station to the first server that can be connected to', async () => {
  await using live = await answering('HTTP/1.0 200 OK\r\n\r\n');
  const gone = await answering('');
  await gone[Symbol.asyncDispose]();
  await using server = await answering(
    `HTTP/1.0 200 OK\r\n\r\n[playlist]\nFile1=${gone.url}\nFile2=${live.url}\n`,
  );
  await using opened = await openGuard();
  expect((await ask(opened.guard.open(server.url), server.url)).headers.location).toBe(live.url);
});

test.each([
  ['[playlist]\nNumberOfEntries=0\n', /^the list that 127\.0\.0\.2:\d+ gave names no address$/],
  [
    '#EXTM3U\nmms://a.example/1\n',
    /leads to an address of mms:, and only those of http: and https: are followed$/,
  ],
])('HttpGuard says what is wrong with the list %j', async (list, message) => {
  await using server = await answering(`HTTP/1.0 200 OK\r\n\r\n${list}`);
  await using opened = await openGuard();
  const opening = opened.guard.open(server.url);
  expect((await ask(opening, server.url)).status).toBeGreaterThanOrEqual(400);
  expect(opening.refusal?.message).toMatch(message);
});

/** A box of MP4. */
function box(type: string, bytes: number): Buffer {
  const made = Buffer.alloc(bytes, type);
  made.writeUInt32BE(bytes);
  made.write(type, 4, 'latin1');
  return made;
}

test('HttpGuard gives parts of MP4 with its index at its end, though its server gives none', async () => {
  const file = Buffer.concat([box('ftyp', 32), box('free', 8), box('mdat', 200_000), box('moov', 500)]);
  await using server = await serveHttp(
    (_, response) => response.writeHead(200, { 'content-length': file.length }).end(file),
    { host: outside },
  );
  await using opened = await openGuard();
  const url = `http://${outside}:${server.port}/a.mp4`;
  const opening = opened.guard.open(url);
  const whole = await ask(opening, url, { headers: { range: 'bytes=0-' } });
  expect(whole).toMatchObject({ status: 200, headers: { 'accept-ranges': 'bytes' }, body: file });
  const end = await ask(opening, url, { headers: { range: 'bytes=200040-' } });
  expect(end).toMatchObject({
    status: 206,
    headers: { 'content-range': `bytes 200040-${file.length - 1}/${file.length}`, 'content-length': '500' },
    body: box('moov', 500),
  });
  expect(opening.refusal).toBeNull();
});

test('HttpGuard gives ffmpeg a part that it asks for first of all, as of HLS by byte ranges', async () => {
  await using server = await serveHttp(
    (_, response) =>
      response.writeHead(206, { 'content-length': 4, 'content-range': 'bytes 3-6/9' }).end('3456'),
    { host: outside },
  );
  await using opened = await openGuard();
  const url = `http://${outside}:${server.port}/a.ts`;
  const { env } = opened.guard.open(url);
  const options = ['-v', 'error', '-f', 'data', '-offset', '3', '-end_offset', '7', '-i', url];
  const ffmpeg = spawn('ffmpeg', [...options, '-map', '0', '-c', 'copy', '-f', 'data', '-'], {
    env: { ...process.env, ...env },
  });
  expect((await buffer(ffmpeg.stdout)).toString()).toBe('3456');
});

test('HttpGuard says of such a file that nothing of it can be played, where its server says no length either', async () => {
  const file = Buffer.concat([box('ftyp', 32), box('mdat', 1000), box('moov', 100)]);
  await using server = await serveHttp(
    (_, response) => {
      response.writeHead(200).write(file);
      response.end();
    },
    { host: outside },
  );
  await using opened = await openGuard();
  const url = `http://${outside}:${server.port}/a.mp4`;
  const opening = opened.guard.open(url);
  expect((await ask(opening, url)).status).toBe(502);
  expect(opening.refusal?.message).toMatch(/^its index is at its end, and 127\.0\.0\.2:\d+ says no length/);
});

test('HttpGuard says that such a file is read up to its index, while it is', async () => {
  const head = Buffer.concat([box('ftyp', 32), box('mdat', 1000)]);
  await using server = await serveHttp(
    ({ headers }, response) => {
      response.writeHead(200, { 'content-length': 2000 }).write(head);
      if (headers.range === undefined) response.end(Buffer.alloc(2000 - head.length));
    },
    { host: outside },
  );
  await using opened = await openGuard();
  const url = `http://${outside}:${server.port}/a.mp4`;
  const opening = opened.guard.open(url);
  await ask(opening, url);
  const ending = new AbortController();
  const asking = ask(opening, url, { headers: { range: 'bytes=1900-' }, signal: ending.signal });
  await expect
    .poll(() => opening.refusal?.message)
    .toMatch(/^its index is at its end, and 127\.0\.0\.2:\d+ gives no part of it/);
  ending.abort();
  await expect(asking).rejects.toThrow('aborted');
});

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
])('HttpGuard reads what a server compresses unasked (%s)', async (coding, compress) => {
  const list = '#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nhttps://a.example/1.ts\n';
  const body = compress(Buffer.from(list));
  await using server = await serveHttp(
    (_, response) =>
      response.writeHead(200, { 'content-encoding': coding, 'content-length': body.length }).end(body),
    { host: outside },
  );
  await using opened = await openGuard();
  const url = `http://${outside}:${server.port}/x`;
  const answer = await ask(opened.guard.open(url), url);
  expect(`${answer.body}`).toContain('http://a.example:443/1.ts');
  expect(answer.headers['content-encoding']).toBeUndefined();
});

test.each(['gzip', 'br', 'deflate'])('HttpGuard says that a server gave what is no %s', async (coding) => {
  await using server = await answering(
    `HTTP/1.0 200 OK\r\nContent-Encoding: ${coding}\r\n\r\n\xff\xff plain words`,
  );
  await using opened = await openGuard();
  const opening = opened.guard.open(server.url);
  await expect(ask(opening, server.url)).rejects.toThrow();
  await expect
    .poll(() => opening.refusal?.message)
    .toMatch(new RegExp(`^127\\.0\\.0\\.2:\\d+ gave what is no ${coding}$`));
  expect(opening.refusal?.code).toBe('SOURCE_UNREACHABLE');
});

test('HttpGuard blames no server that is slower than whoever asks waits for', async () => {
  const asked = Promise.withResolvers<ServerResponse>();
  await using server = await serveHttp(
    ({ url }, response) => {
      if (url === '/slow') asked.resolve(response);
      else response.end('media');
    },
    { host: outside },
  );
  await using opened = await openGuard();
  const address = `http://${outside}:${server.port}`;
  const opening = opened.guard.open(address);
  const ending = new AbortController();
  const asking = ask(opening, `${address}/slow`, { signal: ending.signal });
  const response = await asked.promise;
  const gone = once(response, 'close');
  ending.abort();
  await expect(asking).rejects.toThrow('aborted');
  await gone;
  // By the time of another answer, it has been heard why there was none.
  await ask(opening, `${address}/fast`);
  expect(opening.refusal).toBeNull();
});

test('HttpGuard gives up a playlist without end', async () => {
  await using server = await serveHttp(
    (_, response) => {
      response.write('#EXTM3U\n');
      const more = () => {
        while (response.write('#'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    },
    { host: outside },
  );
  await using opened = await openGuard();
  const address = `http://${outside}:${server.port}/`;
  const opening = opened.guard.open(address);
  await expect(ask(opening, address)).rejects.toThrow('socket hang up');
  expect(opening.refusal?.message).toBe('a playlist of more than 8388608 bytes is not taken');
});

test.each([
  {
    name: 'an error',
    answer: 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n',
    message: /^127\.0\.0\.2:\d+ answered 404 Not Found$/,
  },
  {
    name: 'a wish for a password',
    answer: 'HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n',
    message: /^127\.0\.0\.2:\d+ wants a user and a password, or others than these$/,
  },
  { name: 'nothing', answer: '', message: /^127\.0\.0\.2:\d+ gives no answer: socket hang up$/ },
  { name: 'no HTTP', answer: 'SSH-2.0-x\r\n', message: /^127\.0\.0\.2:\d+ does not speak HTTP$/ },
  {
    name: 'a header without end',
    answer: `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`,
    message: /^127\.0\.0\.2:\d+ gives no answer: Parse Error: Header overflow$/,
  },
])('HttpGuard says what is wrong with a server that answers with $name', async ({ answer, message }) => {
  const server = createServer((socket) => socket.on('error', () => {}).end(answer));
  server.listen(0, outside);
  await once(server, 'listening');
  await using _ = { [Symbol.asyncDispose]: async () => void server.close() };
  const { port } = server.address() as { port: number };
  await using opened = await openGuard();
  const address = `http://${outside}:${port}/`;
  const opening = opened.guard.open(address);
  expect((await ask(opening, address)).status).toBeGreaterThanOrEqual(400);
  expect(opening.refusal).toMatchObject({
    code: 'SOURCE_UNREACHABLE',
    message: expect.stringMatching(message),
  });
});

test('HttpGuard says what to do for a server behind a redirect that wants a password, which it does not get', async () => {
  await using other = await serveHttp((_, response) => response.writeHead(401).end(), { host: outside });
  const there = `http://${outside}:${other.port}/film.mp4`;
  await using server = await serveHttp((_, response) => response.writeHead(302, { location: there }).end(), {
    host: outside,
  });
  await using opened = await openGuard();
  const url = new URL(`http://me:password@${outside}:${server.port}/`);
  const opening = opened.guard.open(url.href);
  const { headers } = await ask(opening, `http://${url.host}/`);
  expect((await ask(opening, headers.location ?? '')).status).toBe(401);
  expect(opening.refusal).toMatchObject({
    message: `${outside}:${other.port} wants a user and a password, or others than these: film.mp4`,
    hint: `${url.host} leads there, and gets the password alone. Play what it leads to by its own address: http://USER:PASSWORD@${outside}:${other.port}/PATH`,
  });
});

test.each([
  ['/hls/t0ken/seg-5.ts?sig=1', 'answered 404 Not Found: seg-5.ts'],
  ['/hls/s3cret-token.ts', 'answered 404 Not Found: ….ts'],
  [`/${'s'.repeat(1000)}`, `answered 404 Not Found: ${'s'.repeat(80)}`],
  ['/hls/', 'answered 404 Not Found'],
  ['/list.m3u8?key=s3cret-token', 'answered 404 Not Found'],
])('HttpGuard says which of a source is missing: %s', async (path, message) => {
  await using server = await serveHttp((_, response) => response.writeHead(404).end(), { host: outside });
  await using opened = await openGuard();
  const origin = `http://${outside}:${server.port}`;
  const opening = opened.guard.open(`${origin}/list.m3u8?key=s3cret-token`);
  await ask(opening, origin + path);
  expect(opening.refusal?.message).toBe(`${outside}:${server.port} ${message}`);
});

test('HttpGuard tells nothing of a secret that a server repeats with its refusal', async () => {
  await using server = await serveHttp(
    (_, response) => response.writeHead(403, 'No access by s3cret-%74oken, nor s3cret-t').end(),
    { host: outside },
  );
  await using opened = await openGuard();
  const url = `http://${outside}:${server.port}/x?key=s3cret-token`;
  const opening = opened.guard.open(url);
  await ask(opening, url);
  expect(opening.refusal?.message).toBe(`${outside}:${server.port} answered 403 No access by …, nor …`);
});

test('HttpGuard lets go of the server when ffmpeg goes', async () => {
  const gone = Promise.withResolvers<void>();
  await using server = await serveHttp(
    (_, response) => {
      response.on('close', () => gone.resolve());
      response.write('a beginning');
    },
    { host: outside },
  );
  await using opened = await openGuard();
  const address = `http://${outside}:${server.port}/`;
  const opening = opened.guard.open(address);
  const proxy = new URL(opening.env.http_proxy ?? '');
  const client = connect(Number(proxy.port), proxy.hostname);
  const credentials = Buffer.from(`${proxy.username}:${proxy.password}`).toString('base64');
  client.write(`GET ${address} HTTP/1.1\r\nhost: x\r\nproxy-authorization: Basic ${credentials}\r\n\r\n`);
  await once(client, 'data');
  client.destroy();
  await gone.promise;
  expect(opening.refusal).toBeNull();
});

test.runIf(process.geteuid?.() === 0)('HttpGuard has no place for other users', async () => {
  await using opened = await openGuard();
  const { port } = new URL(opened.guard.open(`http://${outside}/`).env.http_proxy ?? '');
  // It says nothing, and would keep its place until a head is due.
  const script = `let came = 0;
    require('node:net').connect(${port}, '127.0.0.1').on('data', (chunk) => (came += chunk.length))
      .on('error', () => {}).on('close', () => console.log(came));`;
  const stranger = spawn(process.execPath, ['-e', script], {
    ...{ uid: 65_534, gid: 65_534, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] },
  });
  expect((await buffer(stranger.stdout)).toString()).toBe('0\n');
});

test('HttpGuard may be closed twice, with requests under way', async () => {
  await using server = await serveHttp((_, response) => void response.write('a beginning'), {
    host: outside,
  });
  const guard = await HttpGuard.create(testNetwork());
  const address = `http://${outside}:${server.port}/`;
  const asking = ask(guard.open(address), address);
  asking.catch(() => {});
  while (server.requests.length === 0) await new Promise(setImmediate);
  await guard.close();
  await guard.close();
  await expect(asking).rejects.toThrow();
});

test.each([
  {
    name: 'a web page',
    answer: (r: ServerResponse) => r.end('<!doctype html><p>Sign in'),
    words: /gave a web page$/,
  },
  { name: 'nothing', answer: (r: ServerResponse) => r.end(), words: /gave an empty answer/ },
  {
    name: 'no content',
    answer: (r: ServerResponse) => r.writeHead(204).end(),
    words: /gave an empty answer/,
  },
])('HttpGuard says what a server gives in the place of media: $name', async ({ answer, words }) => {
  await using server = await serveHttp((_, response) => void answer(response), { host: outside });
  await using opened = await openGuard();
  const address = `http://${outside}:${server.port}/live.mp4`;
  const opening = opened.guard.open(address);
  expect((await ask(opening, address)).status).toBe(502);
  await vi.waitFor(() => expect(opening.refusal?.message).toMatch(words));
});

test('HttpGuard says that an address leads in a circle, no later than ffmpeg gives up', async () => {
  await using server = await serveHttp(
    ({ url = '' }, response) => response.writeHead(302, { location: `${url}x` }).end(),
    { host: outside },
  );
  await using opened = await openGuard();
  const opening = opened.guard.open(`http://${outside}:${server.port}/`);
  const ffprobe = spawn('ffprobe', ['-v', 'error', '-i', opening.location], {
    ...{ stdio: 'ignore', env: { ...process.env, ...opening.env } },
  });
  await once(ffprobe, 'close');
  expect(opening.refusal?.message).toContain('leads from one place to the next, 7 times in a row');
});
