import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** Columns of /proc/net/tcp, proc_pid_net(5). */
const column = { local: 1, remote: 2, uid: 7 } as const;

/**
 * Whether a connection on IPv4 loopback comes from a process of this process's user, by the kernel's table of sockets: others on
 * this machine have no business with a port that is meant for our ffmpeg.
 */
export async function isOfSameUser({ remotePort, localPort }: Socket): Promise<boolean> {
  const table = await readFile('/proc/self/net/tcp', 'utf8').catch(() => '');
  return uidIn(table, remotePort ?? 0, localPort ?? 0) === process.geteuid?.();
}

/** Whose end of a connection over 127.0.0.1 this is, by the table's text: its port and the other; undefined: there is none. */
export function uidIn(table: string, own: number, other: number): number | undefined {
  for (const line of table.split('\n')) {
    const words = line.trim().split(/\s+/);
    if (words[column.local] === endOf(own) && words[column.remote] === endOf(other))
      return Number(words[column.uid]);
  }
  return undefined;
}

/** 127.0.0.1 and a port as the table has them: the address in the byte order of little-endian machines. */
function endOf(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}
