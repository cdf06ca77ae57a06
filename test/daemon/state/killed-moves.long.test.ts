import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { lookAt, makeBackup } from '../../../src/daemon/state/state-files.ts';
import type { StateStore } from '../../../src/daemon/state/state-store.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';

const preload = resolve('test/helpers/kill-at.mjs');
const deed = (subject: string) => ({ who: { kind: 'daemon' }, what: 'createKey', subject }) as const;
const subjectsIn = (store: StateStore) =>
  store.read((database) => database.prepare('SELECT subject FROM audit').all()).map(({ subject }) => subject);

/** Does something in a copy of a folder, killed at its first step there, its second, and so on, until it comes to its end; gives how many steps. */
function killedAtEach(
  begin: (folder: string) => void,
  words: (folder: string) => string[],
  look: (folder: string, step: number) => void,
): number {
  for (let step = 1; ; step++) {
    using folder = temporaryFolder();
    begin(folder.path);
    const env = { ...process.env, KILL_AT: `${step}`, KILL_IN: folder.path };
    const { signal, stderr } = spawnSync(process.execPath, ['--import', preload, ...words(folder.path)], {
      env,
      encoding: 'utf8',
    });
    expect([null, 'SIGKILL'], stderr).toContain(signal);
    look(folder.path, step);
    for (const name of readdirSync(folder.path).filter((one) => one.startsWith('state.db')))
      expect(statSync(join(folder.path, name)).mode & 0o777, name).toBe(0o600);
    if (signal === null) return step;
  }
}

test('A restore that is killed at any step leaves the state that was, with its last writes, or the one that is restored', () => {
  using from = temporaryFolder();
  using store = openState(from.path);
  store.change(deed('backed up'), () => {});
  const backup = makeBackup(from.path, 0);
  store.change(deed('after it'), () => {});
  const found = new Set<string>();
  const steps = killedAtEach(
    (folder) => {
      // With a log of what is not in the database yet, as a daemon leaves it that is killed.
      for (const end of ['', '-wal', '-shm'])
        cpSync(join(from.path, `state.db${end}`), join(folder, `state.db${end}`));
    },
    (folder) => ['src/daemon/state/main.ts', 'restore', folder, backup],
    (folder) => {
      using after = openState(folder);
      expect([after.problem, after.lost]).toEqual([null, null]);
      found.add(subjectsIn(after).join());
    },
  );
  expect([...found]).toEqual(['backed up,after it', 'backed up']);
  expect(steps).toBeGreaterThan(10);
});

test('A start that is killed at any step of setting a damaged state aside loses neither it nor that it is lost', () => {
  using from = temporaryFolder();
  openState(from.path).close();
  const bytes = readFileSync(join(from.path, 'state.db')).fill(0xff, 4096);
  const open = `import { StateStore } from ${JSON.stringify(resolve('src/daemon/state/state-store.ts'))};
    StateStore.open({ folder: process.argv[1], socket: '', log: { error() {} } }).close();`;
  const steps = killedAtEach(
    (folder) => writeFileSync(join(folder, 'state.db'), bytes, { mode: 0o600 }),
    (folder) => ['--input-type=module', '-e', open, folder],
    (folder) => {
      using after = openState(folder);
      expect(subjectsIn(after)).toEqual([]);
      const [, aside = ''] = /^the state was damaged, and is set aside as (.*)$/.exec(after.lost ?? '') ?? [];
      expect(readFileSync(aside).equals(bytes)).toBe(true);
    },
  );
  expect(steps).toBeGreaterThan(10);
});

test('A copy is its owner alone from its first byte on', () => {
  using folder = temporaryFolder();
  using store = openState(folder.path);
  store.change(deed('one'), () => {});
  const target = join(folder.path, 'copy.db');
  const before = process.umask(0);
  const { signal } = spawnSync(
    process.execPath,
    ['--import', preload, 'src/daemon/state/main.ts', 'backup', folder.path, target],
    // It is killed where the copy is whole, and has not got its name yet.
    { env: { ...process.env, KILL_AT: '6', KILL_IN: target } },
  );
  process.umask(before);
  expect(signal).toBe('SIGKILL');
  expect(lookAt(target).state).toBe('empty');
  expect(lookAt(`${target}.new`).state).toBe('ok');
  expect(statSync(`${target}.new`).mode & 0o777).toBe(0o600);
  using database = new DatabaseSync(`${target}.new`, { readOnly: true });
  expect(database.prepare('SELECT subject FROM audit').all()).toHaveLength(1);
});

test('A restore keeps what was there also where a file can have one name only', () => {
  using folder = temporaryFolder();
  using store = openState(folder.path);
  store.change(deed('before'), () => {});
  const backup = makeBackup(folder.path, 0);
  store.change(deed('after'), () => {});
  store.close();
  const { stdout } = spawnSync(
    process.execPath,
    ['--import', preload, 'src/daemon/state/main.ts', 'restore', folder.path, backup],
    { env: { ...process.env, NO_LINKS: '1' }, encoding: 'utf8' },
  );
  const { setAside } = JSON.parse(stdout).result;
  expect([setAside, folder.path].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o700]);
  expect(lookAt(setAside).rows?.audit).toBe(2);
  expect(lookAt(store.file).rows?.audit).toBe(1);
});
