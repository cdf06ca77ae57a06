import { createClient } from '../client.ts';
import { findPlace } from '../places/find-place.ts';
import type { Context } from './context.ts';
import { findConfig } from './environment.ts';

/** The configuration that is named, else that of the daemon that answers, else the one that one would be started with; null: built-in defaults. */
export async function runningConfig({
  flags,
  environment,
  output,
  place: known,
}: Context): Promise<string | null> {
  const usual = findConfig(flags, environment);
  if (flags.config || environment.variables.MIROLIVE_CONFIG) return usual;
  const place = known ?? (await findPlace(flags, environment, output.warn));
  const status = await createClient(place)
    .call('status', {})
    // Why it does not answer is told by those who need one.
    .catch(() => null);
  return status?.config === undefined ? usual : status.config;
}
