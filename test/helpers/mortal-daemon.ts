import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { type Client, createClient } from '../../src/cli/client.ts';
import { markOfTests } from './end-with-tests.ts';
import { freePorts } from './free-ports.ts';

const bin = new URL('../../bin/mirolive', import.meta.url).pathname;

/** The built daemon in a process of its own, on ports that stay its own, to be killed and started again. */
export class MortalDaemon implements AsyncDisposable {
  readonly client: Client;
  readonly httpPort: number;
  readonly rtmpPort: number;
  readonly #folder: string;
  readonly #config: object;
  #child: ReturnType<typeof run> | null = null;

  private constructor(folder: string, ports: readonly number[], sections: object) {
    const [http = 0, rtmp = 0, media = 0] = ports;
    this.#folder = folder;
    this.httpPort = http;
    this.rtmpPort = rtmp;
    this.client = createClient(join(folder, 'run', 'control.sock'));
    this.#config = {
      http: { host: '127.0.0.1', port: http },
      rtmp: { host: '127.0.0.1', port: rtmp },
      webrtc: { port: media, listen: ['127.0.0.1'] },
      workers: { count: 1 },
      ingest: { processes: 2 },
      state: { dir: join(folder, 'state') },
      ...sections,
    };
  }

  /** Starts nothing yet. @param folder what is its own: configuration, socket, state @param sections of its configuration, beside those */
  static async create(folder: string, sections: object = {}): Promise<MortalDaemon> {
    return new MortalDaemon(folder, await freePorts(3), sections);
  }

  get stateFile(): string {
    return join(this.#folder, 'state', 'state.db');
  }

  /** Starts it; whether it answers yet is another matter. @param rooms their sections of the configuration */
  async begin(rooms: object = {}): Promise<void> {
    const config = join(this.#folder, 'mirolive.yaml');
    await writeFile(config, JSON.stringify({ ...this.#config, rooms }));
    const socket = join(this.#folder, 'run', 'control.sock');
    this.#child = run(['--config', config, '--socket', socket], join(this.#folder, 'daemon.log'));
  }

  /** Resolves when it answers. @throws Error with what it says where it has ended before */
  async answers(): Promise<void> {
    const ended = this.#child?.then(({ stdout, stderr }) => {
      throw new Error(`the daemon has ended: ${stderr || stdout}`);
    });
    const asked = async () => {
      while ((await this.client.call('version', {}).catch(() => null)) === null) await pause(20);
    };
    await Promise.race([asked(), ended]);
  }

  async start(rooms: object = {}): Promise<void> {
    await this.begin(rooms);
    await this.answers();
  }

  /**
   * Kills it as nothing can be kept from doing. Gives what it had started, by then.
   *
   * @param what of the tree of its processes; all of it: as a machine that loses its power
   */
  async kill(what: 'daemon' | 'all' = 'daemon'): Promise<readonly Lived[]> {
    const child = this.#child;
    if (child?.pid === undefined) throw new Error('expected a daemon that runs');
    const before = await below(child.pid);
    this.#child = null;
    child.kill('SIGKILL');
    if (what === 'all') for (const one of before) end(one);
    await child;
    return before;
  }

  /** The end of what it has logged, in all of its lives. */
  async lastWords(): Promise<string> {
    const log = await readFile(join(this.#folder, 'daemon.log'), 'utf8');
    return log.trimEnd().split('\n').slice(-40).join('\n');
  }

  /** Ends it as a service manager does; resolves when it is gone. */
  async end(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGTERM');
    await child;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }
}

function run(flags: readonly string[], log: string) {
  const { PATH = '', HOME = '' } = process.env;
  return execa(bin, ['daemon', ...flags], {
    ...{ extendEnv: false, env: { ...markOfTests(), PATH, HOME }, reject: false },
    ...{ stdin: 'ignore', stderr: ['pipe', { file: log, append: true }] },
  });
}

/** Kills what may be gone by now. */
function end({ pid }: Lived): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A process: another one may have its number later. */
export interface Lived {
  readonly pid: number;
  readonly parent: number;
  readonly startTicks: string;
  readonly name: string;
}

/** Resolves when none of these processes is there any more; it is waited for as long as the test is. */
export async function allGone(processes: readonly Lived[]): Promise<void> {
  for (const one of processes) while ((await lived(one.pid))?.startTicks === one.startTicks) await pause(20);
}

async function below(pid: number): Promise<Lived[]> {
  const names = await readdir('/proc');
  const all = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => lived(Number(name))),
  );
  const known = all.filter((one) => one !== null);
  const found: Lived[] = [];
  const parents = [pid];
  for (let parent = parents.shift(); parent !== undefined; parent = parents.shift()) {
    const children = known.filter((one) => one.parent === parent);
    found.push(...children);
    parents.push(...children.map((one) => one.pid));
  }
  return found;
}

/** null: there is none, or it is dead and only its parent does not know yet. */
async function lived(pid: number): Promise<Lived | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  const name = text.slice(text.indexOf('(') + 1, end);
  return { pid, parent: Number(fields[1]), startTicks: fields[19] ?? '', name };
}
