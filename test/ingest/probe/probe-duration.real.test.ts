import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { probeDuration } from '../../../src/ingest/probe/probe-duration.ts';
import { probeInput } from '../../../src/ingest/probe/probe-input.ts';
import { fileInput } from '../../helpers/media/file-input.ts';
import { sample } from '../../helpers/media/sample-files.ts';

const options = { ffprobe: 'ffprobe', timeoutMs: 60_000 };

test('a file is as long as its container says', async () => {
  const ms = await probeDuration(fileInput(await sample('talk.mp4')), options);
  expect(Math.abs((ms ?? 0) - 10_000)).toBeLessThan(100);
});

test('a file is as long as its picture and sound, as a look into it says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-length-'));
  const [titles, path] = [join(folder, 'late.srt'), join(folder, 'talk.mkv')];
  await writeFile(titles, '1\n00:00:01,000 --> 00:00:20,000\nThank you\n');
  const media = ['-i', await sample('talk.mp4'), '-i', titles, '-c', 'copy', '-c:s', 'srt'];
  await execa('ffmpeg', ['-v', 'error', ...media, path]);
  const ms = await probeDuration(fileInput(path), options);
  expect(Math.abs((ms ?? 0) - 10_000)).toBeLessThan(100);
  const probe = await probeInput(fileInput(path), { path, sizeBytes: 1 }, options);
  expect(probe.durationMs).toBe(ms);
  await rm(folder, { recursive: true });
});

test('what is no media has no length', async () => {
  const path = join(tmpdir(), 'mirolive-no-media.mp4');
  await writeFile(path, 'no media');
  expect(await probeDuration(fileInput(path), options)).toBe(null);
});

test('what comes at its own pace has none, and is not opened', async () => {
  const live = { ...fileInput('/nowhere/pipe'), live: true };
  expect(await probeDuration(live, { ...options, ffprobe: '/nowhere/ffprobe' })).toBe(null);
});
