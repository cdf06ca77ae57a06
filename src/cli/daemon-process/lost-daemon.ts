import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorTable, MiroliveError } from '../../contract/errors.ts';
import { type Owner, ownerWords, readOwner } from '../../files/owner.ts';
import { stateFolder, writableFolder } from '../../files/state-folder.ts';
import { type Environment, findConfig, findSocket, type PlaceFlags } from '../program/environment.ts';

/** A daemon that was running has its socket made again within so long, in ms: it looks each second. */
const madeAgainMs = 3000;
const lookEveryMs = 50;

/** Waits for a socket that is not there, where its daemon runs and makes it again. */
export async function socketMadeAgain(
  socket: string,
  flags: PlaceFlags,
  environment: Environment,
): Promise<void> {
  const owner = await runningDaemon(socket, flags, environment);
  if (owner?.socket !== socket) return;
  for (let waitedMs = 0; waitedMs < madeAgainMs && !existsSync(socket); waitedMs += lookEveryMs)
    await delay(lookEveryMs);
}

/** That no daemon answers, with the one that runs nevertheless: its socket was removed, or is another one. */
export async function withRunningDaemon(
  error: MiroliveError,
  flags: PlaceFlags,
  environment: Environment,
): Promise<MiroliveError> {
  const socket = await findSocket(flags, environment, () => {});
  const owner = await runningDaemon(socket, flags, environment);
  if (owner === null) return error;
  const isUsual = error.hint === errorTable.DAEMON_UNREACHABLE.hint;
  const again = `Ask again: mirolive status; if it does not answer, end it: kill ${owner.pid}`;
  const hint = owner.socket === socket ? again : `Ask that one: mirolive status --socket ${owner.socket}`;
  return new MiroliveError(error.code, `${error.message}, although a daemon runs: ${ownerWords(owner)}`, {
    cause: error,
    hint: owner.socket === socket && !isUsual ? error.hint : hint,
  });
}

async function runningDaemon(
  socket: string,
  flags: PlaceFlags,
  environment: Environment,
): Promise<Owner | null> {
  return readOwner(socket) ?? readOwner(await statePlace(flags, environment));
}

async function statePlace(flags: PlaceFlags, environment: Environment): Promise<string> {
  const { variables: env, home } = environment;
  const file = findConfig(flags, environment);
  const { readPlaces } = await import('../../files/loose-config.ts');
  const places = file === null ? null : await readPlaces(file).catch(() => null);
  const folder = stateFolder({ configured: places?.stateDir ?? null, env, home, writable: writableFolder });
  return join(folder, 'state');
}
