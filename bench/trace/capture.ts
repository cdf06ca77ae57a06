import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { start, stop } from '../child.ts';
import type { Context } from '../context.ts';
import { type Packet, packetsOf } from './pcap.ts';

export interface Capture {
  /** Ends it, and gives what passed on loopback since it began. */
  readonly packets: () => Promise<Packet[]>;
}

/**
 * Captures loopback by tcpdump, outside of all that is measured, until it is asked for its packets.
 *
 * @param keptBytes of each packet, from its Ethernet head on
 */
export async function captureLoopback(context: Context, filter: string, keptBytes: number): Promise<Capture> {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-bench-capture-'));
  context.scope.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'loopback.pcap');
  const size = ['-s', `${keptBytes}`, '-B', '16384'];
  // What it wrote must be there when it ends; `-Z` keeps the user, whose folder this is.
  const args = ['-i', 'lo', '-n', ...size, '-U', '-Z', 'root', '-w', file, filter];
  const child = start(context, 'tcpdump', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (!child.stderr) throw new Error('expected the words of tcpdump');
  const words: string[] = [];
  const lines = createInterface({ input: child.stderr }).on('line', (line) => words.push(line));
  // It says `listening on lo`, and captures from then on.
  await new Promise<void>((resolve, reject) => {
    const fail = () =>
      reject(new Error(`expected tcpdump, as root or with CAP_NET_RAW: ${words.join('; ')}`));
    lines.once('line', () => resolve());
    child.once('exit', fail).once('error', fail);
  });
  return {
    packets: async () => {
      await stop(child);
      return packetsOf(await readFile(file));
    },
  };
}
