import type { PublishAddresses } from '../../contract/publishing.ts';
import { listedPublishers } from '../publishers/listed-publishers.ts';
import type { Publishing } from '../publishers/publishing.ts';
import type { Desk } from '../rooms/desk.ts';
import type { Handlers } from './handler-table.ts';

export interface PublishingHandlerOptions {
  readonly publishing: Publishing;
  readonly desk: Pick<Desk, 'findRoom'>;
  /** What to tell an encoder that is to publish into a room. */
  readonly addresses: (room: string) => PublishAddresses;
}

/** What the calls for stream keys and publishers do. */
export function publishingHandlers({ publishing, addresses, desk }: PublishingHandlerOptions) {
  const { keys, publishers } = publishing;
  return {
    listPublishers: ({ room }) => listedPublishers(desk, publishers, room),
    createKey: ({ room, name, expiresMs }, { caller }) => ({
      ...keys.create({ room, name, expiresMs }, caller),
      addresses: addresses(room),
    }),
    listKeys: ({ room, revoked }) => keys.list({ room, revoked }),
    revokeKey: ({ id }, { caller }) => keys.revoke(id, caller),
    rotateKey: ({ id, expiresMs }, { caller }) => {
      const made = keys.rotate(id, expiresMs, caller);
      return { ...made, addresses: addresses(made.key.room) };
    },
  } satisfies Partial<Handlers>;
}
