import { open, readFile } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, release, totalmem, uptime, version } from 'node:os';
import type { Config } from '../../contract/config.ts';
import { loadConfig } from '../../files/load-config.ts';
import { readText } from '../../files/read-text.ts';
import type { HostPlace } from '../places/place.ts';
import type { BundlePart } from './bundle-part.ts';
import { wholeLines } from './line-text.ts';

/** Of a log so many bytes of its end are taken. */
const mostLogBytes = 2 * 1024 * 1024;
/** No longer is waited for numbers, in ms. */
const metricsMs = 10_000;

/** What this machine tells, without a daemon. */
export interface MachinePartsOptions {
  /** null: built-in defaults. */
  readonly configFile: string | null;
  /** The daemon's, where one answers. @throws where none does */
  readonly pid: () => Promise<number>;
}

/** What is known where the daemon's machine is this one, whether it runs or not. */
export function machineParts({ configFile, pid }: MachinePartsOptions): BundlePart[] {
  const config = () => loadConfig(configFile);
  return [
    { name: 'config.yaml', get: () => configText(configFile) },
    { name: 'machine.json', get: machine },
    { name: 'limits.txt', get: async () => readFile(`/proc/${await pid()}/limits`, 'utf8') },
    { name: 'log-file.txt', get: async () => logEnd(await config()) },
    { name: 'metrics.txt', get: async () => metrics(await config()) },
  ];
}

/** What of them is not to be had from here. */
export function partsElsewhere({ host }: HostPlace): BundlePart[] {
  const onlyThere = async () => {
    throw new Error(`it is on the machine of the daemon: mirolive doctor --bundle, on ${host}`);
  };
  return ['config.yaml', 'machine.json', 'limits.txt', 'log-file.txt', 'metrics.txt'].map((name) => ({
    name,
    get: onlyThere,
  }));
}

/** As a value, so that each of its keys is seen, and without comments, which may hold anything. */
async function configText(file: string | null): Promise<string> {
  if (file === null) return '# built-in defaults\n';
  const text = await readText(file, 'INVALID_CONFIG');
  const [{ parse, stringify }, { scrubbedValue }] = await Promise.all([
    import('../../files/yaml-parse.ts'),
    import('../../contract/scrubbed.ts'),
  ]);
  return stringify(scrubbedValue(parse(text, { logLevel: 'error' })));
}

async function machine(): Promise<unknown> {
  const system = await readFile('/etc/os-release', 'utf8').catch(() => null);
  return {
    system: /^PRETTY_NAME="?([^"\n]*)/m.exec(system ?? '')?.[1] ?? null,
    kernel: { release: release(), version: version() },
    node: process.versions.node,
    cores: availableParallelism(),
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    load: loadavg(),
    uptimeSeconds: Math.round(uptime()),
  };
}

async function logEnd({ log: { file } }: Config): Promise<string> {
  if (file === null) throw new Error('the log goes to standard error: journalctl -u mirolive');
  await using log = await open(file);
  const { size } = await log.stat();
  const start = Math.max(0, size - mostLogBytes);
  const { buffer, bytesRead } = await log.read(Buffer.alloc(size - start), 0, size - start, start);
  const text = buffer.toString('utf8', 0, bytesRead);
  return start > 0 ? wholeLines(text) : text;
}

async function metrics({ metrics: { enabled, host, port } }: Config): Promise<string> {
  if (!enabled) throw new Error('metrics.enabled is off');
  const own = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const url = `http://${own.includes(':') ? `[${own}]` : own}:${port}/metrics`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(metricsMs) });
    return await answer.text();
  } catch (cause) {
    throw new Error(`nobody answers on ${url}`, { cause });
  }
}
