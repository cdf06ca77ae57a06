import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ErrorBody, MiroliveError } from '../../contract/errors.ts';
import { builtProgram } from '../../contract/installation.ts';

/** So long what the state is read or copied for may take, in ms. */
const limitMs = 10 * 60_000;

/** Does something with the state in a process of its own, as its `main.ts` says what. @throws Error where it does not work, or takes too long */
export async function inProcess(what: string, folder: string, signal?: AbortSignal): Promise<unknown> {
  const options = { timeout: limitMs, ...(signal && { signal }) };
  const { stdout } = await promisify(execFile)(process.execPath, words(what, folder), options);
  return resultIn(stdout);
}

/** As `inProcess`, while this process waits; undefined: it takes longer than `waitMs`. */
export function inProcessSoon(what: string, folder: string, waitMs: number): unknown {
  const options = { timeout: waitMs, killSignal: 'SIGKILL', encoding: 'utf8' } as const;
  const { error, stdout } = spawnSync(process.execPath, words(what, folder), options);
  if (error && (error as NodeJS.ErrnoException).code === 'ETIMEDOUT') return undefined;
  if (error) throw error;
  return resultIn(stdout);
}

function words(what: string, folder: string): string[] {
  return [fileURLToPath(builtProgram('daemon/state/main')), what, folder];
}

function resultIn(stdout: string): unknown {
  const { result, error } = JSON.parse(stdout) as { readonly result: unknown; readonly error?: ErrorBody };
  if (error) throw new MiroliveError(error.code, error.message, { hint: error.hint });
  return result;
}
