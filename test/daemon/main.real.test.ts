import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateWorker } from '../../native/mediasoup-worker/locate.mjs';
import { createClient } from '../../src/cli/client.ts';
import { builtDaemon, daemonFolder, eventually } from './built-daemon.ts';

const mirolivePath = new URL('../../bin/mirolive', import.meta.url).pathname;
const statusOf = (socket: string) => createClient(socket).call('status', {});
const answering = (socket: string) => eventually(() => statusOf(socket).catch(() => undefined));

describe('SIGHUP', () => {
  it('opens the log anew and takes from the configuration what may change; what is wrong changes nothing', async () => {
    using folder = daemonFolder();
    const file = join(folder.path, 'mirolive.log');
    folder.configure({ log: { file } });
    await using daemon = builtDaemon(folder.flags);
    const { pid } = await answering(folder.socket);
    const log = () => readFileSync(file, 'utf8');

    renameSync(file, `${file}.1`);
    folder.configure({ log: { file }, limits: { broadcasts: 1 }, ingest: { maxMemory: '2G' } });
    process.kill(pid, 'SIGHUP');
    const lines = await eventually(() =>
      existsSync(file) && log().includes('needs a restart') ? log() : undefined,
    );
    expect(lines).toContain('"changed":["limits.broadcasts"]');
    expect(lines).toContain('needs a restart to change: ingest.maxMemory');

    const test = { kind: 'test', pattern: 'bars' } as const;
    const client = createClient(folder.socket);
    expect(await client.call('reload', {})).toEqual([{ key: 'ingest.maxMemory', holds: 'restart' }]);
    await client.call('startBroadcast', { room: 'lobby', source: test });
    await expect(client.call('startBroadcast', { room: 'hall', source: test })).rejects.toMatchObject({
      code: 'LIMIT_REACHED',
    });

    writeFileSync(folder.config, 'htp: {}\n');
    process.kill(pid, 'SIGHUP');
    await eventually(() => (log().includes('unknown key htp; did you mean http?') ? true : undefined));
    expect(log()).not.toContain('"stack"');
    const { broadcasts, degraded } = await statusOf(folder.socket);
    expect(broadcasts).toHaveLength(1);
    expect(degraded).toMatchObject([
      { part: 'configuration', reason: `${folder.config}:1:1: unknown key htp; did you mean http?` },
    ]);

    await expect(client.call('reload', {})).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
    const deeds = (await client.call('listAudit', {})).filter(({ what }) => what === 'reload');
    expect(deeds.map(({ who, result }) => `${who.kind} ${result}`)).toEqual([
      'daemon ok',
      'socket ok',
      'daemon INVALID_CONFIG',
      'socket INVALID_CONFIG',
    ]);
    await eventually(async () =>
      (await statusOf(folder.socket)).degraded[0]?.failures === 2 ? true : undefined,
    );

    folder.configure({ log: { file }, source: { stallTimeout: '9s' } });
    process.kill(pid, 'SIGHUP');
    await eventually(async () => ((await statusOf(folder.socket)).degraded.length === 0 ? true : undefined));
    expect(log()).toContain('"type":"daemon.recovered"');
    expect(daemon.said).toBe('');
  });
});

describe('SIGUSR1 and SIGUSR2', () => {
  it('write a line about the state, and open no inspector', async () => {
    using folder = daemonFolder();
    await using daemon = builtDaemon(folder.flags);
    await daemon.saying('"msg":"ready"');
    daemon.child.kill('SIGUSR1');
    await daemon.saying('"msg":"state"');
    daemon.child.kill('SIGUSR2');
    await eventually(() => (daemon.said.split('"msg":"state"').length > 2 ? true : undefined));
    expect(daemon.said).not.toContain('Debugger');
    expect((await statusOf(folder.socket)).pid).toBe(daemon.child.pid);
  });
});

describe('SIGTERM', () => {
  it('ends a start that hangs, which leaves nothing behind', async () => {
    using folder = daemonFolder();
    const bin = join(folder.path, 'worker');
    const started = join(folder.path, 'started');
    writeFileSync(bin, `#!/bin/sh\ntouch ${started}\nexec cat <&3\n`);
    chmodSync(bin, 0o755);
    folder.configure({ workers: { count: 1, bin } });
    await using daemon = builtDaemon(folder.flags);
    await eventually(() => (existsSync(started) ? true : undefined));
    daemon.child.kill('SIGTERM');
    expect(await daemon.ended).toEqual([0, null]);
    expect(existsSync(`${folder.socket}.owner`)).toBe(false);
  });
});

describe('a log that cannot be written', () => {
  it.each(['standard error', 'log.file'])('ends nothing: %s on a full disk', async (which) => {
    using folder = daemonFolder();
    const isFile = which === 'log.file';
    folder.configure(isFile ? { log: { file: '/dev/full' } } : {});
    await using daemon = builtDaemon(folder.flags, isFile ? 'pipe' : openSync('/dev/full', 'w'));
    await answering(folder.socket);
    daemon.child.kill('SIGUSR1');
    const { log } = await eventually(async () => {
      const status = await statusOf(folder.socket);
      return status.log.dropped > 1 ? status : undefined;
    });
    expect(log.problem).toContain('ENOSPC');
  });

  it('ends nothing: standard error that nobody reads any more', async () => {
    using folder = daemonFolder();
    await using daemon = builtDaemon(folder.flags);
    await daemon.saying('"msg":"ready"');
    daemon.child.stderr?.destroy();
    const { log } = await eventually(async () => {
      daemon.child.kill('SIGUSR1');
      const status = await statusOf(folder.socket);
      return status.log.dropped > 1 ? status : undefined;
    });
    expect(log.problem).toContain('EPIPE');
  });
});

describe('the unit', () => {
  const unit = readFileSync(new URL('../../systemd/mirolive.service', import.meta.url), 'utf8');
  const unitValue = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1];
  it('lets the daemon live on where the kernel ends an ffmpeg for want of memory', () => {
    expect(unitValue('OOMPolicy')).toBe('continue');
  });

  // Only root can be another user.
  it.skipIf(process.getuid?.() !== 0)('keeps stream keys for a user without a home', async () => {
    using folder = daemonFolder();
    const nobody = 65_534;
    const made = (name: string) => {
      mkdirSync(join(folder.path, name));
      chownSync(join(folder.path, name), nobody, nobody);
      return join(folder.path, name);
    };
    expect(unitValue('StateDirectory')).toBe('mirolive');
    const [state, run] = [made('state'), made('run')];
    const bin = join(folder.path, 'mediasoup-worker');
    copyFileSync(locateWorker({ env: process.env })?.path ?? '', bin);
    chmodSync(bin, 0o755);
    folder.configure({ state: {}, workers: { count: 1, bin } });
    chmodSync(folder.path, 0o755);
    const child = spawn(
      'setpriv',
      ['--reuid=65534', '--regid=65534', '--clear-groups', mirolivePath, 'daemon', ...folder.flags],
      // What systemd gives with StateDirectory= and User=, whose home is not there.
      {
        stdio: 'ignore',
        cwd: '/',
        env: { PATH: process.env.PATH, HOME: '/nonexistent', STATE_DIRECTORY: state },
      },
    );
    const ended = once(child, 'close');
    try {
      await answering(folder.socket);
      const client = createClient(folder.socket);
      const { key } = await client.call('createKey', { room: 'lobby' });
      expect(await client.call('listKeys', {})).toEqual([key]);
      expect(readdirSync(state)).toContain('state.db');
      expect(statSync(join(run, 'control.sock')).uid).toBe(nobody);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });
});
