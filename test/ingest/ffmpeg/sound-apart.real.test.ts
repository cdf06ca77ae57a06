import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Plan } from '../../../src/contract/plan.ts';
import { ffmpegArgs, timeOffsetMs } from '../../../src/ingest/ffmpeg/args.ts';
import { Pipeline } from '../../../src/ingest/ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../../src/ingest/media/media-frame.ts';
import { plainInput } from '../../../src/ingest/sources/input.ts';
import { aac, h264, picture, tone } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';

const recipe = { args: [...picture('160x90', 3), ...tone(440, 3), ...h264(30), ...aac] };
const plan: Plan = {
  video: {
    ...{ action: 'copy', index: 0, from: 'h264', reasons: [], codec: 'h264', width: 160, height: 90 },
    ...{ fps: null, bitrateBps: null, deinterlace: false, name: 'source', lower: [] },
  },
  audio: {
    action: 'transcode',
    index: 1,
    from: 'aac',
    reasons: [],
    codec: 'opus',
    track: 0,
    bitrateBps: null,
  },
};

interface Tag {
  readonly kind: MediaFrame['kind'] | 'data';
  readonly atMs: number;
  readonly bytes: Buffer;
}

/** The head of an FLV file, and its tags (Adobe Flash Video File Format 10.1, E.3 and E.4.1). */
function flvTags(file: Buffer): { readonly head: Buffer; readonly tags: Tag[] } {
  const tags: Tag[] = [];
  let at = 13;
  while (at < file.length) {
    const length = 11 + file.readUIntBE(at + 1, 3) + 4;
    const kind = ({ 8: 'audio', 9: 'video' } as const)[file[at] ?? 0] ?? 'data';
    tags.push({ kind, atMs: file.readUIntBE(at + 4, 3), bytes: file.subarray(at, at + length) });
    at += length;
  }
  return { head: file.subarray(0, 13), tags };
}

test.each([
  { late: 'audio', there: 'video', leastMs: 1930 },
  // Packets of 20 ms are made of frames of 21.
  { late: 'video', there: 'audio', leastMs: 1930 },
] as const)('live $there is there although its $late is behind', async ({ late, there, leastMs }) => {
  const { head, tags } = flvTags(await readFile(await makeMedia('apart.flv', recipe)));
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await using _server = { [Symbol.asyncDispose]: async () => void server.close() };
  await once(server, 'listening');
  const location = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const input = plainInput([{ options: ['-f', 'live_flv', '-fpsprobesize', '5'], location }], { live: true });

  const connected = once(server, 'connection');
  const came = Promise.withResolvers<void>();
  const frames: MediaFrame[] = [];
  await using pipeline = Pipeline.start({
    ...{ ffmpeg: 'ffmpeg', args: ffmpegArgs(plan, input) },
    stallTimeoutMs: 20_000,
    onFrames: (found) => {
      frames.push(...found);
      const isThere = ({ kind, ptsUs }: MediaFrame) =>
        kind === there && ptsUs / 1000 - timeOffsetMs >= leastMs;
      if (found.some(isThere)) came.resolve();
    },
  });
  const [socket] = (await connected) as [Socket];
  socket.write(head);
  const sent = tags.filter(({ kind, atMs }) => atMs < (kind === late ? 1920 : 2000));
  for (const { bytes } of sent) socket.write(bytes);
  await came.promise;

  for (const { bytes } of tags.filter((tag) => !sent.includes(tag))) socket.write(bytes);
  socket.end();
  expect(await pipeline.ended).toEqual({ kind: 'finished' });
  expect(frames.filter(({ kind }) => kind === 'video')).toHaveLength(90);
  expect(frames.filter(({ kind }) => kind === 'audio').length).toBeGreaterThanOrEqual(149);
});
