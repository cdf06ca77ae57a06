import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { inProcess } from '../cli/mirolive.ts';
import { startDaemon } from '../helpers/daemon.ts';
import { sample } from '../helpers/media/sample-files.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const examples = new URL('../../configs/examples/events/', import.meta.url).pathname;

/** What is on air by each, once it is applied. */
const events = {
  webinar: [],
  channel: [['channel', 'The channel']],
  conference: [['hall', 'Welcome']],
  obs: [['stage', 'stage']],
} as const;

test('each example of an event is applied from the one before, from itself and from nothing', async () => {
  await using folder = await temporaryFolder();
  await using daemon = await startDaemon();
  await cp(examples, folder.path, { recursive: true });
  for (const name of ['media', 'films', 'secrets']) await mkdir(join(folder.path, name));
  const talk = await sample('talk.mp4');
  for (const name of ['media/welcome.mp4', 'media/back-soon.mp4', 'films/talk.mp4'])
    await copyFile(talk, join(folder.path, name));
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  for (const [place, key] of ['speaker', 'hall', 'track-a', 'track-b', 'main', 'backup'].entries())
    await writeFile(join(folder.path, 'secrets', `${key}.key`), `mlk_${letters[place]?.repeat(32)}\n`, {
      mode: 0o600,
    });

  const file = join(folder.path, 'event.yaml');
  const run = async (command: string, ...flags: string[]) => {
    const { exitCode, stdout, stderr } = await inProcess([
      command,
      '-f',
      file,
      ...flags,
      '--socket',
      daemon.socket,
    ]);
    return { exitCode, stdout, stderr };
  };
  const client = createClient(daemon.socket);
  const onAir = async () => (await client.call('listBroadcasts', {})).map(({ room, name }) => [room, name]);
  const nothing = { exitCode: 0, stdout: `Nothing to change: what ${file} declares is there.`, stderr: '' };

  for (const [name, broadcasts] of Object.entries(events)) {
    const text = await readFile(join(examples, `${name}.yaml`), 'utf8');
    expect(text).toContain(`name: ${name}\n`);
    // One name for all: what was in the one before is not in this one any more.
    await writeFile(file, text.replace(`name: ${name}\n`, 'name: event\n'));
    const applied = await run('apply', '--prune', '--yes', '--wait');
    expect(applied, applied.stdout).toMatchObject({ exitCode: 0, stderr: '' });
    await expect.poll(onAir).toEqual(broadcasts);
    expect(await run('apply', '--prune')).toEqual(nothing);
  }
  for (const name of Object.keys(events)) {
    await writeFile(file, 'version: 1\nname: event\n');
    await run('apply', '--prune', '--yes');
    await expect.poll(onAir).toEqual([]);
    expect((await client.call('exportDeclared', {})).keys).toEqual([]);
    // A secret that was revoked is void for ever.
    for (const key of ['speaker', 'hall', 'track-a', 'track-b', 'main', 'backup']) {
      const secret = Array.from({ length: 32 }, () => letters[Math.floor(Math.random() * 26)]).join('');
      await writeFile(join(folder.path, 'secrets', `${key}.key`), `mlk_${secret}\n`);
    }
    const text = await readFile(join(examples, `${name}.yaml`), 'utf8');
    await writeFile(file, text.replace(`name: ${name}\n`, 'name: event\n'));
    expect((await run('apply')).exitCode).toBe(0);
    expect(await run('diff', '--prune')).toEqual(nothing);
  }
});
