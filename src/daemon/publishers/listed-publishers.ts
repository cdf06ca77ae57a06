import type { ListedPublisher } from '../../contract/publishing.ts';
import type { Desk } from '../rooms/desk.ts';
import { standsBy } from '../rooms/standby.ts';
import type { Publishers } from './publishers.ts';

/** Who publishes, into one room or any, and whether each waits to be taken. */
export function listedPublishers(
  desk: Pick<Desk, 'findRoom'>,
  publishers: Pick<Publishers, 'list'>,
  room?: string,
): ListedPublisher[] {
  return publishers.list(room).map((one) => ({
    ...one,
    standby: standsBy(desk.findRoom(one.room)?.broadcast ?? null, one.key),
  }));
}
