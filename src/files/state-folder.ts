import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Where the service keeps its state; its unit makes it. */
const serviceFolder = '/var/lib/mirolive';

/** What decides where the state is. */
export interface StateFolderQuestion {
  /** `state.dir` of the configuration; null: it leaves the choice to us. */
  readonly configured: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  /** Whether there is such a folder, and this process may write to it. */
  readonly writable: (path: string) => boolean;
}

/**
 * The folder of the state: `state.dir`, what systemd made for the unit (`StateDirectory=`, systemd.exec(5): the first of them),
 * the service's where it is ours, `$XDG_STATE_HOME/mirolive`, else one of the user's own.
 */
export function stateFolder({ configured, env, home, writable }: StateFolderQuestion): string {
  if (configured !== null) return configured;
  const [given] = (env.STATE_DIRECTORY ?? '').split(':');
  if (given) return given;
  if (writable(serviceFolder)) return serviceFolder;
  return join(env.XDG_STATE_HOME || join(home, '.local', 'state'), 'mirolive');
}

/** What decides whether whoever looks for a state means the service's. */
export interface ServiceQuestion extends Pick<StateFolderQuestion, 'configured' | 'env'> {
  /** As `stateFolder` gives it. */
  readonly folder: string;
  readonly there: (path: string) => boolean;
}

/** The service's folder, where that is there, and whoever asks neither may use it nor has a state of his own; else null. */
export function servicesInstead({ configured, env, folder, there }: ServiceQuestion): string | null {
  if (configured !== null || env.STATE_DIRECTORY || folder === serviceFolder) return null;
  return there(serviceFolder) && !there(join(folder, 'state.lock')) ? serviceFolder : null;
}

/** Whether there is such a folder, and this process may write to it. */
export function writableFolder(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
