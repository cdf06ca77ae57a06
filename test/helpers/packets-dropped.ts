import { readFileSync } from 'node:fs';

/** How many UDP packets the system has thrown away since it began, since who was to read them had no CPU, and the socket's buffer was full (RcvbufErrors of /proc/net/snmp). */
export function packetsDropped(): number {
  const [names = [], values = []] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Udp: '))
    .map((line) => line.split(' '));
  return Number(values[names.indexOf('RcvbufErrors')]);
}
