import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Status } from '../../../src/contract/models.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { mirolive, values } from '../mirolive.ts';

const supervisor = new URL('../../../src/cli/daemon-process/supervise.ts', import.meta.url).href;

let folder: ReturnType<typeof temporaryFolder>;
let config: string;
let flags: string[];

beforeEach(() => {
  folder = temporaryFolder();
  config = join(folder.path, 'mirolive.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      http: { host: '127.0.0.1', port: 0 },
      rtmp: { enabled: false },
      webrtc: { port: 0, listen: ['127.0.0.1'] },
      workers: { count: 1 },
      state: { dir: join(folder.path, 'state') },
    }),
  );
  flags = ['--config', config, '--socket', join(folder.path, 'run', 'control.sock')];
});

afterEach(() => folder[Symbol.dispose]());

const answering = async (notPid: number): Promise<Status> => {
  let status: Status | undefined;
  await expect
    .poll(async () => {
      const { stdout } = await mirolive(['status', '--json', ...flags]);
      status = JSON.parse(stdout) as Status;
      return status.pid !== undefined && status.pid !== notPid;
    })
    .toBe(true);
  if (!status) throw new Error('expected a status');
  return status;
};
const parentOf = (pid: number) =>
  Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
const isThere = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('mirolive daemon --supervise starts a daemon again that was killed, and ends with one that was told to end', async () => {
  const { stdout } = await mirolive(['daemon', '--supervise', '--background', '--json', ...flags]);
  const [started] = values(stdout) as [{ pid: number; log: string }];
  const supervisor = parentOf(started.pid);
  process.kill(started.pid, 'SIGKILL');
  const again = await answering(started.pid);
  expect(parentOf(again.pid)).toBe(supervisor);
  expect(readFileSync(started.log, 'utf8')).toContain(
    `the daemon (pid ${started.pid}) was ended by SIGKILL; it is started again at once`,
  );
  process.kill(supervisor, 'SIGTERM');
  await expect.poll(() => isThere(supervisor) || isThere(again.pid)).toBe(false);
});

test('mirolive daemon --supervise gives up at once what cannot begin', async () => {
  writeFileSync(config, 'htpp: {}\n');
  const { exitCode, stderr } = await mirolive(['daemon', '--supervise', ...flags]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('htpp')]);
});

test('A start that hangs is killed in the end, told, and tried again', async () => {
  rmSync(config);
  // Nobody ever writes into it: the daemon reads its configuration for good.
  execFileSync('mkfifo', [config]);
  const options = JSON.stringify({ args: ['daemon', ...flags], startLimitMs: 2000 });
  const program = `const { supervise } = await import('${supervisor}');
    process.exitCode = await supervise({ ...${options}, env: process.env, say: (line) => console.log(line) });`;
  await using scope = new AsyncDisposableStack();
  const supervising = execa(process.execPath, ['--input-type=module', '--eval', program], { reject: false });
  scope.defer(async () => {
    supervising.kill('SIGTERM');
    await supervising;
  });
  const [said] = (await once(supervising.stdout.setEncoding('utf8'), 'data')) as [string];
  expect(said).toMatch(
    /^the daemon \(pid \d+\) was not ready within 2 s, and was killed; it is started again at once\n$/,
  );
  const pid = Number(/pid (\d+)/.exec(said)?.[1]);
  await expect.poll(() => childrenOf(supervising.pid ?? 0).filter((child) => child !== pid)).toHaveLength(1);
});
