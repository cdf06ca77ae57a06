import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const unshare = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
const [program = '', ...namespace] = unshare;
const mayUnshare = spawnSync(program, [...namespace, 'true']).status === 0;

/**
 * It leaves an orphan behind that ends at once, tells when it has ended and what it reads, and ends with 7 when it is told to.
 * The orphan's state is its third word in /proc (proc(5), `/proc/pid/stat`).
 */
const commandLine = `
const { spawn } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { once } = require('node:events');
const running = setInterval(() => {}, 1000);
process.on('SIGTERM', () => { process.exitCode = 7; clearInterval(running); });
(async () => {
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [orphan] = await once(parent.stdout.setEncoding('utf8'), 'data');
  const path = '/proc/' + orphan.trim() + '/stat';
  while (existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20));
  console.log(process.argv.slice(2).join() + readFileSync(0, 'utf8'));
})();
`;

test.runIf(mayUnshare)(
  'mirolive as the first process reaps orphans, and passes on what it is told',
  async () => {
    await using folder = await temporaryFolder();
    const bin = join(folder.path, 'bin', 'mirolive');
    await mkdir(join(folder.path, 'bin'));
    await mkdir(join(folder.path, 'dist', 'current', 'cli'), { recursive: true });
    await copyFile(new URL('../../bin/mirolive', import.meta.url), bin);
    await writeFile(join(folder.path, 'dist', 'current', 'cli', 'main.js'), commandLine);
    const child = spawn(program, [...namespace, bin, 'daemon', 'a b'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const said = once(createInterface(child.stdout), 'line');
    child.stdin.end(' hears');
    expect(await said).toEqual(['daemon,a b hears']);
    // As a container's engine does: to the first process.
    spawnSync('pkill', ['--signal', 'TERM', '--parent', `${child.pid}`]);
    expect(await ended).toEqual([7, null]);
  },
);
