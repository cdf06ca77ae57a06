import { pathToFileURL } from 'node:url';
import { every, systemClock } from '../contract/clock.ts';
import { asMiroliveError, type ErrorBody, exitStatusOf } from '../contract/errors.ts';
import { loadConfig, loadConfigFile } from '../files/load-config.ts';
import type { Daemon } from './daemon.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { ServiceManager } from './ops/service-manager.ts';
import { stateWords } from './ops/state-words.ts';

/** Broadcasts, viewers and sockets must be gone within this, in ms; then the process ends anyhow. */
const shutdownLimitMs = 5000;
/** How often whoever started it is told how it is, in ms. */
const tellEveryMs = 5000;

/** What operators ask of a running daemon by signals; nothing before it is ready. */
interface Requests {
  /** SIGHUP */
  reload: () => void;
  /** SIGUSR1, SIGUSR2 */
  tell: () => void;
  /** The end took too long, and is cut short. */
  cut: () => void;
}

/** Runs the daemon until a signal ends it; gives what its start failed of, null: nothing. Whoever calls it has no class of ours. */
export async function runDaemon(options: {
  configPath: string | null;
  socket: string;
}): Promise<ErrorBody | null> {
  const requests: Requests = { reload: () => {}, tell: () => {}, cut: () => {} };
  // Before anything else: a start that hangs must be ended too.
  const ending = takeSignals(requests);
  try {
    await serve(options, requests, ending);
    return null;
  } catch (error) {
    return ending.aborted ? null : asMiroliveError(error).toJSON();
  }
}

async function serve(
  { configPath, socket }: { configPath: string | null; socket: string },
  requests: Requests,
  ending: AbortSignal,
): Promise<void> {
  const { config, rooms: roomWords } = await loadConfigFile(configPath);
  const { env, stderr } = process;
  const { createLog } = await import('./ops/log.ts');
  const { log, sink, lines } = await createLog(
    config.log,
    stderr,
    !env.NO_COLOR,
    () => config.privacy.keepAddresses,
  );
  // Its words are for this process: what this one starts has none of them.
  const manager = await findManager();
  const daemon = await createDaemon();
  // What nobody foresaw must not end every broadcast: it is logged, and what it belonged to is supervised.
  process.on('uncaughtException', (error) => log.fatal({ err: error }, 'an unforeseen error'));
  process.on('unhandledRejection', (error) => log.fatal({ err: error }, 'an unforeseen rejection'));
  requests.reload = oneAtATime(async () => {
    manager.reloading(process.hrtime.bigint() / 1000n);
    // What is wrong is told by it.
    await daemon.reload().catch(() => {});
    manager.ready();
  });
  requests.tell = () => log.info(daemon.state(), 'state');
  requests.cut = () => log.error({ limitMs: shutdownLimitMs }, 'the end took too long, and is cut short');
  log.info({ viewerUrl: daemon.viewerUrl, socket, config: configPath }, 'ready');
  manager.ready();
  const watchdog = manager.watch(systemClock);
  const tell = () => manager.status(stateWords(daemon.state()));
  // What was kept begins to come back only now.
  tell();
  const telling = every(systemClock, tellEveryMs, tell);
  const { tidyCompileCache } = await import('./ops/compile-cache.ts');
  void tidyCompileCache();
  await aborted(ending);
  log.info({ signal: ending.reason }, 'ending');
  manager.stopping();
  telling.cancel();
  await daemon.close();
  watchdog.cancel();
  log.info('ended');
  sink.close();

  async function createDaemon(): Promise<Daemon> {
    const { Daemon } = await import('./daemon.ts');
    try {
      return await Daemon.create({
        ...{ config, roomWords, configFile: configPath },
        readConfig: () => loadConfigFile(configPath),
        // Node's clock of what passes begins with the process.
        begunMs: 0,
        ...{ socket, log, env, sink, lines, aborted: ending },
      });
    } catch (error) {
      // Whoever is told of what nobody foresaw is sent to the log.
      if (asMiroliveError(error).code === 'INTERNAL') log.fatal({ err: error }, 'an unforeseen error');
      const { withHolder } = await import('./ops/port-holder.ts');
      throw await withHolder(error, config, env);
    }
  }
}

/** Who started this process, and is told how it is. */
async function findManager(): Promise<ServiceManager> {
  const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID } = process.env;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete process.env[name];
  const { ServiceManager } = await import('./ops/service-manager.ts');
  // It may be gone by now, and goes on without.
  process.on('disconnect', () => {});
  process.channel?.unref();
  const tell = (message: string) => {
    if (process.connected) process.send?.(message, () => {});
  };
  const parent = process.channel && tell;
  return ServiceManager.find({ NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID }, process.pid, parent);
}

/** Aborts with the name of the signal that ends the daemon, and sees to it that the end has one. */
function takeSignals(requests: Requests): AbortSignal {
  const ending = new AbortController();
  // Registered for good: a second Ctrl-C must not cut the end short.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) return;
      ending.abort(signal);
      systemClock.after(shutdownLimitMs, () => {
        requests.cut();
        process.exit(1);
      });
    });
  }
  process.on('SIGHUP', () => requests.reload());
  // Node would open its inspector at the first of them, and end at the second.
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => requests.tell());
  return ending.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** `node dist/daemon/main.js --doctor [--config FILE] [--running]`: the checks of this machine, one JSON object per line. */
async function main(): Promise<void> {
  const argument = process.argv.indexOf('--config');
  const configPath = argument === -1 ? null : (process.argv[argument + 1] ?? null);
  const running = process.argv.includes('--running');
  const { runDoctor } = await import('./ops/doctor.ts');
  const config = await loadConfig(configPath);
  for await (const finding of runDoctor(config, process.env, systemClock.wallMs(), { running })) {
    process.stdout.write(`${JSON.stringify(finding)}\n`);
  }
}

if (process.argv.includes('--doctor') && import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main().catch((error: unknown) => {
    const { code, message } = asMiroliveError(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = exitStatusOf(code);
  });
}
