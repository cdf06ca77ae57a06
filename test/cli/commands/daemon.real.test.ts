import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Status } from '../../../src/contract/models.ts';
import { mountSmall } from '../../helpers/mount-small.ts';
import { mirolive, values } from '../mirolive.ts';

let folder: string;
let flags: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-cli-'));
  const config = join(folder, 'mirolive.yaml');
  await writeFile(
    config,
    JSON.stringify({
      http: { host: '127.0.0.1', port: 0 },
      rtmp: { host: '127.0.0.1', port: 0 },
      webrtc: { port: 0, listen: ['127.0.0.1'] },
      workers: { count: 1 },
      state: { dir: join(folder, 'state') },
    }),
  );
  flags = ['--config', config, '--socket', join(folder, 'run', 'control.sock')];
});

afterEach(() => rm(folder, { recursive: true }));

/** Asks a daemon to end, and waits until nobody answers any more. */
async function end(pid: number, place: readonly string[] = flags): Promise<void> {
  const events = mirolive(['events', ...place]);
  for await (const line of events) if (line.endsWith('listening')) process.kill(pid, 'SIGTERM');
}

describe('mirolive daemon --background', () => {
  it('returns when the daemon answers, and says where it is', async () => {
    const { stdout, exitCode } = await mirolive(['daemon', '--background', '--json', ...flags]);
    expect(exitCode).toBe(0);
    const [started] = values(stdout) as [{ pid: number; socket: string; log: string; viewerUrl: string }];
    const now = JSON.parse((await mirolive(['status', '--json', ...flags])).stdout) as Status;
    expect(started).toEqual({
      pid: now.pid,
      socket: now.socket,
      log: join(folder, 'run', 'daemon.log'),
      viewerUrl: now.viewerUrl,
    });
    expect((await fetch(`${now.viewerUrl}/healthz`)).status).toBe(200);
    expect((await stat(started.log)).mode & 0o777).toBe(0o640);

    // Whoever asks has not the daemon's environment, where its worker is looked for.
    const healthy = await mirolive(['doctor', ...flags], { env: { MIROLIVE_CACHE_DIR: '/nowhere' } });
    expect(healthy.stdout).toMatch(/^ok {4}workers {9}\d+ workers? running$/m);
    expect(healthy.exitCode, healthy.stdout).toBe(0);

    const again = await mirolive(['daemon', '--background', ...flags]);
    expect(again.exitCode).toBe(5);
    expect(again.stderr).toBe(
      `error: a daemon already answers on ${now.socket} (pid ${now.pid})\n  next: See what runs: mirolive status --socket ${now.socket}`,
    );

    await end(now.pid);
    expect((await mirolive(['status', ...flags])).exitCode).toBe(3);
  });

  it('has a log for each daemon of a folder', async () => {
    const begun: { pid: number; log: string }[] = [];
    for (const name of ['control.sock', 'b.sock']) {
      const file = join(folder, `${name}.yaml`);
      const config = JSON.parse(await readFile(join(folder, 'mirolive.yaml'), 'utf8'));
      await writeFile(file, JSON.stringify({ ...config, state: { dir: join(folder, `state-${name}`) } }));
      const place = ['--config', file, '--socket', join(folder, 'run', name)];
      const { stdout } = await mirolive(['daemon', '--background', '--json', ...place]);
      begun.push(...(values(stdout) as typeof begun));
    }
    const logs = begun.map(({ log }) => log);
    expect(logs).toEqual(['daemon.log', 'daemon-b.sock.log'].map((name) => join(folder, 'run', name)));
    for (const { pid, log } of begun) expect(await readFile(log, 'utf8')).toContain(`"pid":${pid}`);
    for (const [at, name] of ['control.sock', 'b.sock'].entries())
      await end(begun[at]?.pid ?? 0, ['--socket', join(folder, 'run', name)]);
  });

  it.each(['own.log', 'logged/daemon.log'])('leaves the log of the configuration alone: %s', async (name) => {
    const config = join(folder, 'logged.yaml');
    const file = join(folder, name);
    const ports = 'http: { port: 0, host: 127.0.0.1 }\nrtmp: { enabled: false }\nwebrtc: { port: 0 }\n';
    const write = (more: string) =>
      writeFile(
        config,
        `${ports}log: { file: ${file} }\nstate: { dir: ${join(folder, 'logged-state')} }\n${more}`,
      );
    await mkdir(join(folder, 'logged'));
    await writeFile(file, 'of before\n');
    const own = ['--config', config, '--socket', join(folder, 'logged', 'control.sock')];
    await write('htp: {}\n');
    expect((await mirolive(['daemon', '--background', ...own])).exitCode).toBe(2);
    await write('');
    for (const run of [1, 2]) {
      const { stdout } = await mirolive(['daemon', '--background', '--json', ...own]);
      const [started] = values(stdout) as [{ pid: number; log: string }];
      expect(started.log).toBe(file);
      await end(started.pid, own);
      const log = await readFile(file, 'utf8');
      expect(log).toMatch(/^of before\n/);
      expect(log.split('"msg":"ready"')).toHaveLength(run + 1);
    }
    expect(await readdir(join(folder, 'logged'))).not.toContain('daemon.log.1');
  });

  it('gives the error of a daemon that cannot start, with its exit status', async () => {
    // It is asked who it is.
    await using holder = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as { port: number };
    const config = join(folder, 'taken.yaml');
    await writeFile(
      config,
      `http: { host: 127.0.0.1, port: ${port} }\nrtmp: { port: 0 }\nwebrtc: { port: 0, listen: [127.0.0.1] }\nstate: { dir: ${folder} }\n`,
    );
    const { exitCode, stderr } = await mirolive([
      'daemon',
      '--background',
      ...flags.slice(2),
      '--config',
      config,
    ]);
    expect(exitCode).toBe(5);
    expect(stderr).toContain(String(port));
    expect(stderr).toContain(
      `next: See who holds it: ss -anptu 'sport = :${port}'; or choose another in the configuration (http.port)`,
    );
  });

  it('keeps the log of the run before', async () => {
    const failing = join(folder, 'failing.yaml');
    await writeFile(failing, `media: { ffmpeg: /nowhere/ffmpeg }\nplan: { encoder: vaapi }\n`);
    for (const _ of [1, 2]) {
      const started = await mirolive(['daemon', '--background', ...flags.slice(2), '--config', failing]);
      expect(started.exitCode).not.toBe(0);
    }
    const logs = ['daemon.log', 'daemon.log.1'].map((name) => join(folder, 'run', name));
    for (const log of logs) expect(await readFile(log, 'utf8')).toContain('"error":');
  });

  it.each([
    { name: 'wrong.yaml', problem: 'wrong.yaml:1:1: unknown key htp; did you mean http?' },
    { name: 'mistyped.yaml', problem: 'cannot read the configuration: ENOENT' },
  ])('leaves all logs alone where the configuration cannot be used: $name', async ({ name, problem }) => {
    await writeFile(join(folder, 'wrong.yaml'), 'htp: {}\n');
    const { stdout } = await mirolive(['daemon', '--background', '--json', ...flags]);
    const [{ pid, log }] = values(stdout) as [{ pid: number; log: string }];
    const start = ['daemon', '--background', ...flags.slice(2), '--config', join(folder, name)];
    const besideIt = await mirolive(start);
    expect(besideIt.stderr).toContain(problem);
    const kept = await readFile(log, 'utf8');
    await end(pid);
    const { exitCode, stderr } = await mirolive(start);
    expect([exitCode, besideIt.exitCode]).toEqual([2, 2]);
    expect(stderr).toContain(problem);
    // Its last words may follow.
    expect((await readFile(log, 'utf8')).slice(0, kept.length)).toBe(kept);
    expect((await readdir(join(folder, 'run'))).filter((file) => file.includes('.log'))).toEqual([
      'daemon.log',
    ]);
  });

  it('says so where its log has no place', async () => {
    const { exitCode, stderr } = await mirolive([
      'daemon',
      '--background',
      '--socket',
      '/dev/null/control.sock',
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: the log of the daemon cannot be written: /);
  });
});

it.runIf(process.getuid?.() === 0)(
  'a daemon whose socket has no room on its disk says so with the way on, in the background too',
  async () => {
    await using mounted = mountSmall();
    await execa('dd', ['if=/dev/zero', `of=${join(mounted.path, 'fill')}`, 'bs=4k'], { reject: false });
    const socket = join(mounted.path, 'control.sock');
    const place = [...flags.slice(0, 2), '--socket', socket];
    const [aside, here] = await Promise.all([
      mirolive(['daemon', '--background', ...place]),
      mirolive(['daemon', ...place]),
    ]);
    expect([aside.exitCode, here.exitCode]).toEqual([1, 1]);
    const cure = `next: Make some room: df -h ${mounted.path}`;
    expect(aside.stderr).toContain(`error: the log of the daemon cannot be written: ${mounted.path}: ENOSPC`);
    expect(aside.stderr).toContain(cure);
    expect(here.stderr).toContain(`error: the control socket ${socket} cannot be made: `);
    expect(here.stderr).toContain(cure);
    expect(here.stderr).not.toContain('unforeseen');
    expect((await readdir(mounted.path)).filter((name) => name.includes('.log'))).toEqual([]);
    const config = join(folder, 'full.yaml');
    await writeFile(config, `state: { dir: ${join(mounted.path, 'state')} }\n`);
    const { stdout } = await mirolive(['doctor', ...flags.slice(2), '--config', config]);
    expect(stdout).toMatch(/^fail {2}state {10}.*there is no room for the state: /m);
    expect(stdout).toContain(`Make some: df -h ${join(mounted.path)}`);
  },
);

describe('mirolive daemon', () => {
  it('is the daemon, until a signal ends it with 0', async () => {
    const daemon = mirolive(['daemon', ...flags]);
    for await (const line of daemon.iterable({ from: 'stderr' })) {
      if (line.includes('ready')) daemon.kill('SIGTERM');
    }
    expect((await daemon).exitCode).toBe(0);
  });
});

describe('mirolive doctor', () => {
  it('checks machine and configuration, and tells what to do', async () => {
    const { stdout, exitCode } = await mirolive(['doctor', ...flags]);
    expect(exitCode, stdout).toBe(0);
    const socket = flags.at(-1);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      `ok    configuration   ${flags[1]}`,
      `warn  daemon          no daemon answers on ${socket}: there is no such socket`,
      `                      → Start it: mirolive daemon --background --socket ${socket}`,
    ]);
    expect(stdout).toMatch(/^ok {4}ffmpeg {10}version \d/m);
    expect(stdout).toMatch(/^ok {4}worker /m);
    expect(stdout).toMatch(/^ok {4}addresses {7}127\.0\.0\.1$/m);
  });

  it('gives one JSON value per finding, and ends with 1 where one fails', async () => {
    const config = join(folder, 'no-ffmpeg.yaml');
    await writeFile(
      config,
      'http: { port: 0 }\nrtmp: { port: 0 }\nwebrtc: { port: 0 }\nmedia: { ffmpeg: /nowhere/ffmpeg }\n',
    );
    const { stdout, exitCode } = await mirolive(['doctor', '--json', ...flags.slice(2), '--config', config]);
    expect(exitCode).toBe(1);
    expect(values(stdout)).toContainEqual(expect.objectContaining({ check: 'ffmpeg', state: 'fail' }));
  });

  it('names what will not work in a room', async () => {
    const config = join(folder, 'rooms.yaml');
    const rooms =
      'rooms:\n  hall:\n  hidden: { poster: off }\n  lobby:\n    slate: { kind: image, path: /nowhere/slate.png }\n';
    await writeFile(config, `http: { port: 0 }\nrtmp: { port: 0 }\nwebrtc: { port: 0 }\n${rooms}`);
    const { stdout, exitCode } = await mirolive(['doctor', ...flags.slice(2), '--config', config]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^ok {4}room hall {7}its slate, its poster and its fallbacks can be used$/m);
    expect(stdout).toContain('it has no poster, unless by rooms.hidden.poster: auto');
    expect(stdout).toMatch(/^fail {2}room lobby {6}there is no file \/nowhere\/slate\.png$/m);
  });

  it('stops at a configuration that is wrong', async () => {
    const config = join(folder, 'wrong.yaml');
    await writeFile(config, 'htp: {}\nlog: { level: loud }\n');
    const { stdout, exitCode } = await mirolive(['doctor', '--config', config]);
    expect(exitCode).toBe(1);
    expect(stdout.split('\n')).toEqual([
      `fail  configuration   ${config}:1:1: unknown key htp; did you mean http?`,
      `                      ${config}:2:15: log.level: expected one of error, warn, info, debug, got "loud"`,
      `                      → Mend the line that is named, then run: mirolive config check ${config}`,
    ]);
  });
});

describe('mirolive config check', () => {
  it('says that a file is valid', async () => {
    const { stdout, exitCode } = await mirolive(['config', 'check', flags[1] ?? '']);
    expect({ stdout, exitCode }).toEqual({ stdout: `${flags[1]} is valid.`, exitCode: 0 });
  });

  it('names every error, one per line', async () => {
    await writeFile(join(folder, 'wrong.yaml'), 'htp: {}\nlog: { level: loud }\n');
    const { stderr, exitCode } = await mirolive(['config', 'check', 'wrong.yaml'], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr.split('\n')).toEqual([
      'error: wrong.yaml:1:1: unknown key htp; did you mean http?',
      '       wrong.yaml:2:15: log.level: expected one of error, warn, info, debug, got "loud"',
      '  next: Mend the line that is named, then run: mirolive config check wrong.yaml',
    ]);
  });
});
