import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { cacheRoot } from '../../native/mediasoup-worker/locate.mjs';
import { createClient } from '../../src/cli/client.ts';
import { launchBrowser, openRoom, received } from '../helpers/browser.ts';
import { sample } from '../helpers/media/sample-files.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { trialConfig } from './trial-config.ts';

it('installed by npm, without a checkout, mirolive shows a file to a browser', async () => {
  await using folder = await temporaryFolder();
  const prefix = join(folder.path, 'prefix');
  const { stdout } = await execa('npm', [
    'pack',
    '--ignore-scripts',
    '--json',
    '--pack-destination',
    folder.path,
  ]);
  const [{ filename }] = JSON.parse(stdout);
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
  await execa('npm', ['install', '--global', '--prefix', prefix, ...quiet, join(folder.path, filename)], {
    cwd: folder.path,
  });

  const { text, http } = await trialConfig();
  const config = join(folder.path, 'mirolive.yaml');
  await writeFile(config, text);
  const socket = join(folder.path, 'run', 'control.sock');
  const mirolive = (...args: string[]) =>
    execa(join(prefix, 'bin', 'mirolive'), args, {
      cwd: folder.path,
      extendEnv: false,
      env: {
        ...{ PATH: '/usr/bin:/bin', HOME: folder.path, MIROLIVE_CONFIG: config, MIROLIVE_SOCKET: socket },
        MIROLIVE_CACHE_DIR: cacheRoot(),
      },
    });
  const worker = await mirolive('worker', 'build', '--json');
  expect(JSON.parse(worker.stdout).path).toContain(cacheRoot());
  const daemon = mirolive('daemon');
  try {
    const client = createClient(socket);
    await Promise.race([
      expect.poll(() => client.call('version', {}).catch(() => null)).not.toBeNull(),
      daemon,
    ]);
    await mirolive('stream', '--file', await sample('talk.mp4'), '--room', 'lobby', '--loop', '--detach');
    // What other programs use of it.
    const asked = `import { connect } from 'mirolive'; console.log((await (await connect()).call('listRooms', {}))[0].name)`;
    const program = await execa(process.execPath, ['--input-type=module', '--eval', asked], {
      cwd: join(prefix, 'lib'),
      env: { MIROLIVE_SOCKET: socket },
    });
    expect(program.stdout).toBe('lobby');
    await using browser = await launchBrowser();
    const page = await openRoom(browser, `http://127.0.0.1:${http}/lobby`);
    await expect.poll(async () => (await received(page)).video?.framesDecoded ?? 0).toBeGreaterThan(10);
  } finally {
    daemon.kill('SIGTERM');
  }
  expect((await daemon).exitCode).toBe(0);
});
