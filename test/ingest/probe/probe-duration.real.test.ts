import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { probeDuration } from '../../../src/ingest/probe/probe-duration.ts';
import { fileInput } from '../../helpers/media/file-input.ts';
import { sample } from '../../helpers/media/sample-files.ts';

const options = { ffprobe: 'ffprobe', timeoutMs: 60_000 };

test('a file is as long as its container says', async () => {
  const ms = await probeDuration(fileInput(await sample('talk.mp4')), options);
  expect(Math.abs((ms ?? 0) - 10_000)).toBeLessThan(100);
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
