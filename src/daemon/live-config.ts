import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../contract/config.ts';

/** Keys that may change while the daemon runs: whoever goes by them reads them each time. */
const liveKeys = [
  'http.listRooms',
  'log.level',
  'limits.viewers',
  'limits.viewersPerAddress',
  'limits.broadcasts',
  'rooms',
] as const;

/** What differs between two configurations. */
export interface Changes {
  /** Keys that hold from now on. */
  readonly live: readonly string[];
  /** Keys for which the daemon has to be started anew. */
  readonly restart: readonly string[];
}

/** Which keys differ, by whether they may change while the daemon runs. */
export function changes(before: Config, after: Config): Changes {
  const keys = Object.entries(before).flatMap(([section, values]) =>
    section === 'rooms' ? ['rooms'] : Object.keys(values).map((key) => `${section}.${key}`),
  );
  const changed = keys.filter((key) => !isDeepStrictEqual(valueAt(before, key), valueAt(after, key)));
  const isLive = (key: string) => (liveKeys as readonly string[]).includes(key);
  return { live: changed.filter(isLive), restart: changed.filter((key) => !isLive(key)) };
}

/** Brings what may change into the configuration that all parts of the daemon have. */
export function applyLive(config: Config, after: Config): void {
  const { viewers, viewersPerAddress, broadcasts } = after.limits;
  config.log.level = after.log.level;
  config.http.listRooms = after.http.listRooms;
  Object.assign(config.limits, { viewers, viewersPerAddress, broadcasts });
  config.rooms = after.rooms;
}

function valueAt(config: Config, key: string): unknown {
  return key.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], config);
}
