import { createClient } from '../../src/cli/client.ts';
import type { TestDaemon } from './daemon.ts';

/** The secret of a new stream key of a room. */
export async function newSecret({ socket }: TestDaemon, room: string): Promise<string> {
  return (await createClient(socket).call('createKey', { room, expiresMs: null })).secret;
}
