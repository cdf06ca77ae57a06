import { execFileSync, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdir, open, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endFamily, familyVariable } from '../../../src/ingest/child/descendants.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { gone, stateOf } from '../processes.ts';

test('A family is ended though a process beside it cannot be read, and nobody waits for that one', async () => {
  await using folder = await temporaryFolder();
  const start = (family: string) => spawn('sleep', ['60'], { env: { [familyVariable]: family } }).pid ?? -1;
  const [one, other] = [start('ours'), start('others')];
  // Whoever reads it waits for a writer, as one waits for a process that waits for a mount which is dead.
  await mkdir(join(folder.path, '1'));
  const pipe = join(folder.path, '1', 'environ');
  execFileSync('mkfifo', [pipe]);
  for (const pid of [one, other]) await symlink(`/proc/${pid}`, join(folder.path, `${pid}`));
  try {
    await endFamily('ours', folder.path);
    await gone(one);
    expect(await stateOf(other)).toBe('runs');
  } finally {
    process.kill(other, 'SIGKILL');
    await (await open(pipe, constants.O_RDWR)).close();
  }
});
