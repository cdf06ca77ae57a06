import { once } from 'node:events';
import { connect } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { Client } from '../client.ts';
import type { Stdin } from '../program/context.ts';

/** Standard input on its way to the daemon; disposed of, it is read no more. */
export interface WrittenStdin extends Disposable {
  readonly token: string;
  /** Resolves when nothing more is to be sent. @throws MiroliveError where it broke off on its way, which the daemon takes for its end, or was refused */
  readonly done: Promise<void>;
}

/**
 * Writes standard input to where the daemon reads it for a room, as fast as it does. What goes wrong there is told by the broadcast, and on the way by `done`.
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
    const done = client.send('writeStdin', { token }, stdin, stop).then(
      () => {},
      (thrown) => {
        if (!stop.signal.aborted) throw brokenOff(thrown);
      },
    );
    // It is told by who waits for it.
    done.catch(() => {});
    return { token, done, [Symbol.dispose]: () => stop.abort() };
  }
  const socket = connect(path);
  await once(socket, 'connect');
  pipeline(stdin, socket).catch(() => {});
  return { token, done: Promise.resolve(), [Symbol.dispose]: () => socket.destroy() };
}

function brokenOff(thrown: unknown): MiroliveError {
  const error = asMiroliveError(thrown);
  if (error.code !== 'DAEMON_UNREACHABLE' && error.code !== 'INTERNAL') return error;
  return new MiroliveError('PIPELINE_FAILED', `standard input broke off on its way: ${error.message}`, {
    cause: thrown,
    hint: 'Begin again: mirolive stream --stdin --room ROOM; see whether the daemon is there: mirolive status',
  });
}
