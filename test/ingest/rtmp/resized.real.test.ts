import { spawn } from 'node:child_process';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { ffmpegArgs } from '../../../src/ingest/ffmpeg/args.ts';
import { h264Size } from '../../../src/ingest/media/h264/h264-size.ts';
import type { MediaFrame } from '../../../src/ingest/media/media-frame.ts';
import { FrameReader } from '../../../src/ingest/media/nut/frame-reader.ts';
import { planVideo } from '../../../src/ingest/plan/video-plan.ts';
import { publisherInput } from '../../../src/ingest/process/players/publisher-input.ts';
import { flvTags, publishTags } from '../../helpers/flv-publisher.ts';
import { planOptions } from '../../helpers/plan-options.ts';
import { openServer } from './open-server.ts';

it('a picture that changes its size by RTMP is copied in its new one at once, and can be decoded', async () => {
  await using opened = await openServer();
  const tags = [
    ...(await flvTags(2, 25)),
    ...(await flvTags(2, 25, { size: '180x320', fromMs: 2000 })),
    ...(await flvTags(2, 25, { fromMs: 4000 })),
  ];
  await using _publisher = await publishTags(
    { port: opened.server.port, room: 'lobby', secret: 'key1' },
    tags.filter(({ kind }) => kind === 'video'),
  );
  const [{ id, pullUrl }] = await opened.published.next();
  const frames = await pulled(id, pullUrl);
  const keys = frames.filter(({ key }) => key);
  expect(keys.map(({ data }) => h264Size(data))).toEqual([
    ...Array(2).fill({ width: 320, height: 180 }),
    ...Array(2).fill({ width: 180, height: 320 }),
    ...Array(2).fill({ width: 320, height: 180 }),
  ]);
  const input = Buffer.concat(frames.map(({ data }) => data));
  const decoded = await execa('ffmpeg', ['-v', 'error', '-f', 'h264', '-i', 'pipe:0', '-f', 'null', '-'], {
    input,
  });
  expect(decoded.stderr).toBe('');
});

/** All pictures that a copy of it gives, to its end. */
async function pulled(id: string, url: string): Promise<MediaFrame[]> {
  const video = planVideo(
    {
      ...{ index: 0, codec: 'h264', profile: 'High', width: 320, height: 180, rotation: 0, fps: 25 },
      ...{ pixelFormat: 'yuv420p', interlaced: false, squarePixels: true, bFrames: false },
      ...{ maxKeyframeIntervalMs: 1000, bitrateBps: null },
    },
    null,
    planOptions,
  );
  const publication = { id, protocol: 'rtmp', url, tracks: [] } as const;
  const { stdout } = spawn(
    'ffmpeg',
    ffmpegArgs({ video, audio: null }, publisherInput(publication, 'cam1')),
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const reader = new FrameReader();
  const frames: MediaFrame[] = [];
  for await (const chunk of stdout) frames.push(...reader.push(chunk));
  return frames;
}
