import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './desk.ts';
import { mirolive } from './mirolive.ts';
import { playlist, programmeState } from './samples.ts';

const bin = new URL('../../bin/mirolive', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'mirolive-main-'));
const [item] = playlist.items;
const items = Array.from({ length: 5000 }, (_, index) => ({ ...item!, words: `talk ${index}.mp4` }));
const long = { ...playlist, items };
let desk: Desk;

beforeAll(async () => {
  desk = await openDesk({
    getProgramme: () => ({ ...programmeState, playlist: long }),
    listRooms: () => [],
    listPublishers: () => [],
  });
});
afterAll(async () => {
  await desk[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** What a shell shows of a line, in which `mirolive` is the built one. */
async function shell(line: string): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const child = spawn('bash', ['-c', line.replaceAll('mirolive ', `${bin} `)], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, MIROLIVE_SOCKET: desk.socket },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk) => {
      text[name] += chunk;
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { ...text, code };
}

describe('what a command prints', () => {
  it('arrives whole in a pipe that is read late', async () => {
    const line = 'set -o pipefail; mirolive playlist show --room lobby --json | (sleep 0.5; cat)';
    const { stdout, code } = await shell(line);
    expect(JSON.parse(stdout).items).toHaveLength(items.length);
    expect(code).toBe(0);
  });

  it('may be left unread: the command ends with its own status, and says nothing', async () => {
    const shown = await shell(
      'mirolive playlist show --room lobby --json | head -c 1; echo; echo $PIPESTATUS',
    );
    expect(shown).toEqual({ stdout: '{\n0\n', stderr: '', code: 0 });
    const failed = await shell('mirolive programme --json | true; echo $PIPESTATUS');
    expect(failed).toEqual({ stdout: '4\n', stderr: '', code: 0 });
  });

  it('that finds no room on the disk is an error', async () => {
    const { stderr, code } = await shell('mirolive playlist show --room lobby > /dev/full');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: standard output cannot be written: ENOSPC/);
  });
});

describe('signals', () => {
  /** Listens to events until the signal, once it does so. */
  async function listening(command: string, args: readonly string[]): Promise<ChildProcess> {
    const child = spawn(command, [...args, 'events', '--socket', desk.socket], {
      stdio: ['ignore', 'pipe', openSync('/dev/null', 'w')],
    });
    await once(child.stdout!, 'data');
    return child;
  }

  it('SIGHUP ends it with 129', async () => {
    const child = await listening(bin, []);
    child.kill('SIGHUP');
    expect(await once(child, 'close')).toEqual([129, null]);
  });

  it('nohup keeps SIGHUP away, and nothing else', async () => {
    const child = await listening('nohup', [bin]);
    child.kill('SIGHUP');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([143, null]);
  });

  it('SIGUSR1 opens no inspector', async () => {
    const said = openSync(join(folder, 'usr1'), 'w+');
    const child = spawn(bin, ['events', '--socket', desk.socket], { stdio: ['ignore', 'pipe', said] });
    await once(child.stdout!, 'data');
    child.kill('SIGUSR1');
    desk.emit({ type: 'daemon.stopping', at: '2026-01-02T03:04:05.000Z' });
    await once(child.stdout!, 'data');
    child.kill('SIGTERM');
    await once(child, 'close');
    const { stdout } = await shell(`cat ${join(folder, 'usr1')}`);
    expect(stdout).toBe('');
  });
});

describe('a configuration that is wrong', () => {
  const config = join(folder, 'mirolive.yaml');
  const run = (args: string[]) => mirolive([...args, '--config', config]);

  it('does not keep a command from the daemon', async () => {
    writeFileSync(config, `htp: {}\ncontrol:\n  socket: ${desk.socket}\n`);
    expect(await run(['rooms', '--json'])).toMatchObject({ stdout: '[]', stderr: '', exitCode: 0 });
  });

  it('is a warning where it is no YAML', async () => {
    writeFileSync(config, 'control: { socket: [\n');
    const { stderr } = await run(['rooms', '--json']);
    expect(stderr).toContain(`warning: the configuration ${config} does not say where the daemon is: `);
    const { exitCode } = await mirolive(['rooms', '--config', config, '--socket', desk.socket]);
    expect(exitCode).toBe(0);
  });

  it('is an error of config check', async () => {
    writeFileSync(config, 'htp: {}\n');
    expect((await run(['config', 'check', config])).exitCode).toBe(2);
  });
});
