import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runFfprobe } from '../../../src/ingest/probe/ffprobe.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test('an ffprobe that says too much of a source is ended, and what it said first is given', async () => {
  await using folder = await temporaryFolder();
  const ffprobe = join(folder.path, 'ffprobe');
  await writeFile(ffprobe, '#!/bin/sh\nexec yes 0.040000,0.040000,K__\n');
  await chmod(ffprobe, 0o755);
  const answer = await runFfprobe({
    ...{ ffprobe, part: { options: [], location: 'x' }, env: {}, options: [] },
    signal: new AbortController().signal,
  });
  expect({ ...answer, stdout: answer.stdout.length }).toEqual({
    ...{ ok: false, stdout: 1024 * 1024, complaints: ['ffprobe says more of it than 1 MiB'] },
  });
});
