import type { PublishAddresses } from '../../contract/publishing.ts';
import type { StreamKeys } from '../keys/stream-keys.ts';
import type { Publishers } from '../publishers/publishers.ts';
import type { Handlers } from './handlers.ts';

export interface PublishingHandlerOptions {
  readonly keys: StreamKeys;
  readonly publishers: Publishers;
  /** What to tell an encoder that is to publish into a room. */
  readonly addresses: (room: string) => PublishAddresses;
}

/** What the calls for stream keys and publishers do. */
export function publishingHandlers({ keys, publishers, addresses }: PublishingHandlerOptions) {
  return {
    listPublishers: ({ room }) => publishers.list(room),
    createKey: ({ room, name, expiresMs }) => ({
      ...keys.create({ room, name, expiresMs }),
      addresses: addresses(room),
    }),
    listKeys: ({ room, revoked }) => keys.list({ room, revoked }),
    revokeKey: ({ id }) => keys.revoke(id),
    rotateKey: ({ id, expiresMs }) => {
      const made = keys.rotate(id, expiresMs);
      return { ...made, addresses: addresses(made.key.room) };
    },
  } satisfies Partial<Handlers>;
}
