import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** A network namespace behind a line that can be made slow. */
export interface ShapedLink extends AsyncDisposable {
  /** The address of this machine, as it is seen from in there. */
  readonly address: string;
  /** A Chromium that runs in there. */
  readonly chromium: string;
  /** What a command begins with that runs in there. */
  readonly within: readonly string[];
  /** Lets no more than this through to it, in kbit/s, with the queue of a home router; null: everything. */
  limit(kbitPerSecond: number | null): Promise<void>;
}

/** How long packets may wait in the queue before they are dropped. */
const queueLatency = '150ms';

/** Makes one; gives the reason where this machine does not let it. */
export async function openShapedLink(chromium: string): Promise<ShapedLink | string> {
  if (process.getuid?.() !== 0) return 'needs root, for a network namespace';
  const id = randomInt(2 ** 24).toString(16);
  const [name, outside, inside] = [`mirolive-${id}`, `mo${id}`, `mi${id}`];
  const network = `10.213.${randomInt(256)}`;
  const ip = (...args: string[]) => execa('ip', args);
  const inThere = (...args: string[]) => execa('ip', ['-n', name, ...args]);
  const within = ['ip', 'netns', 'exec', name];
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-link-'));
  const close = async () => {
    await execa('ip', ['link', 'del', outside], { reject: false });
    await execa('ip', ['netns', 'del', name], { reject: false });
    await rm(folder, { recursive: true, force: true });
  };
  const limit = async (kbitPerSecond: number | null) => {
    await execa('tc', ['qdisc', 'del', 'dev', outside, 'root'], { reject: false });
    if (kbitPerSecond === null) return;
    // One packet at a time, as a line does: a bucket would let a probe through unhindered.
    const shape = ['tbf', 'rate', `${kbitPerSecond}kbit`, 'burst', '1600', 'latency', queueLatency];
    await execa('tc', ['qdisc', 'add', 'dev', outside, 'root', ...shape]);
  };
  try {
    await ip('netns', 'add', name);
    await ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', name);
    await ip('addr', 'add', `${network}.1/30`, 'dev', outside);
    await ip('link', 'set', outside, 'up');
    await inThere('addr', 'add', `${network}.2/30`, 'dev', inside);
    await inThere('link', 'set', inside, 'up');
    await inThere('link', 'set', 'lo', 'up');
    await limit(600);
    await limit(null);
  } catch (error) {
    await close();
    return `needs network namespaces and tc of iproute2: ${(error as Error).message.split('\n')[0]}`;
  }
  const wrapper = join(folder, 'chromium');
  await writeFile(wrapper, `#!/bin/sh\nexec ${within.join(' ')} ${chromium} "$@"\n`);
  await chmod(wrapper, 0o755);
  return { address: `${network}.1`, chromium: wrapper, within, limit, [Symbol.asyncDispose]: close };
}
