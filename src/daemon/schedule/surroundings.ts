import type { Config } from '../../contract/config.ts';
import { checkSourceFile } from '../../ingest/probe/source-file.ts';
import type { Publishers } from '../publishers/publishers.ts';
import type { Desk } from '../rooms/desk.ts';
import type { Surroundings } from './inspect.ts';

/** The daemon as a look ahead of a run sees it. */
export function surroundings(
  config: Config,
  desk: Pick<Desk, 'check' | 'findRoom' | 'broadcasts'>,
  publishers: Pick<Publishers, 'list'>,
): Surroundings {
  return {
    check: (source, renditions) => desk.check(source, renditions),
    checkFile: (path) => checkSourceFile(path, config.media),
    publishes: (room, key) => publishers.list().some((one) => one.room === room && one.key === key),
    isOnAir: (room) => desk.findRoom(room)?.broadcast != null,
    broadcasts: () => desk.broadcasts.length,
    limit: () => config.limits.broadcasts,
  };
}
