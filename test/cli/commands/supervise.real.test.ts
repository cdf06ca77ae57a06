import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Status } from '../../../src/contract/models.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { mirolive, values } from '../mirolive.ts';

let folder: ReturnType<typeof temporaryFolder>;
let flags: string[];

beforeEach(() => {
  folder = temporaryFolder();
  const config = join(folder.path, 'mirolive.yaml');
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
  writeFileSync(join(folder.path, 'mirolive.yaml'), 'htpp: {}\n');
  const { exitCode, stderr } = await mirolive(['daemon', '--supervise', ...flags]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('htpp')]);
});
