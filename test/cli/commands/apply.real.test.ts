import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, createClient } from '../../../src/cli/client.ts';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { inProcess, values } from '../mirolive.ts';

let daemon: TestDaemon;
let client: Client;
const folder = await temporaryFolder();
const event = join(folder.path, 'webinar.yaml');
const run = (...args: string[]) => inProcess([...args, '--socket', daemon.socket]);
const head = ['version: 1', 'name: webinar'];
const write = (...lines: string[]) => writeFile(event, [...head, ...lines, ''].join('\n'));
const apply = (...flags: string[]) => run('apply', '-f', event, ...flags);
const diff = (...flags: string[]) => run('diff', '-f', event, ...flags);
const onAir = async () => {
  const all = await client.call('listBroadcasts', {});
  return all
    .map(({ id, room, name, kept }) => ({ id, room, name, kept }))
    .sort((one, other) => one.room.localeCompare(other.room));
};

const secret = `mlk_${'a'.repeat(32)}`;
const rooms = ['rooms:', '  lobby: { hold: 9s }'];
const keys = ['keys:', '  - { room: lobby, name: cam1, secretFile: cam1.key }'];
const list = (...items: string[]) => [
  'playlists:',
  `  evening: { items: [${items.map((item) => `{ source: "${item}", for: 1h }`).join(', ')}] }`,
];
const broadcasts = (lobby: string) => ['broadcasts:', `  lobby: ${lobby}`, '  stage: { saved: evening }'];
const whole = [
  ...rooms,
  ...keys,
  ...list('test:bars', 'test:clock'),
  ...broadcasts('{ source: test, name: One }'),
];

beforeAll(async () => {
  daemon = await startDaemon();
  client = createClient(daemon.socket);
  await writeFile(join(folder.path, 'cam1.key'), `${secret}\n`, { mode: 0o600 });
});

afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

test('an event file comes on standard input too, and names in it are those of the current folder', async () => {
  const words = `${[...head, 'rooms:', '  piped: { hold: 9s }'].join('\n')}\n`;
  const piped = (line: string) => inProcess([...line.split(' '), '--socket', daemon.socket], [words]);
  expect((await piped('diff -f -')).stdout).toContain('+ room piped');
  const wrong = await inProcess(['diff', '-f', '-', '--socket', daemon.socket], ['version: 1\nnmae: x\n']);
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('/-:2:1: ')]);
});

test('an event is applied as a whole, and then there is nothing to do; what it becomes changes only what differs', async () => {
  await write(...whole);
  expect((await diff()).exitCode).toBe(1);
  const made = await apply('--wait');
  expect(made.stdout).toContain('+ room lobby\n    hold: 9s');
  expect(made.stdout.split('\n').slice(-3)).toEqual([
    'Applied: 5 changes.',
    'lobby is on air',
    'stage is on air',
  ]);
  expect(made.exitCode).toBe(0);
  const before = await onAir();
  expect(before).toMatchObject([
    { room: 'lobby', name: 'One', kept: true },
    { room: 'stage', name: 'stage', kept: true },
  ]);
  const [key] = await client.call('listKeys', {});
  expect(key).toMatchObject({ room: 'lobby', name: 'cam1', state: 'valid' });

  // Again, and what is exported of it: nothing changes.
  const nothing = `Nothing to change: what ${event} declares is there.`;
  expect(await diff('--prune')).toMatchObject({ exitCode: 0, stdout: nothing });
  expect(await apply()).toMatchObject({ exitCode: 0, stdout: nothing });
  const exported = await run('export', '--name', 'webinar');
  expect(exported.stdout).not.toContain(secret);
  await writeFile(event, exported.stdout);
  expect(await diff('--prune')).toMatchObject({ exitCode: 0, stdout: nothing });
  await writeFile(event, (await run('export')).stdout);
  expect(await diff('--prune')).toMatchObject({ exitCode: 0, stdout: nothing });

  // Another playlist is taken up by what plays.
  await write(
    ...rooms,
    ...keys,
    ...list('test:bars', 'test:black'),
    ...broadcasts('{ source: test, name: One }'),
  );
  expect((await apply()).stdout).toContain('stage plays on with its new playlist');
  expect(await onAir()).toEqual(before);
  const items = async () => {
    const { playlist } = await client.call('getProgramme', { room: 'stage' });
    return playlist?.items.map(({ words, state }) => [words, state]);
  };
  await expect.poll(items, { timeout: 20_000 }).toEqual([
    ['test bars', 'playing'],
    ['test black', 'next'],
  ]);
  expect((await diff()).exitCode).toBe(0);

  // What takes somebody off air is refused as a whole.
  await write(
    'rooms:',
    '  lobby: { hold: 2s }',
    ...keys,
    ...list('test:bars', 'test:black'),
    ...broadcasts('test:clock'),
  );
  const refused = await apply();
  expect(refused.stderr).toContain('nothing was changed, since applying it');
  expect(refused.stderr).toContain('takes lobby off air: test bars → test clock');
  expect(refused.stderr).toContain(`mirolive diff -f ${event}`);
  expect(refused.exitCode).toBe(5);
  expect(await onAir()).toEqual(before);
  expect((await diff()).stdout).toContain('~ room lobby\n    hold: 9s → 2s');
  expect((await apply('--yes', '--wait')).exitCode).toBe(0);
  expect((await onAir()).map(({ room, name }) => [room, name])).toEqual([
    ['lobby', 'test clock'],
    ['stage', 'stage'],
  ]);

  // What is in it no more stays, and goes with --prune.
  await write(...rooms);
  expect((await apply()).stdout).toContain('not in the file any more: key lobby/cam1, playlist evening');
  expect((await onAir()).length).toBe(2);
  expect((await apply('--prune')).exitCode).toBe(5);
  expect((await apply('--prune', '--yes')).exitCode).toBe(0);
  expect(await onAir()).toEqual([]);
  expect(await client.call('listKeys', {})).toEqual([]);

  // Its secret is void for ever.
  await write(...rooms, ...keys);
  const revoked = await apply();
  expect(revoked.stderr).toContain(
    `${event}:6:5: keys.0: expected another secret for key lobby/cam1: this one was revoked`,
  );
  expect(revoked.exitCode).toBe(2);

  const { stdout } = await run('audit', '--json');
  expect(stdout).not.toContain(secret);
  const deeds = (values(stdout) as { what: string; subject: string; details: object }[]).filter(({ what }) =>
    what.startsWith('apply'),
  );
  expect(deeds.slice(0, 2)).toMatchObject([
    { what: 'apply.room', subject: 'lobby', details: { file: 'webinar', act: 'create' } },
    { what: 'apply.key', subject: 'lobby/cam1' },
  ]);
});

test('a schedule that is paused stays so unless the file says otherwise', async () => {
  const schedule = (paused: string) =>
    write(
      'schedules:',
      '  later:',
      `    { room: later, at: 2099-12-01 09:00, zone: UTC, stream: test${paused} }`,
    );
  const paused = async () =>
    (await client.call('listSchedules', {})).find(({ name }) => name === 'later')?.paused;
  await schedule('');
  await apply();
  await run('schedule', 'pause', 'later');
  expect(await diff()).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Paused, of which the file says nothing: later'),
  });
  await schedule(', paused: false');
  expect((await diff()).stdout).toContain('    paused: true → false');
  await apply();
  expect(await paused()).toBe(false);
});

test('what cannot be put on air is told, and the rest is done; what plays does not go for it', async () => {
  await write('broadcasts:', '  one: /nowhere/talk.mp4', '  two: test');
  const done = await apply('--wait');
  expect(done.stderr).toContain('warning: broadcast one: there is no file /nowhere/talk.mp4');
  expect(done.stdout).toContain('Applied: 1 change. Failed: 1.');
  expect(done.stdout).toContain('one failed: there is no file /nowhere/talk.mp4');
  expect(done.stdout).toContain('two is on air');
  expect(done.exitCode).toBe(1);
  const before = await onAir();
  await write('broadcasts:', '  two: /nowhere/talk.mp4');
  expect((await apply('--yes')).exitCode).toBe(1);
  expect(await onAir()).toEqual(before);
  await write('broadcasts:', '  two: { folder: /nowhere/films }');
  expect((await apply('--yes')).stdout).toContain('two failed: there is no folder /nowhere/films');
  await write('broadcasts:', '  two: { publisher: cam9 }');
  expect((await apply('--yes')).stdout).toContain('two failed: nobody publishes into two with the key cam9');
  expect(await onAir()).toEqual(before);
  await client.call('stopRoom', { room: 'two' });
});

test('an event that somebody else may read the secret of is told; a wrong secret, file or name is refused by its line', async () => {
  const key = join(folder.path, 'cam2.key');
  await writeFile(key, `mlk_${'b'.repeat(32)}`);
  await chmod(key, 0o644);
  await write('keys:', '  - { room: b, name: cam2, secretFile: cam2.key }');
  const told = await diff();
  expect(told.stderr).toContain(`others may read the secret in ${key}; to keep it: chmod 600 ${key}`);
  await writeFile(key, 'hunter2');
  const wrong = await diff();
  expect(wrong.stderr).toContain(
    `${event}:4:40: expected mlk_ and 32 of a-z and 2-7 in ${key}, got something else`,
  );
  expect(wrong.stderr).not.toContain('hunter2');
  expect(wrong.exitCode).toBe(2);
  expect((await run('diff', '-f', join(folder.path, 'none.yaml'))).exitCode).toBe(2);
  await write('room: {}');
  expect(await apply()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`${event}:3:1: unknown key room; did you mean rooms?`),
  });
});
