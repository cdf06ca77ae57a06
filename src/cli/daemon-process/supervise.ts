import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BackOff } from '../../contract/back-off.ts';
import { pause, systemClock } from '../../contract/clock.ts';
import { builtProgram } from '../../contract/installation.ts';
import { Silence } from './silence.ts';

/** A daemon whose loop says nothing for so long hangs, in ms. */
const hangLimitMs = 30_000;
/** What goes on to the daemon, which knows what it means. */
const forwarded = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

/** How one life of the daemon ended. */
interface Death {
  readonly words: string;
  /** Its exit status; null: a signal ended it. */
  readonly status: number | null;
  /** It was ready, ever. */
  readonly wasReady: boolean;
  /** It had begun to end as it was told to, however that went on. */
  readonly wasEnding: boolean;
}

export interface SuperviseOptions {
  /** What the daemon is started with, behind `mirolive`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes a line of the log. */
  readonly say: (line: string) => void;
}

/**
 * Starts a daemon, and another one each time it dies, of whatever: at once, then after 0.5, 1, 2 … 30 s. It ends with the daemon that was told
 * to end, or that could not even begin the first time; gives its exit status. Where the supervisor dies, the daemon goes on, and nobody starts it again.
 */
export async function supervise({ args, env, say }: SuperviseOptions): Promise<number> {
  const backOff = new BackOff();
  let child: ChildProcess | undefined;
  const ending = new AbortController();
  for (const signal of forwarded) {
    process.on(signal, () => {
      if (signal === 'SIGTERM' || signal === 'SIGINT') ending.abort();
      child?.kill(signal);
    });
  }
  let everReady = false;
  for (;;) {
    child = begin(args, env);
    const { words, status, wasReady, wasEnding } = await life(child, () =>
      backOff.started(systemClock.nowMs()),
    );
    everReady ||= wasReady;
    if (ending.signal.aborted || wasEnding || status === 0 || !everReady) return status ?? 1;
    const waitMs = backOff.failed(systemClock.nowMs());
    const when = waitMs === 0 ? 'at once' : `in ${(waitMs / 1000).toFixed(1)} s`;
    say(`the daemon ${words}; it is started again ${when}`);
    await pause(systemClock, waitMs, ending.signal);
    if (ending.signal.aborted) return 0;
  }
}

function begin(args: readonly string[], env: SuperviseOptions['env']): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, fileURLToPath(builtProgram('cli/main')), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...env,
      WATCHDOG_USEC: `${hangLimitMs * 1000}`,
      WATCHDOG_PID: undefined,
      NOTIFY_SOCKET: undefined,
    },
  });
}

/** Resolves at the end of a daemon, which it brings about where that hangs. */
async function life(child: ChildProcess, ready: () => void): Promise<Death> {
  const { promise, resolve } = Promise.withResolvers<Pick<Death, 'words' | 'status'>>();
  let wasReady = false;
  let wasEnding = false;
  let hung = false;
  let silence: Silence | undefined;
  child.on('message', (message) => {
    silence?.heard();
    if (message === 'STOPPING=1') wasEnding = true;
    if (message !== 'READY=1' || wasReady) return;
    wasReady = true;
    ready();
    // Not before: a start has its own limits.
    silence = new Silence(systemClock, hangLimitMs, () => {
      hung = true;
      child.kill('SIGKILL');
    });
  });
  child.on('error', ({ message }) => resolve({ words: `could not be started: ${message}`, status: 1 }));
  child.on('exit', (status, signal) => {
    const pid = `(pid ${child.pid})`;
    if (hung) resolve({ words: `${pid} said nothing for ${hangLimitMs / 1000} s, and was killed`, status });
    else if (signal) resolve({ words: `${pid} was ended by ${signal}`, status: null });
    else resolve({ words: `${pid} ended with status ${status}`, status });
  });
  const death = await promise;
  silence?.cancel();
  return { ...death, wasReady, wasEnding };
}
