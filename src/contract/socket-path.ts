import { join, resolve } from 'node:path';

/** Where the configuration file is if nothing names another. */
export const defaultConfigPath = '/etc/mirolive/mirolive.yaml';
/** The folder of the service's control socket; systemd makes it for the unit. */
export const serviceRuntimeDir = '/run/mirolive';
const serviceSocket = `${serviceRuntimeDir}/control.sock`;

/** What decides where the configuration file is. */
export interface ConfigPathQuestion {
  /** `--config`. */
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
}

/** The configuration file to read: `--config`, MIROLIVE_CONFIG, /etc/mirolive/mirolive.yaml if it is there; null: built-in defaults. */
export function configFilePath({ flag, env, exists }: ConfigPathQuestion): string | null {
  const named = flag || env.MIROLIVE_CONFIG;
  if (named) return resolve(named);
  return exists(defaultConfigPath) ? defaultConfigPath : null;
}

/** What decides where the control socket is. */
export interface SocketPathQuestion {
  /** `--socket`. */
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `control.socket` of the configuration; null: it leaves the choice to us. */
  readonly config?: string | null | undefined;
  readonly uid: number;
  /** The user's home folder. */
  readonly home: string;
  readonly exists: (path: string) => boolean;
}

/**
 * The control socket, found the same way by daemon and command line: `--socket`, MIROLIVE_SOCKET, `control.socket`,
 * the service's socket (if it is there, or for root if its folder is), `$XDG_RUNTIME_DIR/mirolive/control.sock`,
 * else a folder of the user's own.
 */
export function controlSocketPath(question: SocketPathQuestion): string {
  const { env, exists } = question;
  const named = question.flag || env.MIROLIVE_SOCKET || question.config;
  if (named) return resolve(named);
  if (exists(serviceSocket) || (question.uid === 0 && exists(serviceRuntimeDir))) return serviceSocket;
  if (env.XDG_RUNTIME_DIR) return join(env.XDG_RUNTIME_DIR, 'mirolive', 'control.sock');
  return join(question.home, '.local', 'state', 'mirolive', 'control.sock');
}
