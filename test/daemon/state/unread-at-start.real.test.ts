import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const source = { kind: 'test', pattern: 'bars' } as const;

test('A state that cannot be used at a start, and can be later: what was kept goes on then, in the place of what a room that is always on has shown', async () => {
  await using folder = await temporaryFolder();
  const dir = join(folder.path, 'state');
  const options = { rtmp: { enabled: false }, state: { dir }, rooms: { hall: { alwaysOn: true } } };
  const ids = async (socket: string) => {
    const { broadcasts } = await createClient(socket).call('status', {});
    return Object.fromEntries(broadcasts.map(({ room, id }) => [room, id]));
  };
  let before: Record<string, string>;
  {
    await using first = await startDaemon(options);
    const client = createClient(first.socket);
    await client.call('startBroadcast', { room: 'lobby', source, keep: true, wait: false });
    await expect.poll(() => ids(first.socket).then(Object.keys)).toHaveLength(2);
    await client.call('control', { room: 'hall', command: { type: 'slate', on: true } });
    before = await ids(first.socket);
  }
  await rename(dir, `${dir}.away`);
  await writeFile(dir, 'no folder');

  await using second = await startDaemon(options);
  const client = createClient(second.socket);
  const degraded = async () => (await client.call('status', {})).degraded.map(({ part }) => part);
  await expect.poll(() => ids(second.socket)).toEqual({ hall: expect.not.stringMatching(before.hall ?? '') });
  expect(await degraded()).toContain('earlier broadcasts');
  await expect(client.call('stopRoom', { room: 'lobby' })).rejects.toMatchObject({
    code: 'STATE_UNAVAILABLE',
    message: expect.stringContaining('what was kept there is not known'),
  });

  await rm(dir);
  await rename(`${dir}.away`, dir);
  await expect.poll(() => ids(second.socket), { timeout: 15_000 }).toEqual(before);
  expect(await degraded()).not.toContain('earlier broadcasts');
  expect((await client.call('getProgramme', { room: 'hall' })).wanted.slate).toBe(true);
});
