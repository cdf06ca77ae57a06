import { type ErrorBody, MiroliveError } from '../../contract/errors.ts';
import { builtProgram } from '../../contract/installation.ts';
import type { Context } from '../program/context.ts';
import { findConfig, findSocket } from '../program/environment.ts';
import { onlyHere } from '../program/only-here.ts';
import type { Verb } from '../program/verb.ts';
import { printable } from '../words/format.ts';

/** What the daemon's entry exports for us; the daemon takes signals, logs, and gives at its end what its start failed of. */
interface DaemonEntry {
  runDaemon(options: { configPath: string | null; socket: string }): Promise<ErrorBody | null>;
}

/** `mirolive daemon [--supervise] [--background]` */
export const add = (program: Verb) =>
  program
    .verb('daemon', 'Run the daemon, until SIGINT or SIGTERM.', [
      'mirolive daemon',
      'mirolive daemon --background',
      'mirolive daemon --supervise --background',
      'mirolive daemon --config /etc/mirolive/mirolive.yaml',
    ])
    .option('--background', 'return when it is ready; its log is log.file, or daemon.log beside the socket')
    .option('--supervise', 'start it again whenever it dies, or hangs; for where systemd does not')
    .does(daemon);

interface DaemonFlags {
  readonly background?: boolean;
  readonly supervise?: boolean;
}

/** This process becomes the daemon; with `--background` another one does. */
async function daemon(
  context: Context,
  { background = false, supervise = false }: DaemonFlags,
): Promise<number> {
  const { flags, environment, output } = context;
  onlyHere('mirolive daemon', flags);
  const configPath = findConfig(flags, environment);
  // What is wrong with the configuration is the daemon's to say.
  const socket = await findSocket(flags, environment, () => {});
  if (!background && supervise) {
    const { supervise: keepAlive } = await import('../daemon-process/supervise.ts');
    const place = ['--socket', socket, ...(configPath === null ? [] : ['--config', configPath])];
    const args = ['daemon', ...(flags.json ? ['--json'] : []), ...place];
    return await keepAlive({ args, env: environment.variables, say: (line) => output.warn(line) });
  }
  if (!background) {
    const { runDaemon } = (await import(builtProgram('daemon/main').href)) as DaemonEntry;
    const failure = await runDaemon({ configPath, socket });
    if (failure) throw new MiroliveError(failure.code, failure.message, { hint: failure.hint });
    return 0;
  }

  const { startInBackground } = await import('../daemon-process/background.ts');
  using _said = output.waiting('the daemon to answer');
  const { status, log } = await startInBackground({ configPath, socket, supervise });
  output.show({ pid: status.pid, socket, log, viewerUrl: status.viewerUrl }, () => [
    `The daemon runs: pid ${status.pid}`,
    `page    ${status.viewerUrl}`,
    `socket  ${socket}`,
    `log     ${log}`,
    ...(status.state.problem === null ? [] : [`state   cannot be used: ${printable(status.state.problem)}`]),
  ]);
  return 0;
}
