import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { probeInput } from '../../../src/ingest/probe/probe-input.ts';
import { plainInput } from '../../../src/ingest/sources/input.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test.each([
  { name: 'as long as it may', cutOff: false, withinMs: 200 },
  { name: 'half as long again where it is cut off if nothing comes', cutOff: true, withinMs: 300 },
])('what comes live is looked at $name', async ({ cutOff, withinMs }) => {
  await using folder = await temporaryFolder();
  const ffprobe = join(folder.path, 'ffprobe');
  await writeFile(ffprobe, '#!/bin/sh\nexec sleep 1000\n');
  await chmod(ffprobe, 0o755);
  await using input = plainInput([{ options: [], location: 'x' }], { live: true, cutOff });
  const subject = { path: 'cam', sizeBytes: null };
  await expect(probeInput(input, subject, { ffprobe, timeoutMs: 200 })).rejects.toMatchObject({
    code: 'SOURCE_TIMEOUT',
    message: `cam was not probed within ${withinMs} ms`,
  });
});

test('what has an end before anything came is refused with what is known of that', async () => {
  await using folder = await temporaryFolder();
  const ffprobe = join(folder.path, 'ffprobe');
  const streams = '[{"index":0,"codec_type":"video","codec_name":"h264"}]';
  await writeFile(ffprobe, `#!/bin/sh\necho '{"streams":${streams},"format":{"format_name":"rtsp"}}'\n`);
  await chmod(ffprobe, 0o755);
  const refusal = new MiroliveError('SOURCE_UNREACHABLE', 'cam sends nothing');
  await using input = plainInput([{ options: [], location: 'x' }], { live: true, explain: () => refusal });
  const subject = { path: 'cam', sizeBytes: null };
  await expect(probeInput(input, subject, { ffprobe, timeoutMs: 10_000 })).rejects.toBe(refusal);
});
