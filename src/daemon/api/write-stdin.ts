import { once } from 'node:events';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Logger } from 'pino';
import { MiroliveError } from '../../contract/errors.ts';

/**
 * Gives on what a client sends, as fast as it is read, to the socket that was made for it. Resolves with how much was taken, once all
 * was, or whoever reads it is gone. What breaks off has given what it had, which looks like its end: the log tells it.
 *
 * @throws MiroliveError SOURCE_NOT_FOUND where nobody reads there; INVALID_REQUEST
 */
export async function writeStdin(
  path: string,
  body: Readable | null,
  log: Pick<Logger, 'warn'>,
): Promise<{ bytes: number }> {
  if (body === null)
    throw new MiroliveError('INVALID_REQUEST', 'expected a body, as application/octet-stream, got none');
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } catch (cause) {
    throw new MiroliveError('SOURCE_NOT_FOUND', 'there is no standard input that waits for this token', {
      ...{ cause, hint: 'Give it what openStdin gave, within 30 s, and once' },
    });
  }
  // Where its reader is gone, that one was first.
  body.once('error', (err) => {
    if (socket.destroyed) return;
    log.warn({ err, bytes: socket.bytesWritten }, 'a standard input from elsewhere broke off before its end');
  });
  await pipeline(body, socket).catch(() => {});
  return { bytes: socket.bytesWritten };
}
