import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { type DeathCause, usualBounds } from '../../../src/ingest/child/child-watch.ts';
import { WatchedChild } from '../../../src/ingest/child/watched-child.ts';
import { childrenOf, gone, over, stateOf } from '../processes.ts';
import type { Script, ScriptedCalls } from './scripted-child.ts';

const entry = new URL('./scripted-child.ts', import.meta.url);

const quiet = {
  answerSenses: { begin: z.int() },
  answers: {},
  senses: {},
  gone: (reason: string) => new Error(reason),
};

function start(
  begin: Script,
  changes: Partial<typeof usualBounds & { maxMemoryBytes: number }> = {},
  environment: 'needed' | 'none' = 'none',
) {
  const bounds = { ...usualBounds, maxMemoryBytes: 2 ** 30, ...changes };
  return new WatchedChild<ScriptedCalls, object>({ entry, bounds, begin, environment, ...quiet });
}

/** How one of them is to behave, and what it is ended for. */
interface Ended {
  readonly begin: Script;
  readonly changes: Parameters<typeof start>[1];
  readonly cause: DeathCause;
  readonly message: RegExp;
}

test.each<Ended>([
  { begin: 'throw', changes: {}, cause: 'crashed', message: /^it ended with code 1: TypeError: what nobody/ },
  {
    ...{ begin: 'babble', changes: {}, cause: 'crashed' },
    message: /^it told what makes no sense: invalid_value at its top$/,
  },
  {
    ...{ begin: 'rant', changes: {}, cause: 'crashed' },
    message: /^it told what makes no sense: a text in it is too long$/,
  },
  {
    ...{ begin: 'circle', changes: {}, cause: 'crashed' },
    message: /^it told what makes no sense: it is too deep$/,
  },
  { begin: 'spin', changes: { silenceMs: 2000 }, cause: 'spun', message: /^it did not answer for 2 s$/ },
  {
    ...{ begin: 'grow', changes: { maxMemoryBytes: 200 * 1024 ** 2 } },
    ...{ cause: 'grew', message: /^it took more than 200 MiB of memory$/ },
  },
])('A process that is to $begin is gone, and it is told why', async ({ begin, changes, cause, message }) => {
  const child = start(begin, changes);
  expect(await child.ready).toBe(child.pid);
  const death = await child.ended;
  expect(death.cause).toBe(cause);
  expect(death.message).toMatch(message);
  expect(child.alive).toBe(false);
  expect(await stateOf(child.pid)).toBe('gone');
});

test('A process that is stopped is ended by its silence, one that is killed is noticed', async () => {
  const [stopped, killed] = [start('work', { silenceMs: 2000 }), start('work')];
  await Promise.all([stopped.ready, killed.ready]);
  process.kill(stopped.pid, 'SIGSTOP');
  process.kill(killed.pid, 'SIGKILL');
  expect(await killed.ended).toMatchObject({ cause: 'killed', message: 'it was ended by SIGKILL' });
  expect(await stopped.ended).toMatchObject({ cause: 'spun' });
});

test.each(['work', 'stay', 'mute'] as const)(
  'WatchedChild closes a process that is to %s, also twice',
  async (begin) => {
    const child = start(begin);
    if (begin !== 'mute') await child.ready;
    await Promise.all([child.close(), child.close()]);
    await child.close();
    expect(await stateOf(child.pid)).toBe('gone');
    await expect(child.line.ask('begin', 'work')).rejects.toThrow(/^it /);
  },
);

test('WatchedChild that is closed does not wait for a process that cannot be ended, as it waits for a disk that is dead', async () => {
  const child = start('stay');
  await child.ready;
  const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true);
  await child.close();
  expect([kill.mock.calls, await stateOf(child.pid)]).toEqual([[['SIGKILL']], 'runs']);
  await expect(child.line.ask('begin', 'work')).rejects.toThrow('it cannot be ended');
  kill.mockRestore();
  process.kill(child.pid, 'SIGKILL');
  await child.ended;
});

test('A process that cannot begin is ended, and whoever waits for it hears why', async () => {
  const child = start('refuse');
  await expect(child.ready).rejects.toMatchObject({ code: 'PORT_IN_USE', message: 'it has no place' });
  expect(await child.ended).toMatchObject({ cause: 'crashed', message: 'it has no place' });
});

test('A process that passes on what is too long passes on its beginning', async () => {
  await expect(start('quote').ready).rejects.toMatchObject({
    ...{ code: 'PORT_IN_USE', message: 'x'.repeat(2 ** 16) },
  });
});

test('WatchedChild that is closed while it starts leaves nothing, and says that it never began', async () => {
  const child = start('work');
  await child.close();
  await expect(child.ready).rejects.toThrow(/^it /);
  expect(await stateOf(child.pid)).toBe('gone');
});

test.each([
  { environment: 'needed', path: process.env.PATH },
  { environment: 'none', path: undefined },
] as const)('A process of ours has nothing secret in its environment: $environment', async (started) => {
  vi.stubEnv('MIROLIVE_TEST_SECRET', 'secret');
  const child = start('work', {}, started.environment);
  vi.unstubAllEnvs();
  await child.ready;
  const environment = (await readFile(`/proc/${child.pid}/environ`, 'utf8')).split('\0');
  await child.close();
  expect(environment.filter((one) => one.includes('secret'))).toEqual([]);
  expect(environment.find((one) => one.startsWith('PATH='))).toBe(started.path && `PATH=${started.path}`);
});

test('A process that cannot be started says so', async () => {
  const options = {
    bounds: { ...usualBounds, maxMemoryBytes: 2 ** 30 },
    ...quiet,
    environment: 'none',
  } as const;
  const nowhere = new URL('./nowhere.ts', import.meta.url);
  const child = new WatchedChild<ScriptedCalls, object>({ entry: nowhere, begin: 'work', ...options });
  await expect(child.ready).rejects.toThrow('it ended with code 1: Error: Cannot find module');
});

test('A process has a watch beside it, another one when that is killed, and none when it is gone', async () => {
  const before = await ownSockets();
  const child = start('work');
  await child.ready;
  const channels = (await ownSockets()).filter((name) => !before.includes(name));
  expect(channels).not.toEqual([]);
  const watches = () => childrenOf(child.pid, 'parent-watch');
  const [first = -1, ...more] = await watches();
  expect([first, more]).toEqual([expect.toSatisfy((pid: number) => pid > 0), []]);
  process.kill(first, 'SIGKILL');
  await gone(first);
  await expect.poll(watches).toHaveLength(1);
  const [second = -1] = await watches();
  process.kill(child.pid, 'SIGKILL');
  await child.ended;
  await gone(second);
  const left = async () => (await ownSockets()).filter((name) => channels.includes(name));
  await expect.poll(left).toEqual([]);
});

/** The sockets that this process has, each by a name that no other one gets. */
async function ownSockets(): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd');
  const names = await Promise.all(descriptors.map((one) => readlink(`/proc/self/fd/${one}`).catch(() => '')));
  return names.filter((name) => name.startsWith('socket:'));
}

const owner = [process.execPath, fileURLToPath(new URL('./owner.ts', import.meta.url))];
/** A first process that, unlike an init, waits for nobody: what dies below it stays a zombie. */
const noInit = [
  ...['unshare', '--pid', '--mount-proc', '--kill-child', '--fork'],
  ...['sh', '-c', '"$@" & exec sleep 600', 'sh'],
];

test.each([
  { name: 'is killed', command: owner, ends: gone },
  ...(process.getuid?.() === 0
    ? [{ name: 'is killed in a container without an init', command: [...noInit, ...owner], ends: over }]
    : []),
])(
  'Whatever the daemon has started ends when it $name, also what spins or does not want to end',
  async ({ command: [program = '', ...args], ends }) => {
    const started = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(started.stdout.setEncoding('utf8'), 'data')) as [string];
      const { namespace, pids: own } = JSON.parse(line) as { namespace: string; pids: number[] };
      const [daemon = -1, ...pids] = await asSeenHere(namespace, own);
      expect(pids).toHaveLength(5);
      process.kill(daemon, 'SIGKILL');
      await Promise.all(pids.map(ends));
    } finally {
      started.kill('SIGKILL');
    }
  },
);

/** The pids that processes of a namespace have here, by those that they have there (proc_pid_status(5), NSpid). */
async function asSeenHere(namespace: string, pids: readonly number[]): Promise<number[]> {
  const here = new Map<number, number>();
  for (const pid of (await readdir('/proc')).map(Number)) {
    if ((await readlink(`/proc/${pid}/ns/pid`).catch(() => '')) !== namespace) continue;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    here.set(Number(/^NSpid:.*\s(\d+)$/m.exec(status)?.[1]), pid);
  }
  return pids.flatMap((pid) => here.get(pid) ?? []);
}
