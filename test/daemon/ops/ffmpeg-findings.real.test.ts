import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding } from '../../../src/contract/finding.ts';
import { partFindings, parts } from '../../../src/daemon/ops/ffmpeg-findings.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

async function allFindings(ffmpeg: string): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const finding of partFindings(ffmpeg)) found.push(finding);
  return found;
}

test('The doctor finds in Debian’s ffmpeg all that is used of it', async () => {
  const found = await allFindings('ffmpeg');
  expect(found.map(({ check, state }) => `${check}: ${state}`)).toEqual(
    parts.map(({ check }) => `${check}: ok`),
  );
});

test.each(parts)('The doctor says what is lost without $names', async ({ check, state, names, lost }) => {
  await using folder = await temporaryFolder();
  const ffmpeg = join(folder.path, 'ffmpeg');
  // As if it had been built without them.
  await writeFile(ffmpeg, `#!/bin/sh\nffmpeg "$@" | sed -E 's/\\b(${names.join('|')})\\b/other/g'\n`);
  await chmod(ffmpeg, 0o755);
  const found = await allFindings(ffmpeg);
  expect(found.filter((finding) => finding.state !== 'ok')).toEqual([
    {
      check,
      state,
      detail: `missing: ${names.join(', ')}; ${lost}`,
      fix: expect.stringContaining('Install'),
    },
  ]);
});
