import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { builtDaemon, daemonFolder, eventually } from '../daemon/built-daemon.ts';

const example = new URL('../../configs/examples/logrotate', import.meta.url);

it('logrotate puts the log aside and the daemon goes on in a new one', async () => {
  using folder = daemonFolder();
  const file = join(folder.path, 'mirolive.log');
  folder.configure({ log: { file } });
  await using _daemon = builtDaemon(folder.flags);
  const client = createClient(folder.socket);
  const { pid } = await eventually(() => client.call('status', {}).catch(() => undefined));

  const config = (await readFile(example, 'utf8'))
    .replaceAll('/var/log/mirolive/mirolive.log', file)
    .replaceAll('su mirolive mirolive', `su ${await nameOf('-un')} ${await nameOf('-gn')}`)
    .replaceAll('systemctl reload mirolive', `kill -HUP ${pid}`);
  const rules = join(folder.path, 'rules');
  await writeFile(rules, config, { mode: 0o644 });
  const before = await eventually(() => readFileSync(file, 'utf8') || undefined);
  await execa('/usr/sbin/logrotate', ['--force', '--state', join(folder.path, 'rotated'), rules]);

  const later = await eventually(() => (existsSync(file) ? readFileSync(file, 'utf8') : undefined));
  expect(readFileSync(`${file}.1`, 'utf8')).toContain(before);
  expect(later).not.toContain(before);
});

async function nameOf(flag: string): Promise<string> {
  return (await execa('id', [flag])).stdout;
}
