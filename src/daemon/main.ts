import { pathToFileURL } from 'node:url';
import { loadConfig } from '../contract/config-file.ts';
import { asMiroliveError, errorTable } from '../contract/errors.ts';
import { Daemon } from './daemon.ts';
import { runDoctor } from './ops/doctor.ts';
import { createLog } from './ops/log.ts';

/** Broadcasts, viewers and sockets must be gone within this, in ms; then the process ends anyhow. */
const shutdownLimitMs = 5000;

/** Runs the daemon until a signal ends it; gives the exit status. Errors at the start are thrown. */
export async function runDaemon(options: { configPath: string | null; socket: string }): Promise<number> {
  const config = await loadConfig(options.configPath);
  const { env, stderr } = process;
  const log = createLog(config.log, stderr.isTTY === true, stderr.isTTY === true && !env.NO_COLOR);
  const signalled = nextSignal();
  const daemon = await Daemon.create({ config, socket: options.socket, log, env });
  // What nobody foresaw must not end every broadcast: it is logged, and what it belonged to is supervised.
  process.on('uncaughtException', (error) => log.fatal({ err: error }, 'an unforeseen error'));
  process.on('unhandledRejection', (error) => log.fatal({ err: error }, 'an unforeseen rejection'));
  log.info({ viewerUrl: daemon.viewerUrl, socket: options.socket, config: options.configPath }, 'ready');
  const signal = await signalled;
  log.info({ signal }, 'ending');
  const limit = setTimeout(() => {
    log.error('ending took too long; some parts did not close');
    process.exit(1);
  }, shutdownLimitMs);
  await daemon.close();
  clearTimeout(limit);
  return 0;
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    // Registered for good: a second Ctrl-C must not cut the end short.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, resolve);
  });
}

/** `node dist/daemon/main.js --doctor [--config FILE] [--running]`: the checks of this machine, one JSON object per line. */
async function main(): Promise<void> {
  const argument = process.argv.indexOf('--config');
  const configPath = argument === -1 ? null : (process.argv[argument + 1] ?? null);
  const running = process.argv.includes('--running');
  for await (const finding of runDoctor(await loadConfig(configPath), process.env, { running })) {
    process.stdout.write(`${JSON.stringify(finding)}\n`);
  }
}

if (process.argv.includes('--doctor') && import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main().catch((error: unknown) => {
    const { code, message } = asMiroliveError(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = errorTable[code].exit;
  });
}
