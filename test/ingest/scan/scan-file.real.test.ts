import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ScanLine } from '../../../src/contract/scan.ts';
import { type ScanFileOptions, scanFile } from '../../../src/ingest/scan/scan-file.ts';
import { openFile } from '../../../src/ingest/sources/file-input.ts';
import { aac, h264 } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** Black from 2 to 6 s, silent from 2 to 7 s, a key frame each second. */
const black = [
  '-f',
  'lavfi',
  '-i',
  "testsrc2=s=160x90:r=15:d=12,drawbox=c=black:t=fill:enable='between(t,2,6)'",
];
const silence = ['-f', 'lavfi', '-i', "aevalsrc='if(between(t,2,7),0,0.2*sin(880*PI*t))':d=12"];
const made = () => makeMedia('scanned.mp4', { args: [...black, ...silence, ...h264(15), ...aac] });

function options(changes: Partial<ScanFileOptions> = {}): ScanFileOptions {
  return {
    ...{ ffmpeg: 'ffmpeg', video: 0, audio: 1, durationMs: 12_000 },
    ...{ limits: { black: 3000, silent: 10_000, frozen: null }, signal: AbortSignal.timeout(60_000) },
    ...changes,
  };
}

async function scanned(path: string, changes: Partial<ScanFileOptions> = {}) {
  await using input = await openFile(path, { roots: [] });
  const lines: ScanLine[] = [];
  for await (const line of scanFile(input, options(changes))) lines.push(line);
  const last = lines.at(-1);
  if (last?.type !== 'done') throw new Error('expected a report');
  return { lines, report: last.report };
}

test('a whole file is read, and what viewers would complain of is found', async () => {
  const { lines, report } = await scanned(await made());
  expect(lines[0]).toEqual({ type: 'progress', atMs: 0, durationMs: 12_000 });
  const [first, second] = report.findings;
  const found = [first, second].map((one) => one && [one.kind, Math.round(one.fromMs / 1000), one.told]);
  expect(found.sort()).toEqual([
    ['black', 2, true],
    ['silent', 2, false],
  ]);
  expect(report.findings).toHaveLength(2);
  expect(report.keyFrames).toEqual({ count: 12, longestMs: 1000, meanMs: 1000 });
  expect(report.loudness?.integratedLufs).toBeLessThan(-10);
  expect(report.loudness?.integratedLufs).toBeGreaterThan(-30);
});

test('damage is found where it is', async () => {
  await using folder = await temporaryFolder();
  const bytes = await readFile(await made());
  // Some of the pictures and the sound behind the middle; its index stays.
  for (let at = 0; at < 400; at++) bytes[Math.floor(bytes.length * 0.6) + at * 13] = (at * 31) % 256;
  const path = join(folder.path, 'damaged.mp4');
  await writeFile(path, bytes);
  const { report } = await scanned(path);
  const [damage] = report.findings.filter(({ kind }) => kind === 'damaged');
  expect(damage?.told).toBe(true);
  expect(damage?.fromMs).toBeGreaterThan(2000);
  expect(damage?.words).not.toBe('');
});

test('it ends with whoever waits', async () => {
  const gone = new AbortController();
  await using input = await openFile(await made(), { roots: [] });
  const lines = scanFile(input, options({ signal: gone.signal }));
  expect((await lines.next()).value).toMatchObject({ type: 'progress' });
  gone.abort(new Error('nobody waits'));
  await expect(lines.next()).rejects.toThrow('nobody waits');
});

test('one without picture is read for its sound', async () => {
  const { report } = await scanned(await made(), { video: null });
  expect(report.keyFrames).toBeNull();
  expect(report.findings.map(({ kind }) => kind)).toEqual(['silent']);
});

test('without ffmpeg it says so', async () => {
  await expect(scanned(await made(), { ffmpeg: '/nowhere/ffmpeg' })).rejects.toMatchObject({
    code: 'FFMPEG_NOT_FOUND',
  });
});
