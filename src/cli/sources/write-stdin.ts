import { once } from 'node:events';
import { connect } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { MiroliveError } from '../../contract/errors.ts';
import type { Client } from '../client.ts';
import type { Stdin } from '../program/context.ts';

/** Standard input on its way to the daemon; disposed of, it is read no more. */
export interface WrittenStdin extends Disposable {
  readonly token: string;
}

/**
 * Writes standard input to where the daemon reads it for a room, as fast as it does. What goes wrong there is told by the broadcast.
 *
 * @throws MiroliveError USAGE where it is a terminal; LIMIT_REACHED
 */
export async function writeStdin(client: Client, stdin: Stdin, room: string): Promise<WrittenStdin> {
  if (stdin.isTTY === true) {
    throw new MiroliveError('USAGE', 'expected a pipe or a file on standard input, got a terminal', {
      hint: 'For example: ffmpeg -i talk.mkv -c copy -f mpegts - | mirolive stream --stdin --room lobby',
    });
  }
  const { path, token } = await client.call('openStdin', { room });
  if (client.place.kind === 'host') {
    const stop = new AbortController();
    client.send('writeStdin', { token }, stdin, stop).catch(() => {});
    return { token, [Symbol.dispose]: () => stop.abort() };
  }
  const socket = connect(path);
  await once(socket, 'connect');
  pipeline(stdin, socket).catch(() => {});
  return { token, [Symbol.dispose]: () => socket.destroy() };
}
