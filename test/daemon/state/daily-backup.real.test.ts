import { rmSync, utimesSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keepDailyBackups } from '../../../src/daemon/state/daily-backup.ts';
import { backupsIn, dailyBackupsIn, makeBackup } from '../../../src/daemon/state/state-files.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('A backup of each day is kept, the last seven, and it is told where none can be made', async () => {
  using folder = temporaryFolder();
  using store = openState(folder.path);
  // Those of older versions are kept beside them.
  const older = makeBackup(folder.path, 0, 3);
  const clock = new VirtualClock();
  const told: (string | null)[] = [];
  const health = {
    lost: (_: string, { reason }: { readonly reason: string }) => told.push(reason),
    found: () => told.push(null),
  };
  const timer = keepDailyBackups({ store, clock, health });
  const pass = async () => {
    const before = told.length;
    await clock.pass(15 * 60_000);
    await expect.poll(() => told.length).toBe(before + 1);
  };
  for (let day = 1; day <= 8; day++) {
    await pass();
    // One a day: those that are there are older.
    for (const { file } of backupsIn(folder.path)) utimesSync(file, 0, 0);
  }
  expect(told).toEqual(Array(8).fill(null));
  expect(dailyBackupsIn(folder.path)).toHaveLength(7);
  expect(backupsIn(folder.path).map(({ file }) => file)).toContain(older);
  rmSync(store.file);
  await pass();
  expect(told.at(-1)).toContain('expected a state to copy');
  timer.cancel();
});
