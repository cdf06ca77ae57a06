import { readFileSync } from 'node:fs';
import { orElse } from './or-else.ts';

/** What the machine has received and sent by its network since it started, whoever it was for. */
export interface NetworkBytes {
  readonly received: number;
  readonly sent: number;
}

/** Of all interfaces but loopback (proc_pid_net(5)); null: not known. @param folder where the kernel tells of itself */
export function networkBytes(folder = '/proc'): NetworkBytes | null {
  const text = orElse(() => readFileSync(`${folder}/net/dev`, 'latin1'), null);
  if (text === null) return null;
  const others = [...text.matchAll(/^\s*([^:\s]+):\s*(.*)$/gm)]
    .filter(([, name]) => name !== 'lo')
    .map(([, , counts = '']) => counts.trim().split(/\s+/).map(Number));
  const sum = (column: number) => others.reduce((total, counts) => total + (counts[column] ?? Number.NaN), 0);
  const bytes = { received: sum(0), sent: sum(8) };
  return Number.isNaN(bytes.received + bytes.sent) ? null : bytes;
}
