import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** How a line is: loss and delay hold for each way, the rate for the way to the viewer; null: all goes through. */
export interface LineState {
  readonly lossPercent: number;
  readonly delayMs: number;
  readonly kbit: number | null;
}

/** A line on which nothing is lost. */
export const goodLine: LineState = { lossPercent: 0, delayMs: 0, kbit: null };

/** A network namespace behind a line that a program makes, so that it loses, delays and slows packets whatever the kernel can (netem is not in all). */
export interface SoftwareLine extends AsyncDisposable {
  /** The network namespace. */
  readonly name: string;
  /** The address of this machine, as it is seen from in there. */
  readonly address: string;
  /** The other end. */
  readonly farAddress: string;
  /** A Chromium that runs in there. */
  readonly chromium: string;
  /** Resolves when the line is so. */
  become(line: LineState): Promise<void>;
  /** Drops what a firewall in there would, of what comes in: arguments of iptables behind `-A INPUT`. */
  drop(...match: readonly string[]): Promise<void>;
  /** Lets all in again. */
  open(): Promise<void>;
}

const script = fileURLToPath(new URL('./software-line.py', import.meta.url));

/** Makes one; gives the reason where this machine does not let it. */
export async function openSoftwareLine(chromium: string): Promise<SoftwareLine | string> {
  if (process.getuid?.() !== 0) return 'needs root, for a network namespace';
  const id = randomInt(2 ** 24).toString(16);
  const [name, outside, inside] = [`mirolive-${id}`, `so${id}`, `si${id}`];
  const network = `10.212.${randomInt(256)}`;
  const within = ['ip', 'netns', 'exec', name];
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-line-'));
  // It ends with its input, so with this process as well, and the namespace with it.
  const line = execa('/usr/bin/python3', [script, name, outside, inside], { reject: false, buffer: false });
  const said = createInterface({ input: line.stdout });
  const says = async () => {
    const ended = line.then(() => Promise.reject(new Error('its program has ended')));
    await Promise.race([once(said, 'line'), ended]);
  };
  const close = async () => {
    line.stdin.end();
    await line;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await says();
    const ip = (...args: string[]) => execa('ip', args);
    const inThere = (...args: string[]) => execa('ip', ['-n', name, ...args]);
    await ip('addr', 'add', `${network}.1`, 'peer', `${network}.2`, 'dev', outside);
    await ip('link', 'set', outside, 'up');
    await inThere('addr', 'add', `${network}.2`, 'peer', `${network}.1`, 'dev', inside);
    await inThere('link', 'set', inside, 'up');
    await inThere('link', 'set', 'lo', 'up');
    await execa('ip', ['netns', 'exec', name, 'iptables', '-w', '-F']);
  } catch (error) {
    await close();
    return `needs network namespaces, TUN, iptables and python3: ${(error as Error).message.split('\n')[0]}`;
  }
  const wrapper = join(folder, 'chromium');
  await writeFile(wrapper, `#!/bin/sh\nexec ${within.join(' ')} ${chromium} "$@"\n`);
  await chmod(wrapper, 0o755);
  const iptables = async (...args: readonly string[]) => {
    const [file = '', ...rest] = [...within, 'iptables', '-w', ...args];
    await execa(file, rest);
  };
  return {
    ...{ name, address: `${network}.1`, farAddress: `${network}.2`, chromium: wrapper },
    async become(state) {
      const heard = says();
      line.stdin.write(`${JSON.stringify(state)}\n`);
      await heard;
    },
    drop: (...match) => iptables('-A', 'INPUT', ...match, '-j', 'DROP'),
    open: () => iptables('-F'),
    [Symbol.asyncDispose]: close,
  };
}
