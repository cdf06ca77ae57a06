import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { addBuild } from '../../scripts/setup/builds.mjs';
import { createClient } from '../../src/cli/client.ts';
import { builtDaemon, daemonFolder } from '../daemon/built-daemon.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const own = process.cwd();

/** A checkout of its own with a build. */
async function checkout() {
  const folder = await temporaryFolder();
  const root = folder.path;
  for (const name of [
    'bin',
    'native',
    'package.json',
    'package-lock.json',
    'scripts',
    'src',
    'tsconfig.json',
  ])
    cpSync(join(own, name), join(root, name), { recursive: true });
  symlinkSync(realpathSync(join(own, 'node_modules')), join(root, 'node_modules'));
  const build = () => {
    execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
    return realpathSync(join(root, 'dist', 'current'));
  };
  /** Adds what was built last once more: what is kept is decided there, whatever is in it. */
  const addCopy = async () => {
    const fresh = join(root, '.cache', 'dist-new');
    cpSync(realpathSync(join(root, 'dist', 'current')), fresh, { recursive: true });
    await addBuild(root, fresh);
  };
  const builds = () => readdirSync(join(root, 'dist')).filter((name) => /^\d{8}T\d{9}$/.test(name)).length;
  const bin = join(root, 'bin', 'mirolive');
  return { root, bin, build, addCopy, builds, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test('a daemon recovers with its own build, which is kept for as long as it runs, whatever is built beside it', async () => {
  await using from = await checkout();
  const first = from.build();
  using folder = daemonFolder();
  const status = () => createClient(folder.socket).call('status', {});
  const ask = async (verb: string) => {
    const { stdout } = await execa(from.bin, [verb, ...folder.flags], { reject: false });
    return stdout;
  };
  {
    await using daemon = builtDaemon(folder.flags, 'pipe', from.bin);
    await daemon.saying('"msg":"ready"');
    const before = await status();
    expect(before.newerBuild).toBe(false);
    expect(await ask('status')).not.toContain('newer');

    // What none of the daemon's questions would be understood by.
    for (const name of ['rtmp', 'guard', 'process'])
      writeFileSync(join(from.root, 'src', 'ingest', name, 'main.ts'), 'process.exit(3);\n');
    from.build();
    for (let count = 1; count < 4; count += 1) await from.addCopy();
    expect(from.builds()).toBe(4);
    process.kill(before.rtmp?.pid ?? 0, 'SIGKILL');
    await daemon.saying('"type":"rtmp.back"');
    const after = await status();
    expect(after.degraded).toEqual([]);
    expect(after.newerBuild).toBe(true);
    expect(await ask('status')).toContain('a newer one waits for a restart of the daemon');
    expect(await ask('doctor')).toContain('mirolive was built anew since the daemon started');
    const source = { kind: 'test', pattern: 'bars' } as const;
    await createClient(folder.socket).call('startBroadcast', { room: 'lobby', source });
  }
  await from.addCopy();
  expect(existsSync(first)).toBe(false);
  expect(from.builds()).toBe(3);
});

test('a build that fails changes nothing', async () => {
  await using from = await checkout();
  const first = from.build();
  writeFileSync(join(from.root, 'src', 'ingest', 'rtmp', 'main.ts'), 'this is no program\n');
  expect(() => from.build()).toThrow();
  expect(realpathSync(join(from.root, 'dist', 'current'))).toBe(first);
  expect(from.builds()).toBe(1);
});

test('mirolive that is not built says how it is', async () => {
  await using from = await checkout();
  const { stderr, exitCode } = await execa(from.bin, ['status'], { reject: false });
  expect(exitCode).toBe(1);
  expect(stderr).toBe(`error: mirolive is not built\n  next: In the folder ${from.root} run: npm run build`);
});
