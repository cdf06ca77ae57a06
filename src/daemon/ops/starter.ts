import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Starter } from '../../contract/starter.ts';

/** Where it is said what is wanted at the start of the machine: systemd.unit(5). */
const unitFolders = ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system'];
/** What Docker and Podman leave in each container. */
const containerMarks = ['/.dockerenv', '/run/.containerenv'];

/** What a process knows of itself. */
export interface OwnProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly ppid: number;
  /** `/proc/self/cgroup`. */
  readonly cgroup: string;
  /** `/proc/1/cmdline`. */
  readonly first: string;
  readonly exists: (path: string) => boolean;
  /** The names in a folder; empty where there is none. */
  readonly list: (folder: string) => readonly string[];
}

/** Who started this daemon, as it is now: a supervisor may have died since. */
export function starter(env: OwnProcess['env']): Starter {
  return starterOf({
    ...{ env, pid: process.pid, ppid: process.ppid, exists: existsSync },
    cgroup: orEmpty(() => readFileSync('/proc/self/cgroup', 'utf8')) ?? '',
    first: orEmpty(() => readFileSync('/proc/1/cmdline', 'utf8')) ?? '',
    list: (folder) => orEmpty(() => readdirSync(folder)) ?? [],
  });
}

/** By what each leaves on a process. Variables alone tell nothing: a shell of another service has its INVOCATION_ID. */
export function starterOf({ env, pid, ppid, cgroup, first, exists, list }: OwnProcess): Starter {
  if (env.MIROLIVE_SUPERVISOR_PID === `${ppid}`) return { kind: 'supervisor', pid: ppid };
  const [, parents = '', unit] = /^\d+:(?:name=systemd)?:(.*)\/([^/\n]+\.service)$/m.exec(cgroup) ?? [];
  // Before version 248 systemd does not say which process it started: systemd.exec(5).
  const isMain = env.SYSTEMD_EXEC_PID === undefined ? ppid === 1 : env.SYSTEMD_EXEC_PID === `${pid}`;
  if (env.INVOCATION_ID !== undefined && isMain && unit !== undefined) {
    const scope = parents.includes('/user@') ? 'user' : 'system';
    return { kind: 'systemd', unit, scope, enabled: scope === 'user' ? null : isEnabled(unit, list) };
  }
  // The first process there may be the shell of bin/mirolive, or another one that reaps; the engine starts that again, and nothing that it left alone.
  const isFirst = pid === 1 || (ppid === 1 && first.includes('mirolive'));
  const inContainer = env.container !== undefined || env.KUBERNETES_SERVICE_HOST !== undefined;
  if (isFirst && (inContainer || containerMarks.some(exists))) return { kind: 'container' };
  return { kind: 'hand' };
}

/** Whether the start of the machine, or something that is started then, wants the unit. */
function isEnabled(unit: string, list: OwnProcess['list']): boolean {
  return unitFolders.some((folder) =>
    list(folder)
      .filter((name) => /\.(wants|requires)$/.test(name))
      .some((name) => list(join(folder, name)).includes(unit)),
  );
}

function orEmpty<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
