import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/**
 * Whether a connection on IPv4 loopback comes from a process of this process's user, by the kernel's table of sockets
 * (proc_pid_net(5)): others on this machine have no business with a port that is meant for our ffmpeg.
 */
export async function isOfSameUser({ remotePort, localPort }: Socket): Promise<boolean> {
  const table = await readFile('/proc/self/net/tcp', 'utf8').catch(() => '');
  const [from, to] = [endOf(remotePort ?? 0), endOf(localPort ?? 0)];
  return table.split('\n').some((line) => {
    const [, local, remote, , , , , uid] = line.trim().split(/\s+/);
    return local === from && remote === to && Number(uid) === process.geteuid?.();
  });
}

/** 127.0.0.1 and a port as the table has them: the address in the byte order of little-endian machines. */
function endOf(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}
