import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StreamKeys } from '../../../src/daemon/publishers/keys/stream-keys.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';
import { mirolive } from '../mirolive.ts';

test('mirolive state copies, checks and restores, and nothing that was revoked comes back', async () => {
  using folder = temporaryFolder();
  const config = join(folder.path, 'mirolive.yaml');
  const state = join(folder.path, 'state');
  writeFileSync(config, `state: { dir: ${state} }\n`);
  const run = (...words: string[]) => mirolive(['state', ...words, '--config', config]);
  const empty = await run('check', '--json');
  expect(JSON.parse(empty.stdout)).toMatchObject({ state: 'empty', backups: [] });
  const none = await run('backup');
  expect([none.exitCode, none.stderr]).toEqual([
    1,
    expect.stringContaining('expected a state to copy, got none'),
  ]);
  const store = openState(state);
  const keys = StreamKeys.create(store);
  const [lost, kept] = ['cam1', 'cam2'].map((name) => keys.create({ room: 'lobby', name, expiresMs: null }));
  store.change({ who: { kind: 'daemon' }, what: 'test', subject: 'hall' }, (database) =>
    database.exec(
      "INSERT INTO broadcasts (room, id, begun_by, spec, wanted, changed_at) VALUES ('hall', 'b-a', 'person', '{}', '{}', 4)",
    ),
  );
  // While a daemon has it.
  const copied = await run('backup');
  expect([copied.exitCode, copied.stdout]).toEqual([
    0,
    expect.stringMatching(/^backup of .* KiB: .*state-.*\.db$/),
  ]);
  const held = await run('restore', 'latest', '--yes');
  expect([held.exitCode, held.stderr]).toEqual([1, expect.stringContaining('holds the state')]);
  keys.revoke(lost?.key.id ?? '');
  const rotated = keys.rotate(kept?.key.id ?? '', undefined);
  keys.close();
  store.close();
  const unsure = await run('restore', 'latest');
  expect([unsure.exitCode, unsure.stderr]).toEqual([
    2,
    expect.stringMatching(/expected --yes: .*, and put on air: hall\n.*--off-air/),
  ]);
  writeFileSync(join(state, 'state.db'), 'no database'.repeat(1000));
  const damaged = await run('check');
  expect([damaged.exitCode, damaged.stdout]).toEqual([
    1,
    expect.stringContaining('mirolive state restore latest --yes'),
  ]);
  const restored = await run('restore', 'latest', '--off-air', '--yes');
  expect(restored.stdout).toContain('Stays off air: hall');
  expect([restored.exitCode, restored.stdout]).toEqual([
    0,
    expect.stringContaining('2 secrets of it, revoked since, stay void'),
  ]);
  expect(statSync(join(state, 'state.db')).mode & 0o777).toBe(0o600);
  using again = openState(state);
  using found = StreamKeys.create(again);
  for (const secret of [lost?.secret, kept?.secret, rotated.secret])
    expect(() => found.find('lobby', secret ?? '')).toThrow();
  const checked = await run('check');
  expect([checked.exitCode, checked.stdout]).toEqual([0, expect.stringContaining('stream_keys     2')]);
  expect(checked.stdout).toMatch(/broadcasts +0\n/);
  expect((await run('accept')).stdout).toBe('No state is lost.');
  again.close();
  rmSync(join(state, 'state.db'));
  const gone = await run('check');
  expect([gone.exitCode, gone.stdout]).toEqual([
    1,
    expect.stringMatching(/state\.db: is gone: .*mirolive state restore latest --yes/s),
  ]);
  expect((await run('accept')).stdout).toBe('Given up: the state is gone');
  expect((await run('check')).exitCode).toBe(0);
});
