import { readFileSync } from 'node:fs';

/** The daemon that has a control socket, or a state, as it writes down beside it. */
export interface Owner {
  readonly pid: number;
  /** When its process began, as the kernel counts: a pid may be another's by now. */
  readonly startTicks: string | null;
  readonly socket: string;
}

/** Where the owner of a socket, or of a state (`FOLDER/state`), is written down. */
export function ownerFile(place: string): string {
  return `${place}.owner`;
}

/** The daemon that has this place, if it is there still. */
export function readOwner(place: string): Owner | null {
  try {
    const owner = JSON.parse(readFileSync(ownerFile(place), 'utf8')) as Owner;
    const ticks = startTicks(owner.pid);
    return ticks !== null && ticks === owner.startTicks ? owner : null;
  } catch {
    return null;
  }
}

/** When a process began, in ticks since the machine did (field 22 of proc_pid_stat(5)); null: there is none, or it has ended and nobody has waited for it. */
export function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : (fields[18] ?? null);
  } catch {
    return null;
  }
}

/** `pid 4711, /run/mirolive/control.sock` */
export function ownerWords({ pid, socket }: Owner): string {
  return `pid ${pid}, ${socket}`;
}
