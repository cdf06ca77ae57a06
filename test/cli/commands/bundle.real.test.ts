import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { createClient } from '../../../src/cli/client.ts';
import { daemonFolder, eventually } from '../../daemon/built-daemon.ts';
import { freePorts } from '../../helpers/free-ports.ts';
import { bin, mirolive, onTerminal } from '../mirolive.ts';

const secret = 'PLANTED';
const stranger = '203.0.113.77';

it('doctor --bundle packs what a report needs, without a secret or an address, with the daemon dead too', async () => {
  using folder = daemonFolder();
  const [port = 0] = await freePorts(1);
  const logFile = join(folder.path, 'mirolive.log');
  folder.configure({
    log: { level: 'debug', file: logFile },
    metrics: { enabled: true, port },
    sources: { allowPrivateNetworks: true },
    webhooks: { allow: ['127.0.0.1'] },
    hooks: { onLive: ['/bin/true', '--password', secret] },
    rooms: { lobby: { fallback: [{ url: `http://ann:${secret}@127.0.0.1:1/x?token=${secret}` }] } },
  });
  const begun = await mirolive(['daemon', '--background', '--json', ...folder.flags]);
  const { pid } = JSON.parse(begun.stdout) as { pid: number };
  using _ended = {
    [Symbol.dispose]: () => {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {}
    },
  };
  const client = createClient(folder.socket);
  const key = await client.call('createKey', { room: 'lobby' });
  const token = await client.call('createToken', { name: 'ann', role: 'read', rooms: null, expiresMs: null });
  const hook = await client.call('addWebhook', { url: `http://127.0.0.1:1/hook/${secret}` });
  await client.call('startBroadcast', { room: 'lobby', source: { kind: 'test', pattern: 'bars' } });
  await client
    .call('startBroadcast', {
      room: 'hall',
      source: { kind: 'url', url: `rtsp://ann:${secret}@127.0.0.1:1/cam` },
    })
    .catch(() => {});
  // What another program may have said there.
  const line = { level: 30, time: Date.now(), msg: `Authorization: Bearer ${secret}123 of ${stranger}` };
  writeFileSync(logFile, `${JSON.stringify(line)}\n`, { flag: 'a' });

  const bundle = async (name: string, flags: readonly string[], env: Record<string, string> = {}) => {
    const file = join(folder.path, `${name}.tar.gz`);
    const { stdout, stderr, exitCode } = await mirolive(['doctor', '--bundle', file, '--json', ...flags], {
      env,
    });
    expect([stderr, exitCode]).toEqual(['', 0]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const into = join(folder.path, name);
    await execa('mkdir', [into]);
    await execa('tar', ['-xzf', file, '-C', into, '--strip-components=1']);
    const files = Object.fromEntries(
      readdirSync(into).map((of) => [of, readFileSync(join(into, of), 'utf8')]),
    );
    for (const [of, text] of Object.entries(files))
      for (const planted of [secret, stranger, key.secret, token.secret, hook.secret])
        expect([of, planted, text.includes(planted)]).toEqual([of, planted, false]);
    return { file, files, told: JSON.parse(stdout) as { files: { name: string; missing?: string }[] } };
  };

  // Who names the socket alone means the configuration of the daemon that answers there.
  const whole = await bundle('alive', [], { MIROLIVE_SOCKET: folder.socket });
  expect(whole.told.files.filter(({ missing }) => missing !== undefined)).toEqual([]);
  expect(Object.keys(whole.files)).toEqual(whole.told.files.map(({ name }) => name).toSorted());
  const { files } = whole;
  expect(JSON.parse(files['view.json'] ?? '')).toMatchObject({
    rooms: { lobby: { health: {}, plan: {}, programme: {} } },
    processes: { [pid]: { kind: 'daemon' } },
  });
  expect(parse(files['config.yaml'] ?? '')).toMatchObject({ hooks: { onLive: ['/bin/true', '…', '…'] } });
  expect(files['metrics.txt']).toContain('mirolive_room_wanted{room="lobby"} 1');
  expect(files['log.jsonl']).toContain('on air: test bars');
  expect(files['log-file.txt']).toContain('Authorization: … … of –');
  expect(files['events.jsonl']).toContain('broadcast.started');
  expect(files['limits.txt']).toContain('Max open files');
  expect(files['doctor.jsonl']).toContain('"check":"daemon"');

  const piped = await execa(bin, ['doctor', '--bundle', '-', ...folder.flags], { encoding: 'buffer' });
  expect(gunzipSync(piped.stdout).toString('latin1')).toContain('/status.json');
  const asJson = await mirolive(['doctor', '--bundle', '-', '--json', ...folder.flags]);
  expect([asJson.exitCode, asJson.stdout]).toEqual([2, expect.stringContaining('got --json')]);
  expect(
    await onTerminal(`doctor --bundle ${join(folder.path, 'seen.tar.gz')} ${folder.flags.join(' ')}`),
  ).toContain('packing status.json, 2 of ');

  const again = await mirolive(['doctor', '--bundle', whole.file, ...folder.flags]);
  expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('cannot write the bundle')]);

  process.kill(pid, 'SIGKILL');
  await eventually(() =>
    client.call('version', {}).then(
      () => undefined,
      () => true,
    ),
  );
  const dead = await bundle('dead', folder.flags);
  expect(Object.keys(dead.files)).toEqual([
    ...['MISSING.txt', 'config.yaml', 'doctor.jsonl', 'log-file.txt', 'machine.json'],
  ]);
  expect(dead.files['MISSING.txt']).toContain('status.json: ');
});
