import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import { ownerWords, readOwner } from '../../contract/owner.ts';
import { stateFolder, writableFolder } from '../../contract/state-folder.ts';
import { type Environment, findConfig, findSocket, type PlaceFlags } from '../program/environment.ts';

/** That no daemon answers, with the one that runs nevertheless: its socket was removed, or is another one. */
export async function withRunningDaemon(
  error: MiroliveError,
  flags: PlaceFlags,
  environment: Environment,
): Promise<MiroliveError> {
  const socket = await findSocket(flags, environment, () => {});
  const owner = readOwner(socket) ?? readOwner(await statePlace(flags, environment));
  if (owner === null) return error;
  const comesBack = owner.socket === socket && !existsSync(socket);
  const hint = comesBack
    ? `It makes its socket again within seconds; if it does not, end it: kill ${owner.pid}`
    : `Ask that one: mirolive status --socket ${owner.socket}`;
  return new MiroliveError(error.code, `${error.message}, although a daemon runs: ${ownerWords(owner)}`, {
    cause: error,
    hint: owner.socket === socket && !comesBack ? error.hint : hint,
  });
}

async function statePlace(flags: PlaceFlags, environment: Environment): Promise<string> {
  const { variables: env, home } = environment;
  const file = findConfig(flags, environment);
  const { readPlaces } = await import('../../contract/loose-config.ts');
  const places = file === null ? null : await readPlaces(file).catch(() => null);
  const folder = stateFolder({ configured: places?.stateDir ?? null, env, home, writable: writableFolder });
  return join(folder, 'state');
}
