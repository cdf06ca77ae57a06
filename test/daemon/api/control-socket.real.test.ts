import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import { apiVersion } from '../../../src/contract/routes.ts';
import { ControlSocket } from '../../../src/daemon/api/control-socket.ts';
import type { Trouble } from '../../../src/daemon/health.ts';
import { mirolive, values } from '../../cli/mirolive.ts';
import { silentLog, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';
import { builtDaemon, daemonFolder, eventually } from '../built-daemon.ts';

const look = 1000;

/** A socket that answers `number`, in a folder of its own. */
async function opened(path: string) {
  const clock = new VirtualClock();
  const told: string[] = [];
  const health = {
    lost: (part: string, { reason, failures }: Trouble) =>
      void told.push(`lost ${part} ${failures}: ${reason}`),
    found: (part: string) => void told.push(`found ${part}`),
  };
  const socket = await ControlSocket.take({ path, log: silentLog, clock, health });
  let servers = 0;
  await socket.listen((): Server => {
    servers += 1;
    return createServer((_request, response) => response.setHeader('mirolive-api', apiVersion).end('{}'));
  });
  return { socket, clock, told, made: () => servers };
}
const answers = (path: string) => createClient(path).call('version', {}, { timeoutMs: 10_000 });
const answersAgain = (path: string) => eventually(() => answers(path).catch(() => undefined));

describe('ControlSocket', () => {
  it('is for its group, in a folder for its group', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'run', 'control.sock');
    const { socket } = await opened(path);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o750);
    await socket.close();
    await socket.close();
    expect(existsSync(path)).toBe(false);
  });

  const losses: { name: string; lose: (path: string) => void }[] = [
    { name: 'the socket is removed', lose: (path) => rmSync(path) },
    { name: 'its folder is removed', lose: (path) => rmSync(dirname(path), { recursive: true }) },
    {
      name: 'its folder is removed and made again',
      lose: (path) => {
        rmSync(dirname(path), { recursive: true });
        mkdirSync(dirname(path));
      },
    },
    { name: 'its folder is moved away', lose: (path) => renameSync(dirname(path), `${dirname(path)}.old`) },
  ];
  it.each(losses)('is made again when $name', async ({ lose }) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'run', 'control.sock');
    const { socket, clock, made } = await opened(path);
    await clock.pass(look);
    expect(made()).toBe(1);
    lose(path);
    await clock.pass(look);
    await answersAgain(path);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    expect(existsSync(`${path}.owner`)).toBe(true);
    await socket.close();
    expect(clock.timers).toBe(0);
  });

  it('leaves alone what another one put there, and comes back when that is gone', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'control.sock');
    const { socket, clock, told } = await opened(path);
    rmSync(path);
    writeFileSync(path, 'mine');
    await clock.pass(2 * look);
    const reason = `expected a socket or nothing at ${path}, found a file`;
    expect(told).toEqual([`lost socket 1: ${reason}`, `lost socket 2: ${reason}`]);
    await expect(answers(path)).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: `no daemon answers on ${path}: this is not a socket`,
      hint: `Move it away, a daemon makes its socket there then: mv ${path} ${path}.old`,
    });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    rmSync(path);
    await clock.pass(look);
    await answersAgain(path);
    expect(told.at(-1)).toBe('found socket');
    await socket.close();
  });

  it('bears a place that cannot be looked at, and comes back when it can', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'run', 'control.sock');
    const { socket, clock } = await opened(path);
    rmSync(dirname(path), { recursive: true });
    writeFileSync(dirname(path), 'a file where the folder was');
    await clock.pass(3 * look);
    rmSync(dirname(path));
    await clock.pass(look);
    await answersAgain(path);
    rmSync(dirname(path), { recursive: true });
    writeFileSync(dirname(path), 'once more');
    await socket.close();
    expect(clock.timers).toBe(0);
  });

  it('is had by one daemon at a time, who is named to the other', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'control.sock');
    const { socket } = await opened(path);
    await expect(opened(path)).rejects.toMatchObject({
      code: 'DAEMON_RUNNING',
      message: `a daemon runs already: pid ${process.pid}, ${path}`,
    });
    await answers(path);
    await socket.close();
    await (await opened(path)).socket.close();
  });

  it('says to move a lock away that is damaged, and not that its folder cannot be written to', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'control.sock');
    writeFileSync(`${path}.lock`, 'no database, and longer than the header of one: '.repeat(100));
    await expect(opened(path)).rejects.toMatchObject({
      code: 'DAEMON_START_FAILED',
      hint: `Move it away: mv ${path}.lock ${path}.lock.damaged`,
    });
  });

  it('replaces what a daemon left that was killed', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'control.sock');
    const dead = createServer().listen(join(folder.path, 'dead'));
    await new Promise((resolve) => dead.once('listening', resolve));
    renameSync(join(folder.path, 'dead'), path);
    await new Promise((resolve) => dead.close(resolve));
    const { socket } = await opened(path);
    await answers(path);
    await socket.close();
  });

  it('takes no path that the system would cut', async () => {
    await expect(opened(`/tmp/${'x'.repeat(110)}`)).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  });
});

describe('a second daemon', () => {
  it('is told of the first, which holds the port, from whatever place it comes', async () => {
    using folder = daemonFolder();
    await using first = builtDaemon(folder.flags);
    await first.saying('"msg":"ready"');
    const { pid } = first.child;
    const again = await mirolive(['daemon', ...folder.flags]);
    expect(again.exitCode).toBe(5);
    expect(again.stderr).toContain(`error: a daemon runs already: pid ${pid}, ${folder.socket}`);

    const { viewerUrl } = await createClient(folder.socket).call('status', {});
    const http = { host: '127.0.0.1', port: Number(new URL(viewerUrl).port) };
    folder.configure({ http });
    const other = ['--config', folder.config, '--socket', join(folder.path, 'other', 'control.sock')];
    const elsewhere = await mirolive(['daemon', ...other]);
    expect(elsewhere.exitCode).toBe(5);
    expect(elsewhere.stderr).toContain(`a daemon runs: pid ${pid}, ${folder.socket}`);
    expect(elsewhere.stderr).toContain(`next: Use that one: mirolive status --socket ${folder.socket}`);

    folder.configure({ http, state: { dir: join(folder.path, 'other-state') } });
    const stranger = await mirolive(['daemon', ...other]);
    expect(stranger.stderr).toMatch(/another mirolive answers on port/);
  });

  it('of two that are started in the background at once, one is the daemon, and the other says so', async () => {
    using folder = daemonFolder();
    const start = () => mirolive(['daemon', '--background', '--json', ...folder.flags]);
    const both = (await Promise.all([start(), start()])).toSorted(
      (a, b) => Number(a.exitCode) - Number(b.exitCode),
    );
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 5]);
    const [started, refused] = both.map(({ stdout }) => values(stdout)[0]) as [
      { pid: number; log: string },
      { error: { code: string; message: string } },
    ];
    expect(refused.error).toMatchObject({
      code: 'DAEMON_RUNNING',
      message: expect.stringContaining(`pid ${started.pid}`),
    });
    expect((await createClient(folder.socket).call('status', {})).pid).toBe(started.pid);
    expect(readFileSync(started.log, 'utf8')).toContain('"msg":"ready"');
    process.kill(started.pid, 'SIGTERM');
    await eventually(() => (existsSync(`/proc/${started.pid}`) ? undefined : true));
  });
});

describe('mirolive status', () => {
  it.each([
    { name: 'its socket was removed', lost: (socket: string) => socket },
    { name: 'its folder was removed', lost: (socket: string) => dirname(socket) },
  ])('finds a daemon although $name just now', async ({ lost }) => {
    using folder = daemonFolder();
    await using daemon = builtDaemon(folder.flags);
    await daemon.saying('"msg":"ready"');
    rmSync(lost(folder.socket), { recursive: true });
    const { stdout, exitCode } = await mirolive(['status', '--json', ...folder.flags]);
    expect(exitCode).toBe(0);
    expect(values(stdout)[0]).toMatchObject({ pid: daemon.child.pid });
  });

  it('says that a file is in the place of the socket, and the daemon so too', async () => {
    using folder = daemonFolder();
    await using daemon = builtDaemon(folder.flags);
    await daemon.saying('"msg":"ready"');
    writeFileSync(`${folder.socket}.file`, 'mine');
    renameSync(`${folder.socket}.file`, folder.socket);
    await daemon.saying(`degraded: socket: expected a socket or nothing at ${folder.socket}, found a file`);
    const { stderr, exitCode } = await mirolive(['status', ...folder.flags]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`this is not a socket, although a daemon runs: pid ${daemon.child.pid}`);
    expect(stderr).toContain(`mv ${folder.socket} ${folder.socket}.old`);
    rmSync(folder.socket);
    await daemon.saying('recovered: socket');
    await answersAgain(folder.socket);
  });

  it('says that a daemon runs whose socket is gone, until it is there again', async () => {
    using folder = daemonFolder();
    await using daemon = builtDaemon(folder.flags);
    await daemon.saying('"msg":"ready"');
    process.kill(daemon.child.pid ?? 0, 'SIGSTOP');
    rmSync(dirname(folder.socket), { recursive: true });
    const { stderr, exitCode } = await mirolive(['status', ...folder.flags]);
    process.kill(daemon.child.pid ?? 0, 'SIGCONT');
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`although a daemon runs: pid ${daemon.child.pid}`);
    expect(stderr).not.toContain('mirolive daemon --background');
    await answersAgain(folder.socket);
  });
});
