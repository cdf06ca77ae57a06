import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { quoted } from '../../contract/quoted.ts';
import { configFilePath, controlSocketPath } from '../../contract/socket-path.ts';

/** What the command line takes from the process that it runs in. This is the one file of it that reads `process.env`. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly uid: number;
  readonly home: string;
  /** Whoever started this wants it to outlive the terminal, as `nohup` does. */
  readonly hangupIgnored: boolean;
}

/** The environment of this process. */
export function readEnvironment(): Environment {
  return {
    variables: process.env,
    cwd: process.cwd(),
    uid: process.getuid?.() ?? -1,
    home: homedir(),
    hangupIgnored: Boolean(process.env.MIROLIVE_NOHUP),
  };
}

/** What draws screens is several times faster as it is for production, which it asks for when it is loaded. */
export function forProduction(): void {
  process.env.NODE_ENV ??= 'production';
}

/** The flags that decide where daemon and configuration are. */
export interface PlaceFlags {
  readonly socket?: string | undefined;
  readonly config?: string | undefined;
  /** `HOST` or `HOST:PORT`. */
  readonly host?: string | undefined;
  readonly context?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly fingerprint?: string | undefined;
}

/** The configuration file that these flags and this environment name; null: built-in defaults. */
export function findConfig(flags: PlaceFlags, environment: Environment): string | null {
  return configFilePath({ flag: flags.config, env: environment.variables, exists: existsSync });
}

/** The control socket. The configuration is read only where nothing else names the socket; what is wrong with it is a warning. */
export async function findSocket(
  flags: PlaceFlags,
  environment: Environment,
  warn: (message: string) => void,
): Promise<string> {
  const { variables: env, uid, home } = environment;
  const named = flags.socket || env.MIROLIVE_SOCKET;
  const file = named ? null : findConfig(flags, environment);
  const config = file === null ? null : await configuredSocket(file, warn);
  return controlSocketPath({ flag: flags.socket, env, config, uid, home, exists: existsSync });
}

/** The same flags as words of another command line. */
export function placeArguments({
  socket,
  config,
  host,
  context,
  tokenFile,
  fingerprint,
}: PlaceFlags): string[] {
  const given = { socket, config, host, context, 'token-file': tokenFile, fingerprint };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}

/** Whether both name the same daemon, by the same words. */
export function isSamePlace(one: PlaceFlags, other: PlaceFlags): boolean {
  return placeArguments(one).join('\0') === placeArguments(other).join('\0');
}

/** What commands have to say too, to mean the same daemon as this one: ` --socket /run/a.sock`; nothing where it was not said. */
export function placeWords(flags: PlaceFlags, { variables: env }: Environment): string {
  const { tokenFile, fingerprint } = flags;
  const named = flags.socket || flags.host || flags.context;
  const host = flags.host || (named ? undefined : env.MIROLIVE_HOST);
  const context = flags.context || (named || host ? undefined : env.MIROLIVE_CONTEXT);
  const more =
    (tokenFile ? ` --token-file ${quoted(tokenFile)}` : '') +
    (fingerprint ? ` --fingerprint ${quoted(fingerprint)}` : '');
  if (host) return ` --host ${quoted(host)}${more}`;
  if (context) return ` --context ${quoted(context)}${more}`;
  const socket = flags.socket || env.MIROLIVE_SOCKET;
  const config = flags.config || env.MIROLIVE_CONFIG;
  if (socket) return ` --socket ${quoted(socket)}`;
  return config ? ` --config ${quoted(config)}` : '';
}

async function configuredSocket(file: string, warn: (message: string) => void): Promise<string | null> {
  const { readSocket } = await import('../../files/loose-config.ts');
  try {
    return await readSocket(file);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    warn(`the configuration ${file} does not say where the daemon is: ${reason}`);
    return null;
  }
}

/** The file that names daemons of other machines, by the XDG Base Directory Specification. */
export function contextsPath({ variables: env, home }: Environment): string {
  return join(env.XDG_CONFIG_HOME || join(home, '.config'), 'mirolive', 'contexts.yaml');
}

/** Whether colours may be used on a terminal: `--no-color` and NO_COLOR (https://no-color.org) say no. */
export function colorAllowed(flag: boolean, environment: Environment): boolean {
  return flag && !environment.variables.NO_COLOR && environment.variables.TERM !== 'dumb';
}
