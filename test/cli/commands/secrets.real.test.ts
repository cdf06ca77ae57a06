import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import { daemonFolder, eventually } from '../../daemon/built-daemon.ts';
import { sample } from '../../helpers/media/sample-files.ts';
import { filesOf, serveHttp } from '../../helpers/servers/http-server.ts';
import { inProcess, mirolive } from '../mirolive.ts';

const secret = 'PLANTED';

it('secrets of sources and keys are told to nobody: commands, events, log, status, state', async () => {
  using folder = daemonFolder();
  folder.configure({ log: { level: 'debug' }, sources: { allowPrivateNetworks: true } });
  const begun = await mirolive(['daemon', '--background', '--json', ...folder.flags]);
  const { pid } = JSON.parse(begun.stdout) as { pid: number };
  using _ended = { [Symbol.dispose]: () => void process.kill(pid, 'SIGTERM') };
  const talk = await sample('talk.mp4');
  await using files = await serveHttp(filesOf(dirname(talk)));
  const playing = `http://ann:${secret}@127.0.0.1:${files.port}/${basename(talk)}?token=${secret}`;

  const client = createClient(folder.socket);
  const made = await client.call('createKey', { room: 'lobby' });
  const { rtmp } = await client.call('status', {});
  let said = '';
  const events = mirolive(['events', '--stats', '--json', ...folder.flags]);
  events.stdout?.on('data', (text) => {
    said += text;
  });
  await eventually(() => (said.includes('events.open') ? true : undefined));
  const run = async (...args: string[]) => {
    const { stdout, stderr } = await inProcess([...args, ...folder.flags]);
    said += `\n${stdout}\n${stderr}\n`;
    return stdout;
  };

  const unreachable = [
    `rtsp://ann:${secret}@127.0.0.1:1/cam`,
    `rtsp://ann:${secret}/x@127.0.0.1:1/cam`,
    `srt://127.0.0.1:1?passphrase=${secret}0000`,
    `http://ann:${secret}@127.0.0.1:1/live.m3u8?token=${secret}`,
    `ftp://ann:${secret}@127.0.0.1/x`,
    `rtmp://127.0.0.1:1/lobby/${made.secret}`,
    `rtmp://127.0.0.1:1/app/${secret}`,
  ];
  await run('stream', '--url', playing, '--room', 'lobby', '--detach');
  // At once: some are given up only after a while.
  const tried = unreachable.flatMap((url, index) => [
    run('probe', url),
    run('stream', '--url', url, '--room', `hall-${index}`, '--detach'),
    run('stream', '--url', url, '--room', `stage-${index}`, '--detach', '--json'),
    run('take', url, '--room', 'lobby'),
    run('rooms', url),
  ]);
  await Promise.all(tried);
  await run('stream', '--file', talk, '--room', 'list', '--loop', '--detach');
  await run('stop', '--room', 'list');
  await run('stream', '--file', talk, talk, '--room', 'list', '--loop', '--detach');
  await run('playlist', 'add', playing, '--room', 'list');
  for (const url of unreachable.slice(0, 2))
    await run('playlist', 'insert', 'next', url, '--for', '1s', '--room', 'list', '--json');
  await run('playlist', 'next', '--room', 'list');
  for (const json of [[], ['--json']]) await run('playlist', 'show', '--room', 'list', ...json);
  await run('stop', '--room', 'list');
  for (const flag of ['--playlist', '--file']) await run('stream', flag, playing, '--room', 'list');
  for (const command of ['status', 'broadcasts', 'rooms', 'programme', 'publishers', 'keys list'])
    for (const json of [[], ['--json']]) await run(...command.split(' '), ...json);
  await run('stop', '--room', 'lobby');
  expect(rtmp).not.toBeNull();
  events.kill('SIGTERM');
  await events;

  // On a busy machine the day's backup is made meanwhile, in a folder there.
  const state = readdirSync(join(folder.path, 'state'), { recursive: true, withFileTypes: true });
  for (const file of state.filter((one) => one.isFile()))
    said += readFileSync(join(file.parentPath, file.name), 'latin1');
  said += readFileSync(join(dirname(folder.socket), 'daemon.log'), 'utf8');
  expect(said).toContain(basename(talk));
  const lines = said.split('\n').filter((line) => line.includes(secret) || line.includes(made.secret));
  expect(lines).toEqual([]);
});
