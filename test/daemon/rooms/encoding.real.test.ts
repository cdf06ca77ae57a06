import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { expect, test } from 'vitest';
import { config } from '../../../src/contract/config.ts';
import { Encoding } from '../../../src/daemon/rooms/encoding.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('What could not be measured is told, and measured again later', async () => {
  await using folder = await temporaryFolder();
  const [ffmpeg, busy] = [join(folder.path, 'ffmpeg'), join(folder.path, 'busy')];
  await writeFile(busy, '');
  await writeFile(ffmpeg, `#!/bin/sh\n[ -e '${busy}' ] && exit 1\nexec ffmpeg "$@"\n`);
  await chmod(ffmpeg, 0o755);
  const clock = new VirtualClock();
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
  const wanted = config.parse({ media: { ffmpeg }, plan: { encoder: 'x264' } });
  await using encoding = await Encoding.create(wanted, log, clock);
  expect(await encoding.capacity()).toBeNull();
  expect(await encoding.capacity()).toBeNull();
  expect(lines.length).toBe(1);
  await rm(busy);
  await clock.pass(60_000);
  expect(await encoding.capacity()).toMatchObject({ secondsPerMegapixel: expect.any(Number) });
  await encoding.close();
  expect(clock.timers).toBe(0);
});
