import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, test } from 'vitest';
import type { RoomWords } from '../../../src/contract/room-config.ts';
import { writeLink } from '../../../src/daemon/access/link-table.ts';
import { copyDatabase } from '../../../src/daemon/state/database-files.ts';
import { notUndone, shutAgain } from '../../../src/daemon/state/not-undone.ts';
import { roomsToBe, takeOffAir } from '../../../src/daemon/state/off-air.ts';
import { readRoomSettings, writeRoomSettings } from '../../../src/daemon/state/room-settings.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';

const rows = (settings: RoomWords | null) =>
  settings ? [{ name: 'lobby', settings, appliedBy: null, changedAtMs: 1, made: false }] : [];

it.each([
  {
    name: 'was closed',
    before: { access: 'closed' },
    backup: null,
    lost: true,
    expected: { access: 'closed' },
  },
  {
    name: 'was closed, with what else the backup has',
    before: { access: 'closed', hold: '3s' },
    backup: { access: 'open', hold: '1s' },
    lost: false,
    expected: { access: 'closed', hold: '1s' },
  },
  {
    name: 'is as the file says again',
    before: null,
    backup: { access: 'open', hold: '1s' },
    lost: false,
    expected: { hold: '1s' },
  },
  {
    name: 'was open, and nothing else',
    before: null,
    backup: { access: 'open' },
    lost: false,
    expected: null,
  },
  {
    name: 'was for guests',
    before: { access: 'link' },
    backup: { access: 'open' },
    lost: false,
    expected: { access: 'link' },
  },
  {
    name: 'was closed to guests, too',
    before: null,
    backup: { access: 'link' },
    lost: false,
    expected: null,
  },
] as const)('shutAgain keeps a room from being open that $name', ({ before, backup, lost, expected }) => {
  expect(shutAgain(rows(before), rows(backup), !lost)).toMatchObject([{ name: 'lobby', settings: expected }]);
});

it.each([
  ['link', { access: 'link' }],
  ['open', { access: 'open' }],
  ['nothing', {}],
])('shutAgain keeps a room shut that was made with %s, and has been deleted since', (_, settings) => {
  const made = { name: 'berlin', settings, appliedBy: null, changedAtMs: 1, made: true };
  expect(shutAgain([], [made], true)).toMatchObject([
    { name: 'berlin', settings: { access: 'closed' }, made: true },
  ]);
  // It is there still.
  expect(shutAgain([made], [made], true)).toEqual([]);
});

it.each([
  { name: 'is closed in both', before: { access: 'closed' }, backup: { access: 'closed' }, whole: true },
  {
    name: 'is closed there to those who are let in now',
    before: { access: 'link' },
    backup: { access: 'closed' },
    whole: true,
  },
  { name: 'was opened', before: { access: 'open' }, backup: { access: 'closed' }, whole: true },
  {
    name: 'is not known of, since the state is lost',
    before: null,
    backup: { access: 'open' },
    whole: false,
  },
] as const)('shutAgain leaves a room as the backup has it that $name', ({ before, backup, whole }) => {
  expect(shutAgain(rows(before), rows(backup), whole)).toEqual([]);
});

it('A restore opens no room that was closed since, and tells what goes on air again', () => {
  using folder = temporaryFolder();
  using store = openState(join(folder.path, 'state'));
  const deed = { who: { kind: 'daemon' }, what: 'test', subject: 'lobby' } as const;
  const row = (room: string) =>
    `INSERT INTO broadcasts (room, id, begun_by, spec, wanted, changed_at) VALUES ('${room}', 'b-${room}', 'person', '{}', '{}', 4);`;
  store.change(deed, (database) => database.exec(row('hall') + row('lobby')));
  store.close();
  const fresh = join(folder.path, 'fresh.db');
  copyFileSync(store.file, fresh);
  using since = openState(join(folder.path, 'state'));
  since.change(deed, (database) => {
    writeRoomSettings(database, 'lobby', { access: 'closed' }, null, 5);
    database.exec("DELETE FROM broadcasts WHERE room = 'hall'");
  });
  expect(notUndone(since.file, fresh, true, 6)).toEqual({ closed: ['lobby'], onAir: ['hall'] });
  const running = `INSERT INTO schedule_runs VALUES ('s-a', 1, 'running', '{"room":"stage"}'), ('s-a', 2, 'ended', '{}')`;
  using unstarted = new DatabaseSync(fresh);
  unstarted.exec(running);
  unstarted.exec(
    "INSERT INTO schedules VALUES ('s-a', 'late', '{}', '{}', 0, NULL, 1, 2), ('s-b', 'ahead', '{}', '{}', 0, NULL, 1, 9)",
  );
  expect(roomsToBe(fresh)).toEqual(['hall', 'lobby', 'stage']);
  expect([takeOffAir(fresh, 7), roomsToBe(fresh)]).toEqual([['hall', 'lobby'], []]);
  // What was due meanwhile is decided.
  expect(unstarted.prepare('SELECT decided_until AS until FROM schedules ORDER BY id').all()).toEqual([
    { until: 7 },
    { until: 9 },
  ]);
  expect(unstarted.prepare('SELECT outcome, details FROM schedule_runs ORDER BY at').all()).toEqual([
    {
      outcome: 'stopped',
      details: '{"room":"stage","outcome":"stopped","reason":"it was restored off air","put":null}',
    },
    { outcome: 'ended', details: '{}' },
  ]);
  unstarted.close();
  since.close();
  copyFileSync(fresh, since.file);
  using restored = openState(join(folder.path, 'state'));
  expect(restored.read(readRoomSettings)).toMatchObject([{ name: 'lobby', settings: { access: 'closed' } }]);
});

test.each([
  { name: 'was used since', before: 2, backup: 0, uses: 2 },
  { name: 'was used as often then', before: 1, backup: 1, uses: 1 },
  { name: 'is known to be used more often', before: 1, backup: 2, uses: 2 },
])('A restored link that $name is as spent as it was', ({ before, backup, uses }) => {
  using folder = temporaryFolder();
  using store = openState(join(folder.path, 'state'));
  const shared = { id: 'l-a', room: 'lobby', name: null, hash: 'h', key: 'k', maxUses: 2, createdAt: 1 };
  const link = { ...shared, expiresAt: null, revokedAt: null };
  const used = (times: number) =>
    store.write((database) => writeLink(database, { ...link, uses: times, lastUsedAt: times }));
  used(backup);
  const fresh = join(folder.path, 'fresh.db');
  copyDatabase(store.file, fresh);
  used(before);
  notUndone(store.file, fresh, true, 6);
  using restored = new DatabaseSync(fresh);
  expect(restored.prepare('SELECT uses, last_used_at AS at FROM links').all()).toEqual([{ uses, at: uses }]);
});
