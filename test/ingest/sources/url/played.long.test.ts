import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Source } from '../../../../src/contract/models.ts';
import { hasParameterSets } from '../../../../src/ingest/media/h264/packetize-h264.ts';
import { Sources } from '../../../../src/ingest/sources/sources.ts';
import { makeCertificate } from '../../../helpers/certificate.ts';
import { freeUdpPort } from '../../../helpers/free-ports.ts';
import { aac, h264, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { keepSending, sendFile, toUdp } from '../../../helpers/media/sender.ts';
import { planOptions } from '../../../helpers/plan-options.ts';
import { encoder } from '../../../helpers/rtmp-encoder.ts';
import { filesOf, serveHttp } from '../../../helpers/servers/http-server.ts';
import { serveLiveHls } from '../../../helpers/servers/live-hls.ts';
import { serveRtsp } from '../../../helpers/servers/rtsp-server.ts';
import { tlsFront } from '../../../helpers/servers/tls-front.ts';
import { sourcesOptions } from '../../../helpers/sources-options.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { playedFrames } from '../../played-frames.ts';
import { openServer } from '../../rtmp/open-server.ts';

let sources: Sources;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
/** One that this process takes for one of the system's. */
let certificate: { cert: string; key: string };

beforeAll(async () => {
  folder = await temporaryFolder();
  process.env.PATH = `${await noting(folder.path)}:${process.env.PATH}`;
  certificate = await makeCertificate(folder.path);
  process.env.SSL_CERT_FILE = certificate.cert;
  sources = await Sources.create({ ...sourcesOptions, allowPrivateNetworks: true, maxBitrateBps: 6e6 });
});
afterAll(async () => {
  await sources?.close();
  await folder?.[Symbol.asyncDispose]();
});

/** What of the addresses below nobody is to see. */
const secrets = ['s3cret', '0123456789', 'token='];

/** A folder of programs called ffmpeg and ffprobe that note their arguments before they are these. */
async function noting(path: string): Promise<string> {
  for (const program of ['ffmpeg', 'ffprobe']) {
    const script = `#!/bin/sh\nprintf '%s\\n' "$0 $*" >> ${path}/arguments\nexec /usr/bin/${program} "$@"\n`;
    await writeFile(join(path, program), script, { mode: 0o755 });
  }
  return path;
}

const url = (address: string): Source => ({
  kind: 'url',
  url: address,
  live: null,
  loop: false,
  audioTrack: null,
});

async function clip(container: 'mp4' | 'ts', gop = 15): Promise<string> {
  const args = [...picture('320x180', 20), ...tone(440, 20), ...h264(gop), ...aac];
  return await makeMedia(`played-${gop}.${container}`, { args });
}

/** Somebody who publishes by RTMP, and the address to pull that from. */
async function pulled(making: AsyncDisposableStack): Promise<URL> {
  const { server, url: publish } = making.use(await openServer());
  const published = once(server, 'publish');
  making.use(encoder(publish('key1')));
  const [{ pullUrl }] = await published;
  return new URL(pullUrl);
}

/** What plays an address for as long as the test lasts. */
const servers: readonly {
  readonly name: string;
  readonly live: boolean;
  /** It does not say how long it is. */
  readonly endless?: boolean;
  readonly headers?: Record<string, string>;
  readonly byUdp?: boolean;
  serve(making: AsyncDisposableStack): Promise<string>;
}[] = [
  {
    name: 'a file over HTTPS, whose certificate the system trusts,',
    live: false,
    async serve(making) {
      const path = await clip('mp4');
      const server = making.use(await serveHttp(filesOf(dirname(path))));
      const front = making.use(await tlsFront(server.port, certificate));
      return `https://localhost:${front.port}/${basename(path)}`;
    },
  },
  {
    name: 'MP4 with its index at its end, of a server without ranges that wants a header,',
    live: false,
    headers: { Referer: 'https://site.example/?s3cret' },
    async serve(making) {
      const file = await readFile(await clip('mp4'));
      const whole = { 'content-length': file.length };
      const listener: RequestListener = ({ headers }, response) => {
        if (headers.referer === 'https://site.example/?s3cret') response.writeHead(200, whole).end(file);
        else response.writeHead(403).end();
      };
      const server = making.use(await serveHttp(listener));
      return `http://127.0.0.1:${server.port}/talk.mp4`;
    },
  },
  {
    name: 'HLS with an end, whose segments are called pictures, and the best of its variants,',
    live: false,
    async serve(making) {
      const list = join(folder.path, 'all.m3u8');
      const segments = ['-f', 'hls', '-hls_time', '2', '-hls_list_size', '0'];
      const names = ['-hls_segment_filename', join(folder.path, 'all%d.jpg'), list];
      await execa('ffmpeg', [
        '-v',
        'error',
        '-y',
        '-i',
        await clip('mp4'),
        '-c',
        'copy',
        ...segments,
        ...names,
      ]);
      const variant = (bandwidth: number, name: string) =>
        `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth}\n${name}\n`;
      const variants =
        variant(1000, 'nowhere.m3u8') + variant(900_000, 'all.m3u8') + variant(99e6, 'nowhere.m3u8');
      await writeFile(join(folder.path, 'variants.m3u8'), `#EXTM3U\n${variants}`);
      const server = making.use(await serveHttp(filesOf(folder.path)));
      return `http://127.0.0.1:${server.port}/variants.m3u8`;
    },
  },
  {
    name: 'a file of a server that tells neither its size nor its length',
    ...{ live: false, endless: true },
    async serve(making) {
      const file = await readFile(await clip('ts'));
      const server = making.use(await serveHttp((_, response) => response.writeHead(200).end(file)));
      return `http://127.0.0.1:${server.port}/talk.ts`;
    },
  },
  {
    name: 'live HLS',
    live: true,
    async serve(making) {
      const server = making.use(await serveLiveHls(await clip('mp4')));
      return `http://127.0.0.1:${server.port}/live.m3u8`;
    },
  },
  {
    name: 'RTSP of a server that sends by UDP alone, with user and password,',
    ...{ live: true, byUdp: true },
    async serve(making) {
      const account = ['me', 's3cret'] as const;
      const server = making.use(await serveRtsp({ path: await clip('mp4'), transport: 'udp', account }));
      return `rtsp://me:s3cret@127.0.0.1:${server.port}/stream`;
    },
  },
  {
    name: 'RTSP, with its parameter sets in the description alone,',
    live: true,
    async serve(making) {
      const server = making.use(await serveRtsp({ path: await clip('mp4'), parameterSets: 'apart' }));
      return `rtsp://127.0.0.1:${server.port}/stream?token=1`;
    },
  },
  {
    name: 'RTMP',
    live: true,
    serve: async (making) => `${await pulled(making)}`,
  },
  {
    name: 'RTMPS, whose certificate the system trusts,',
    live: true,
    async serve(making) {
      const { port, pathname, search } = await pulled(making);
      const front = making.use(await tlsFront(Number(port), certificate));
      return `rtmps://localhost:${front.port}${pathname}${search}`;
    },
  },
  {
    name: 'SRT, where we call,',
    live: true,
    async serve(making) {
      const port = await freeUdpPort();
      const there = `srt://127.0.0.1:${port}?mode=listener&passphrase=0123456789`;
      making.use(keepSending(await clip('ts'), '-f', 'mpegts', there));
      return `srt://127.0.0.1:${port}?streamid=read:s3cret&passphrase=0123456789`;
    },
  },
  {
    name: 'SRT, where we are called,',
    live: true,
    async serve(making) {
      const port = await freeUdpPort();
      making.use(keepSending(await clip('ts'), '-f', 'mpegts', `srt://127.0.0.1:${port}`));
      return `srt://127.0.0.1:${port}?mode=listener`;
    },
  },
  {
    name: 'MPEG-TS over UDP',
    live: true,
    async serve(making) {
      const port = await freeUdpPort();
      making.use(sendFile(await clip('ts'), ...toUdp(port)));
      return `udp://127.0.0.1:${port}`;
    },
  },
];

test.concurrent.each(servers)(
  '$name is played as it is',
  async ({ live, endless = live, headers, byUdp = false, serve }) => {
    await using making = new AsyncDisposableStack();
    const source = { ...url(await serve(making)), ...(headers && { headers }) };
    const prepared = await sources.prepare(source, planOptions);
    expect(prepared.live).toBe(live);
    expect(prepared.probe.durationMs === null).toBe(endless);
    expect(prepared.plan).toMatchObject({ video: { action: 'copy' }, audio: { action: 'transcode' } });
    expect(prepared.plan.byUdp ?? false).toBe(byUdp);
    const frames = await playedFrames(await sources.open(source), prepared.plan, 30, 20);
    const keyFrames = frames.filter(({ kind, key }) => kind === 'video' && key);
    expect(frames.find(({ kind }) => kind === 'video')?.key).toBe(true);
    // A decoder, and mediasoup, can begin with each of them.
    expect(keyFrames.map(({ data }) => hasParameterSets(data))).toEqual(keyFrames.map(() => true));
  },
);

test.concurrent('the only variant of a list may be asked for, and none of what has no variants', async () => {
  const file = await readFile(await clip('ts'));
  const lists: Record<string, string> = {
    '/one.m3u8': '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nsegments.m3u8\n',
    '/segments.m3u8': '#EXTM3U\n#EXT-X-TARGETDURATION:20\n#EXTINF:20,\nall.ts\n#EXT-X-ENDLIST\n',
  };
  await using server = await serveHttp((incoming, response) =>
    response.end(lists[incoming.url ?? ''] ?? file),
  );
  const prepare = (name: string) =>
    sources.prepare({ ...url(`http://127.0.0.1:${server.port}${name}`), variant: 0 } as Source, planOptions);
  expect((await prepare('/one.m3u8')).probe).toMatchObject({ format: 'hls' });
  await expect(prepare('/segments.m3u8')).rejects.toMatchObject({ code: 'SOURCE_TRACK_NOT_FOUND' });
});

test('no secret of an address is in the arguments of ffmpeg or ffprobe', async () => {
  const ran = (await readFile(join(folder.path, 'arguments'), 'utf8')).split('\n');
  const ours = ran.filter((line) => line.includes('whitelist'));
  expect(ours.filter((line) => line.includes('/ffprobe ')).length).toBeGreaterThan(8);
  expect(ours.filter((line) => line.includes('/ffmpeg ')).length).toBeGreaterThan(8);
  expect(ours.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
});

test.concurrent('UDP with key frames far apart is transcoded from its start, as its port cannot be opened beside itself', async () => {
  const port = await freeUdpPort();
  await using _sender = sendFile(await clip('ts', 120), ...toUdp(port));
  const { plan } = await sources.prepare(url(`udp://127.0.0.1:${port}`), planOptions);
  expect(plan.video).toMatchObject({
    action: 'transcode',
    reasons: [expect.stringMatching(/^key frames up to/)],
  });
});

const wrong: readonly {
  readonly name: string;
  readonly message: string;
  readonly hint: string | RegExp;
  serve(making: AsyncDisposableStack): Promise<string>;
}[] = [
  {
    name: 'a certificate that nobody trusts',
    async serve(making) {
      const server = making.use(await serveHttp(filesOf(folder.path)));
      const other = await makeCertificate(folder.path, 'other');
      return `https://localhost:${making.use(await tlsFront(server.port, other)).port}/x.mp4`;
    },
    message: 'the certificate of {where} is not trusted: it is signed by itself',
    hint: /update-ca-certificates, restart the daemon$/,
  },
  {
    name: 'a certificate for another name',
    async serve(making) {
      const server = making.use(await serveHttp(filesOf(folder.path)));
      return `https://127.0.0.1:${making.use(await tlsFront(server.port, certificate)).port}/x.mp4`;
    },
    message: 'the certificate of {where} is not trusted: it is for another name',
    hint: 'Give the server another certificate, or use the name that it is for',
  },
  {
    name: 'a server without TLS',
    async serve(making) {
      return `rtmps://127.0.0.1:${making.use(await serveHttp(filesOf(folder.path))).port}/live/a`;
    },
    message: '{where} does not speak TLS',
    hint: /^Check the port; without TLS it is http:/,
  },
  {
    name: 'a camera without its password',
    async serve(making) {
      const server = making.use(await serveRtsp({ path: await clip('mp4'), account: ['me', 's3cret'] }));
      return `rtsp://me:wrong@127.0.0.1:${server.port}/stream`;
    },
    message: '{where} wants a user and a password, or others than these',
    hint: /^Put both into the address: rtsp:\/\/USER:PASSWORD@127\.0\.0\.1:\d+\/PATH$/,
  },
  {
    name: 'a wrong path of a camera',
    async serve(making) {
      return `rtsp://127.0.0.1:${making.use(await serveRtsp({ path: await clip('mp4') })).port}/other`;
    },
    message: '{where} has nothing at this path',
    hint: /^Look the path up in the manual of the camera/,
  },
  {
    name: 'RTSP from an HTTP server',
    async serve(making) {
      return `rtsp://127.0.0.1:${making.use(await serveHttp(filesOf(folder.path))).port}/x`;
    },
    message: '{where} does not speak RTSP',
    hint: 'Try it from the machine of the daemon: mirolive probe ADDRESS',
  },
  {
    name: 'RTMP from an HTTP server',
    async serve(making) {
      return `rtmp://127.0.0.1:${making.use(await serveHttp(filesOf(folder.path))).port}/live/a`;
    },
    message: '{where} does not speak RTMP',
    hint: 'Try it from the machine of the daemon: mirolive probe ADDRESS',
  },
  {
    name: 'SRT where nobody answers',
    serve: async () => `srt://127.0.0.1:${await freeUdpPort()}`,
    message: 'there is no answer by SRT of {where}, or the passphrase or the stream id is not right',
    hint: 'Try it from the machine of the daemon: mirolive probe ADDRESS',
  },
  {
    name: 'UDP where nothing comes',
    serve: async () => `udp://127.0.0.1:${await freeUdpPort()}`,
    message: 'nothing came to UDP port {port}',
    hint: /^Send MPEG-TS to it, .*: ffmpeg -re -i FILE -c copy -f mpegts udp:\/\/THIS-HOST:\d+$/,
  },
  {
    name: 'UDP on a port that is taken',
    async serve(making) {
      const other = createSocket('udp4').bind(0, '127.0.0.1');
      making.defer(async () => void other.close());
      await once(other, 'listening');
      return `udp://127.0.0.1:${other.address().port}`;
    },
    message: 'another program, or another source of this daemon, listens on port {port} already',
    hint: /^See which one: ss -lunp sport = :\d+; or use another port$/,
  },
];

test.concurrent.each(wrong)('$name is refused with what to do next', async ({ serve, message, hint }) => {
  await using making = new AsyncDisposableStack();
  const address = await serve(making);
  const { host: where, port } = new URL(address);
  await expect(sources.prepare(url(address), planOptions)).rejects.toMatchObject({
    code: 'SOURCE_UNREACHABLE',
    message: message.replace('{where}', where).replace('{port}', port),
    hint: typeof hint === 'string' ? hint : expect.stringMatching(hint),
  });
});
