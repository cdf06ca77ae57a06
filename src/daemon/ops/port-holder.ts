import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../contract/config.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { quoted } from '../../contract/quoted.ts';
import { ownerWords, readOwner } from '../../files/owner.ts';
import { stateFolder, writableFolder } from '../../files/state-folder.ts';

/** How long whoever holds the port may take to say who it is, in ms. */
const askTimeoutMs = 1000;

/** A port that another mirolive holds: says so, and where that one is, as far as it can be found out. Any other error as it is. */
export async function withHolder(
  error: unknown,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<unknown> {
  if (!(error instanceof MiroliveError) || error.code !== 'PORT_IN_USE') return error;
  const { dir: configured } = config.state;
  const folder = stateFolder({ configured, env, home: homedir(), writable: writableFolder });
  const owner = readOwner(join(folder, 'state'));
  const holder = owner ? `a daemon runs: ${ownerWords(owner)}` : await askPage(config);
  if (holder === null) return error;
  return new MiroliveError(error.code, `${error.message}; ${holder}`, {
    cause: error,
    hint: owner ? `Use that one: mirolive status --socket ${quoted(owner.socket)}` : error.hint,
  });
}

async function askPage({ http }: Config): Promise<string | null> {
  const host = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[http.host] ?? http.host;
  try {
    const response = await fetch(`http://${host}:${http.port}/healthz`, {
      signal: AbortSignal.timeout(askTimeoutMs),
    });
    const { status, reasons } = (await response.json()) as { status?: unknown; reasons?: unknown };
    const isHealth = (status === 'ok' || status === 'degraded') && Array.isArray(reasons);
    return isHealth ? `another mirolive answers on port ${http.port}` : null;
  } catch {
    return null;
  }
}
