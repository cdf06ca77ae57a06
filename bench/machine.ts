import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { locateWorker, workerCapabilities } from '../native/mediasoup-worker/locate.mjs';
import { workerWords } from '../src/contract/worker-finding.ts';

const run = promisify(execFile);

/** What the figures were measured with. */
export interface Machine {
  readonly system: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly ffmpeg: string;
  readonly browser: string;
  /** Which worker, and what it can. */
  readonly worker: string;
}

/** What this machine is, as far as it says. */
export async function thisMachine(): Promise<Machine> {
  const [systemName, ffmpeg, browser, worker] = await Promise.all([
    readFile('/etc/os-release', 'utf8').then((text) => /^PRETTY_NAME="(.*)"$/m.exec(text)?.[1] ?? 'Linux'),
    version('ffmpeg', ['-version'], /version (\S+)/),
    version(process.env.CHROMIUM ?? '/usr/bin/chromium', ['--version'], /(\d+)\./),
    workerUsed(),
  ]);
  return {
    system: `${systemName}, kernel ${release()}`,
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() || 'unknown',
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.versions.node,
    ...{ ffmpeg, browser, worker },
  };
}

async function workerUsed(): Promise<string> {
  const located = locateWorker();
  if (!located) return 'none';
  const capabilities = (await workerCapabilities(located.path)) ?? null;
  return workerWords({ ...located, capabilities });
}

async function version(command: string, args: readonly string[], pattern: RegExp): Promise<string> {
  const { stdout } = await run(command, args).catch(() => ({ stdout: '' }));
  return pattern.exec(stdout)?.[1] ?? 'unknown';
}
