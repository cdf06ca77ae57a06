import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../../src/contract/clock.ts';
import type { Source } from '../../../../src/contract/models.ts';
import { Pipeline } from '../../../../src/ingest/ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { knownLengthMs } from '../../../../src/ingest/probe/known-length.ts';
import { FilePlayer } from '../../../../src/ingest/process/players/file-player.ts';
import type { PlayerNews } from '../../../../src/ingest/process/players/player.ts';
import { Progress } from '../../../../src/ingest/process/players/progress.ts';
import { Sources } from '../../../../src/ingest/sources/sources.ts';
import { aac, h264, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { planOptions } from '../../../helpers/plan-options.ts';
import { filesOf, serveHttp } from '../../../helpers/servers/http-server.ts';
import { sourcesOptions } from '../../../helpers/sources-options.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const lengthS = 20;
const fps = 30;
const inS = 1_000_000;
/** Key frames allow no other. */
const segmentMs = 2500;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let sources: Sources;
let clip: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  sources = await Sources.create({ ...sourcesOptions, allowPrivateNetworks: true });
  const args = [...picture('320x180', lengthS), ...tone(440, lengthS), ...h264(25), ...aac];
  clip = await makeMedia('broken-off.mp4', { args });
});
afterAll(async () => {
  await sources?.close();
  await folder?.[Symbol.asyncDispose]();
});

async function list(segments: 'mpegts' | 'fmp4'): Promise<string> {
  const path = join(folder.path, segments);
  await mkdir(path, { recursive: true });
  const muxed = ['-f', 'hls', '-hls_time', '2', '-hls_list_size', '0', '-hls_segment_type', segments];
  await execa('ffmpeg', ['-v', 'error', '-y', '-i', clip, '-c', 'copy', ...muxed, join(path, 'all.m3u8')]);
  return path;
}

const url = (address: string): Source => ({
  ...{ kind: 'url', url: address, live: null, loop: false, audioTrack: null },
});

/** Plays to the end, as fast as it comes. */
async function played(source: Source, fromS = 0, onFailed = () => {}) {
  const { plan, probe } = await sources.prepare(source, planOptions);
  const lengthMs = knownLengthMs(probe);
  const frames: MediaFrame[] = [];
  const failures: string[] = [];
  const gaps: Extract<PlayerNews, { type: 'gap' }>[] = [];
  const over = Promise.withResolvers<string | null>();
  await using player = FilePlayer.start({
    slate: () => undefined,
    planned: { plan, replan: () => plan, lookMs: null },
    ...{ encoderFailed: () => false, open: (signal) => sources.open(source, signal) },
    ...{ startPipeline: Pipeline.start, clock: systemClock, ffmpeg: 'ffmpeg', stallTimeoutMs: 10_000 },
    ...{
      startUs: fromS * inS,
      stopUs: null,
      isLocal: false,
      identity: undefined,
      lengthUs: lengthMs === null ? null : lengthMs * 1000,
      maxKeyframeIntervalMs: 2500,
    },
    ...{ volumePercent: 100, maxBitrateBps: null, fillFor: () => () => [], kinds: ['video', 'audio'] },
    ...{ awaited: true, progress: new Progress(), seen: { endedUs: null, tries: new Map() } },
    tell: (news) => {
      for (let frame = player.feed.shift(); frame; frame = player.feed.shift()) frames.push(frame);
      if (news.type === 'over') over.resolve(news.message);
      if (news.type === 'gap') gaps.push(news);
      if (news.type !== 'failed') return;
      failures.push(news.message);
      onFailed();
    },
  });
  const message = await over.promise;
  const pictures = frames.filter(({ kind }) => kind === 'video').map(({ ptsUs }) => ptsUs);
  return { message, failures, gaps, pictures, fromUs: frames[0]?.ptsUs ?? Number.NaN };
}

test('HLS with an end, of which segments are refused for a time, is played to its end without a gap', async () => {
  let away = true;
  const files = filesOf(await list('mpegts'));
  const listener: RequestListener = (request, response) => {
    if (away && Number(/all(\d+)\.ts/.exec(request.url ?? '')?.[1] ?? 0) > 4) response.writeHead(503).end();
    else files(request, response);
  };
  await using server = await serveHttp(listener);
  const source = url(`http://127.0.0.1:${server.port}/all.m3u8`);
  const { message, failures, pictures } = await played(source, 0, () => {
    away = false;
  });
  expect({ message, failures }).toEqual({
    message: null,
    failures: [expect.stringMatching(/^127\.0\.0\.1:\d+ answered 503 Service Unavailable: all\d+\.ts$/)],
  });
  expect(pictures).toHaveLength(lengthS * fps);
  expect(pictures).toEqual(pictures.toSorted((a, b) => a - b));
});

test.each([
  { name: 'is refused', cut: 0, reason: 'answered 404 Not Found' },
  { name: 'is broken off', cut: 0.5, reason: 'broke off in the midst of an answer' },
])(
  'HLS of which a segment $name is asked again for it, and goes on behind it, which is said',
  async ({ cut, reason }) => {
    const path = await list('mpegts');
    const files = filesOf(path);
    const { length } = await readFile(join(path, 'all2.ts'));
    const bytes = await readFile(join(path, 'all2.ts'));
    let isLost = true;
    await using server = await serveHttp((request, response) => {
      if (!isLost || !request.url?.endsWith('/all2.ts')) files(request, response);
      else if (cut === 0) response.writeHead(404).end();
      else {
        response.writeHead(200, { 'content-length': length });
        response.write(bytes.subarray(0, length * cut), () => response.destroy());
      }
    });
    const source = url(`http://127.0.0.1:${server.port}/all.m3u8`);
    const { message, failures, gaps, pictures } = await played(source);
    expect({ message, failures: failures.length, gaps: gaps.length }).toEqual({
      message: null,
      failures: 2,
      gaps: 1,
    });
    expect(gaps[0]?.message).toContain(`${reason}: all2.ts`);
    expect(Math.abs((gaps[0]?.missingMs ?? 0) - (1 - cut) * segmentMs)).toBeLessThan(segmentMs / 4);
    expect(pictures.at(-1)).toBeGreaterThan((lengthS - 0.1) * inS);
    isLost = false;
    expect((await played(source)).pictures).toHaveLength(lengthS * fps);
  },
);

test.each([
  { name: 'two segments near each other', refused: [2, 4], gaps: 2 },
  { name: '12 s in one piece', refused: [1, 2, 3, 4, 5, 6], gaps: 1 },
])(
  'HLS of which $name are refused is played but for those, at the right places',
  async ({ refused, gaps }) => {
    const path = await list('mpegts');
    const files = filesOf(path);
    const listed = await readFile(join(path, 'all.m3u8'), 'utf8');
    const lengthsS = [...listed.matchAll(/#EXTINF:([\d.]+)/g)].map(([, words]) => Number(words));
    const startOf = (segment: number) => lengthsS.slice(0, segment).reduce((sum, one) => sum + one, 0);
    const lastUs = 0.01 * inS;
    const isRefused = (us: number) =>
      refused.some((one) => us >= startOf(one) * inS - lastUs && us < startOf(one + 1) * inS - lastUs);
    await using server = await serveHttp((request, response) => {
      if (refused.some((number) => request.url?.endsWith(`/all${number}.ts`))) response.writeHead(404).end();
      else files(request, response);
    });
    const whole = Array.from({ length: lengthS * fps }, (_, index) => (index * inS) / fps);
    const heard = await played(url(`http://127.0.0.1:${server.port}/all.m3u8`));
    expect({ message: heard.message, failures: heard.failures.length, gaps: heard.gaps.length }).toEqual({
      ...{ message: null, failures: 2 * gaps, gaps },
    });
    const round = (us: number) => Math.round((us / inS) * fps);
    const firstUs = heard.pictures[0] ?? 0;
    expect(heard.pictures.map((us) => round(us - firstUs))).toEqual(
      whole.filter((us) => !isRefused(us)).map(round),
    );
  },
);

test.each(['mpegts', 'fmp4'] as const)(
  'HLS with an end, of segments of %s, is begun in its midst',
  async (segments) => {
    await using server = await serveHttp(filesOf(await list(segments)));
    const { message, failures, fromUs, pictures } = await played(
      url(`http://127.0.0.1:${server.port}/all.m3u8`),
      13,
    );
    expect({ message, failures }).toEqual({ message: null, failures: [] });
    expect(Math.abs(fromUs - 13 * inS)).toBeLessThanOrEqual(inS);
    expect(pictures.at(-1)).toBeGreaterThan((lengthS - 0.1) * inS);
  },
);

test('FLV of a server that knows no ranges is begun in its midst', async () => {
  const path = join(folder.path, 'clip.flv');
  await execa('ffmpeg', ['-v', 'error', '-y', '-i', clip, '-c', 'copy', path]);
  const whole = await readFile(path);
  await using server = await serveHttp((_, response) => {
    response.writeHead(200, { 'content-length': whole.length }).end(whole);
  });
  const { message, failures, fromUs } = await played(url(`http://127.0.0.1:${server.port}/clip.flv`), 13);
  expect({ message, failures }).toEqual({ message: null, failures: [] });
  expect(Math.abs(fromUs - 13 * inS)).toBeLessThanOrEqual(inS);
});

test('MP4 in fragments of a server that knows no ranges has a length that is not known, and is played to its end', async () => {
  const path = join(folder.path, 'fragments.mp4');
  const muxed = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof'];
  await execa('ffmpeg', ['-v', 'error', '-y', '-i', clip, '-c', 'copy', ...muxed, path]);
  const whole = await readFile(path);
  await using server = await serveHttp((_, response) => {
    response.writeHead(200, { 'content-length': whole.length }).end(whole);
  });
  const source = url(`http://127.0.0.1:${server.port}/fragments.mp4`);
  const { probe, live } = await sources.prepare(source, planOptions);
  expect({ live, durationMs: probe.durationMs }).toEqual({ live: false, durationMs: null });
  const { message, failures, pictures } = await played(source);
  expect({ message, failures, pictures: pictures.length }).toEqual({
    ...{ message: null, failures: [], pictures: lengthS * fps },
  });
  await using ranged = await serveHttp(filesOf(folder.path));
  const sought = await sources.prepare(url(`http://127.0.0.1:${ranged.port}/fragments.mp4`), planOptions);
  expect(Math.round((sought.probe.durationMs ?? 0) / 1000)).toBe(lengthS);
});

test('a file that was cut is played as far as it goes, which is said, and to its end where it grows meanwhile', async () => {
  const whole = join(folder.path, 'whole.mp4');
  await execa('ffmpeg', ['-v', 'error', '-y', '-i', clip, '-c', 'copy', '-movflags', '+faststart', whole]);
  const bytes = await readFile(whole);
  const path = join(dirname(whole), 'cut.mp4');
  const source: Source = { kind: 'file', path, loop: false, audioTrack: null };
  await writeFile(path, bytes.subarray(0, bytes.length / 2));
  const cut = await played(source);
  expect({ message: cut.message, failures: cut.failures }).toEqual({
    message: null,
    failures: [expect.stringMatching(/^it ended at 0:\d\d of 0:20$/)],
  });
  expect(cut.pictures.length).toBeGreaterThan(100);
  let grown = Promise.resolve();
  const grows = await played(source, 0, () => {
    grown = writeFile(path, bytes);
  });
  await grown;
  expect(grows.pictures).toHaveLength(lengthS * fps);
});
