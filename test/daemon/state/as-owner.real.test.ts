import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dailyBackupsIn, lookAt, rememberLost } from '../../../src/daemon/state/state-files.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';

const owner = 65534;
const ask = (...words: string[]) =>
  JSON.parse(execFileSync(process.execPath, ['src/daemon/state/main.ts', ...words], { encoding: 'utf8' }));
const deed = { who: { kind: 'daemon' }, what: 'createKey', subject: 'one' } as const;

/** A folder of a service's user, with a state, as only root can make it; beside it what only root may read. */
function servicesFolder(root: string): string {
  const folder = join(root, 'state');
  openState(folder).close();
  mkdirSync(join(root, 'mine'), { mode: 0o700 });
  chmodSync(root, 0o755);
  for (const path of [folder, ...readdirSync(folder).map((name) => join(folder, name))])
    chownSync(path, owner, owner);
  return folder;
}

const ownersIn = (folder: string) =>
  new Set(readdirSync(folder, { recursive: true }).map((name) => statSync(join(folder, `${name}`)).uid));

test.runIf(process.getuid?.() === 0)(
  'Root looks after a state as whom its folder belongs to, and follows no link there to what is not his',
  () => {
    using root = temporaryFolder();
    const folder = servicesFolder(root.path);
    const mine = join(root.path, 'mine', 'mine');
    writeFileSync(mine, 'mine', { mode: 0o600 });
    symlinkSync(mine, join(folder, 'link'));
    symlinkSync(mine, join(folder, 'state.owner'));
    expect(ask('backup', folder)).toHaveProperty('result.file');
    expect(ask('restore', folder, 'latest').error.code).toBe('STATE_UNAVAILABLE');
    expect(ask('restore', folder, join(folder, 'link')).error.code).toBe('STATE_UNAVAILABLE');
    expect([statSync(mine).uid, statSync(mine).size]).toEqual([0, 4]);
  },
);

test.runIf(process.getuid?.() === 0)(
  'Root copies a state to where only root may write, and restores it from there; a restore that is killed leaves nothing of root',
  () => {
    using root = temporaryFolder();
    const folder = servicesFolder(root.path);
    const copy = join(root.path, 'mine', 'copy.db');
    expect(ask('backup', folder, copy).result.file).toBe(copy);
    expect([statSync(copy).uid, statSync(copy).mode & 0o777]).toEqual([0, 0o600]);
    expect(ask('backup', folder, copy).error.message).toBe(
      `expected a file that is not there yet, got ${copy}`,
    );
    const file = join(folder, 'state.db');
    expect(ask('restore', folder, copy).result).toMatchObject({ from: copy, file });
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
    const env = { ...process.env, KILL_AT: '8', KILL_IN: folder };
    const words = ['--import', join(process.cwd(), 'test/helpers/kill-at.mjs'), 'src/daemon/state/main.ts'];
    const { signal } = spawnSync(process.execPath, [...words, 'restore', folder, copy], { env });
    expect(signal).toBe('SIGKILL');
    expect(existsSync(join(folder, 'state.owner'))).toBe(true);
    expect(ownersIn(folder)).toEqual(new Set([owner]));
  },
);

test('What is there since a state was lost does not get among the backups that it can be had back from', () => {
  using root = temporaryFolder();
  const folder = join(root.path, 'state');
  const store = openState(folder);
  store.change(deed, () => {});
  const { file } = ask('backup', folder).result;
  store.close();
  rememberLost(folder, 'the state was damaged');
  expect(ask('backup', folder).error).toMatchObject({
    code: 'STATE_LOST',
    hint: expect.stringContaining('mirolive state check'),
  });
  expect(dailyBackupsIn(folder).map((one) => one.file)).toEqual([file]);
  expect(ask('backup', folder, join(root.path, 'since.db')).result.file).toBe(join(root.path, 'since.db'));
  expect(ask('restore', folder, 'latest').result.from).toBe(file);
  expect(lookAt(join(folder, 'state.db')).rows?.audit).toBe(1);
});
