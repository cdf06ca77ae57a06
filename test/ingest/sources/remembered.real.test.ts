import { copyFile, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Sources } from '../../../src/ingest/sources/sources.ts';
import { sample } from '../../helpers/media/sample-files.ts';
import { planOptions } from '../../helpers/plan-options.ts';
import { sourcesOptions } from '../../helpers/sources-options.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test('Sources looks at a file once, whoever asks and by which rules, until it is replaced or written', async () => {
  await using folder = await temporaryFolder();
  const [path, next] = [join(folder.path, 'talk.mp4'), join(folder.path, 'next.mp4')];
  await copyFile(await sample('talk.mp4'), path);
  await using sources = await Sources.create({ ...sourcesOptions, ffprobe: await counting(folder.path) });
  const source = { kind: 'file', path, loop: false, audioTrack: null } as const;
  const prepare = (rules = planOptions) => sources.prepare(source, rules);

  await Promise.all(Array.from({ length: 30 }, () => prepare()));
  const looked = await runs(folder.path);
  const { plan } = await prepare({ ...planOptions, codec: 'vp8' });
  expect(plan.video).toMatchObject({ action: 'transcode', codec: 'vp8' });
  expect(await runs(folder.path)).toBe(looked);
  // Its head, and its packets.
  expect(looked).toBe(2);

  await copyFile(await sample('portrait-rotated.mp4'), next);
  await rename(next, path);
  expect((await prepare()).probe.video?.rotation).not.toBe(0);
  expect(await runs(folder.path)).toBeGreaterThan(looked);

  const before = await runs(folder.path);
  await utimes(path, 1, 1);
  await prepare();
  expect(await runs(folder.path)).toBeGreaterThan(before);
});

test('Sources asks how long a file is once', async () => {
  await using folder = await temporaryFolder();
  await using sources = await Sources.create({ ...sourcesOptions, ffprobe: await counting(folder.path) });
  const source = { kind: 'file', path: await sample('talk.mp4'), loop: false, audioTrack: null } as const;
  const { signal } = new AbortController();
  const lengths = await Promise.all(Array.from({ length: 30 }, () => sources.durationMs(source, signal)));
  expect(new Set([...lengths, await sources.durationMs(source, signal)])).toEqual(new Set([10_000]));
  expect(await runs(folder.path)).toBe(1);
});

/** An ffprobe that notes each of its runs. */
async function counting(folder: string): Promise<string> {
  const path = join(folder, 'ffprobe');
  const script = `#!/bin/sh\necho run >> '${join(folder, 'runs')}'\nexec ffprobe "$@"\n`;
  await writeFile(path, script, { mode: 0o755 });
  return path;
}

async function runs(folder: string): Promise<number> {
  return (await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n').length;
}
