import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** A machine of its own, with nothing but loopback: a network namespace. */
export interface LoneMachine extends AsyncDisposable {
  /** Runs a program in there. */
  runner(program: string): Promise<string>;
  /** Connects another machine, by a network of both. */
  connect(): Promise<Neighbour>;
}

/** A machine on a network with the lone one. */
export interface Neighbour {
  /** The lone machine's address on that network. */
  readonly address: string;
  /** A program that runs in there. */
  runner(program: string): Promise<string>;
  /** Gives the lone machine another address on the network, in the place of the one that it has. */
  readdress(): Promise<string>;
}

/** Makes one; gives the reason where this machine does not let it. */
export async function openLoneMachine(): Promise<LoneMachine | string> {
  if (process.getuid?.() !== 0) return 'needs root, for a network namespace';
  const id = randomInt(2 ** 24).toString(16);
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-lone-'));
  const names: string[] = [];
  const addNamespace = async () => {
    const name = `mirolive-${id}-${names.length}`;
    await execa('ip', ['netns', 'add', name]);
    names.push(name);
    await execa('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
    return name;
  };
  const runnerIn = (name: string) => async (program: string) => {
    const path = join(folder, randomInt(2 ** 40).toString(16));
    await writeFile(path, `#!/bin/sh\nexec ip netns exec ${name} ${program} "$@"\n`);
    await chmod(path, 0o755);
    return path;
  };
  const close = async () => {
    for (const name of names) await execa('ip', ['netns', 'del', name], { reject: false });
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const lone = await addNamespace();
    const ip = (...args: string[]) => execa('ip', ['-n', lone, ...args]);
    const connect = async (): Promise<Neighbour> => {
      const name = await addNamespace();
      const [network, here, there] = [`10.214.${names.length}`, `n${names.length}`, 'up0'];
      const inThere = (...args: string[]) => execa('ip', ['-n', name, ...args]);
      await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
      await inThere('addr', 'add', `${network}.200/24`, 'dev', there);
      await inThere('link', 'set', there, 'up');
      await ip('addr', 'add', `${network}.1/24`, 'dev', here);
      await ip('link', 'set', here, 'up');
      const readdress = async () => {
        await ip('addr', 'flush', 'dev', here);
        await ip('addr', 'add', `${network}.2/24`, 'dev', here);
        return `${network}.2`;
      };
      return { address: `${network}.1`, runner: runnerIn(name), readdress };
    };
    return { runner: runnerIn(lone), connect, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    return `needs network namespaces: ${(error as Error).message.split('\n')[0]}`;
  }
}
