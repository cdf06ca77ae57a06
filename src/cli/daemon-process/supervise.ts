import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BackOff } from '../../contract/back-off.ts';
import { pause, systemClock } from '../../contract/clock.ts';
import { installed } from '../../contract/installation.ts';
import { Silence } from './silence.ts';

/** A daemon whose loop says nothing for so long hangs, in ms. */
const hangLimitMs = 30_000;
/** One that is not ready by then never will be, in ms: before, a damaged state is looked through, and a disk may be slow. */
const usualStartLimitMs = 90_000;
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
  /** In ms; default: 90 s. */
  readonly startLimitMs?: number;
}

/**
 * Starts a daemon, and another one each time it dies, of whatever: at once, then after 0.5, 1, 2 … 30 s. It ends with the daemon that was told
 * to end, or that said the first time that it cannot begin; gives its exit status. Where the supervisor dies, the daemon goes on, and nobody starts it again.
 */
export async function supervise({ args, env, say, ...limits }: SuperviseOptions): Promise<number> {
  const { startLimitMs = usualStartLimitMs } = limits;
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
    const { words, status, wasReady, wasEnding } = await life(child, startLimitMs, () =>
      backOff.started(systemClock.nowMs()),
    );
    everReady ||= wasReady;
    const cannotBegin = status !== null && !everReady;
    if (ending.signal.aborted || wasEnding || status === 0 || cannotBegin) return status ?? 1;
    const waitMs = backOff.failed(systemClock.nowMs());
    const when = waitMs === 0 ? 'at once' : `in ${(waitMs / 1000).toFixed(1)} s`;
    say(`the daemon ${words}; it is started again ${when}`);
    await pause(systemClock, waitMs, ending.signal);
    if (ending.signal.aborted) return 0;
  }
}

/** The newest build, which may be newer than what supervises it: `bin/mirolive` becomes that. */
function begin(args: readonly string[], env: SuperviseOptions['env']): ChildProcess {
  return spawn(fileURLToPath(installed('bin/mirolive')), args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...env,
      WATCHDOG_USEC: `${hangLimitMs * 1000}`,
      WATCHDOG_PID: undefined,
      NOTIFY_SOCKET: undefined,
      MIROLIVE_SUPERVISOR_PID: `${process.pid}`,
    },
  });
}

/** Resolves at the end of a daemon, which it brings about where that hangs. */
async function life(child: ChildProcess, startLimitMs: number, ready: () => void): Promise<Death> {
  const { promise, resolve } = Promise.withResolvers<Pick<Death, 'words' | 'status'>>();
  let wasReady = false;
  let wasEnding = false;
  let hung: string | null = null;
  /** Kills it where nothing is heard for so long. */
  const within = (limitMs: number, what: string) =>
    new Silence(systemClock, limitMs, () => {
      hung = `${what} ${limitMs / 1000} s, and was killed`;
      child.kill('SIGKILL');
    });
  let silence = within(startLimitMs, 'was not ready within');
  child.on('message', (message) => {
    silence.heard();
    if (message === 'STOPPING=1') wasEnding = true;
    if (message !== 'READY=1' || wasReady) return;
    wasReady = true;
    ready();
    silence.cancel();
    silence = within(hangLimitMs, 'said nothing for');
  });
  child.on('error', ({ message }) => resolve({ words: `could not be started: ${message}`, status: 1 }));
  child.on('exit', (status, signal) => {
    const pid = `(pid ${child.pid})`;
    if (hung) resolve({ words: `${pid} ${hung}`, status });
    else if (signal) resolve({ words: `${pid} was ended by ${signal}`, status: null });
    else resolve({ words: `${pid} ended with status ${status}`, status });
  });
  const death = await promise;
  silence.cancel();
  return { ...death, wasReady, wasEnding };
}
