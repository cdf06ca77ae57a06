import { readFile } from 'node:fs/promises';

/** Columns of /proc/net/tcp, proc(5). */
const column = { local: 1, remote: 2, uid: 7 } as const;

/** Whose process holds the other end of a connection over 127.0.0.1: its user's id; undefined where it cannot be told. */
export async function peerUid(ports: { remote: number; local: number }): Promise<number | undefined> {
  const table = await readFile('/proc/net/tcp', 'utf8').catch(() => '');
  return uidIn(table, ports.remote, ports.local);
}

/** The same, from the table's text: ports as the peer sees them, its own and the other. */
export function uidIn(table: string, own: number, other: number): number | undefined {
  const end = (port: number) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of table.split('\n')) {
    const words = line.trim().split(/\s+/);
    if (words[column.local] === end(own) && words[column.remote] === end(other))
      return Number(words[column.uid]);
  }
  return undefined;
}
