import { readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepDailyBackups } from '../../../src/daemon/state/daily-backup.ts';
import { backupsIn, dailyBackupsIn, makeBackup, tooMany } from '../../../src/daemon/state/state-files.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('A backup of each day is kept, the last seven, and it is told where none can be made', async () => {
  using folder = temporaryFolder();
  using store = openState(folder.path);
  // Those of older versions are kept beside them.
  const older = makeBackup(folder.path, 0, 3);
  const clock = new VirtualClock(1000, Date.now() - 6 * 3_600_000);
  const nameOf = (agoMs: number) =>
    join(
      folder.path,
      'backups',
      `state-${new Date(clock.wallMs() - agoMs).toISOString().replace(/[:.]/g, '-')}.db`,
    );
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
    // One a day: that is older by the next.
    renameSync(dailyBackupsIn(folder.path)[0]?.file ?? '', nameOf((10 - day) * 86_400_000));
  }
  expect(told).toEqual(Array(8).fill(null));
  expect(dailyBackupsIn(folder.path)).toHaveLength(7);
  expect(backupsIn(folder.path).map(({ file }) => file)).toContain(older);
  // Of today, whenever it was put there: none is made.
  renameSync(dailyBackupsIn(folder.path)[0]?.file ?? '', nameOf(3_600_000));
  utimesSync(dailyBackupsIn(folder.path)[0]?.file ?? '', 0, 0);
  await clock.pass(60 * 60_000);
  expect(told).toHaveLength(8);
  // Of a year to come, since the clock was wrong: it is no backup of today, nor what is restored.
  renameSync(dailyBackupsIn(folder.path)[0]?.file ?? '', nameOf(-365 * 86_400_000));
  await pass();
  expect(told.at(-1)).toBeNull();
  expect(Date.parse(dailyBackupsIn(folder.path)[0]?.at ?? '')).toBeLessThanOrEqual(Date.now());
  rmSync(dailyBackupsIn(folder.path)[0]?.file ?? '');
  rmSync(store.file);
  await pass();
  expect(told.at(-1)).toContain('expected a state to copy');
  timer.cancel();
});

const backup = (at: string) => ({ file: at, at, bytes: 1 });

test.each([
  { name: 'seven of an afternoon', days: ['07', '06', '05', '04', '03', '02', '01'], afternoon: 7, gone: 1 },
  { name: 'more of an afternoon', days: ['07', '06', '05', '04', '03', '02', '01'], afternoon: 9, gone: 3 },
  { name: 'an eighth day', days: ['08', '07', '06', '05', '04', '03', '02', '01'], afternoon: 0, gone: 1 },
  {
    name: 'as many days with an afternoon more',
    days: ['07', '06', '05', '04', '03', '02', '01'],
    afternoon: 1,
    gone: 1,
  },
])('The backups of a week stay beside $name', ({ days, afternoon, gone }) => {
  const today = Array.from({ length: afternoon }, (_, index) =>
    backup(`2026-11-09T1${9 - index}:00:00.000Z`),
  );
  const before = days.map((day) => backup(`2026-11-${day}T03:00:00.000Z`));
  expect(tooMany([...today, ...before])).toHaveLength(gone);
});

test('What a copy has left that was killed is removed by a later one', () => {
  using folder = temporaryFolder();
  using store = openState(folder.path);
  makeBackup(folder.path, 0);
  const left = join(folder.path, 'backups', 'state-2026.db.new');
  const now = join(folder.path, 'backups', 'state-2027.db.new');
  for (const file of [left, now]) writeFileSync(file, '');
  utimesSync(left, 0, 0);
  makeBackup(store.folder, Date.now());
  expect(readdirSync(join(folder.path, 'backups')).filter((name) => name.endsWith('.new'))).toEqual([
    'state-2027.db.new',
  ]);
});
