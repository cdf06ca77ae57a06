import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { MiroliveError } from '../../../contract/errors.ts';
import { isOfSameUser } from '../../guard/same-user.ts';
import { only } from '../containers.ts';
import { type Input, silence } from '../input.ts';
import type { StdinPipe } from './stdin-pipe.ts';

/**
 * A pipe as ffmpeg opens it: at a port on loopback, as what was looked at has to be given to it once more. Not at a Unix
 * socket, which ffmpeg takes for something that it can seek in.
 *
 * @param use to look at what there is, or to take it
 */
export async function stdinInput(pipe: StdinPipe, use: 'peek' | 'play'): Promise<Input> {
  const readers = new Set<Socket>();
  const server = createServer({ noDelay: true }, async (reader) => {
    readers.add(reader);
    reader.on('error', () => {}).once('close', () => readers.delete(reader));
    if (await isOfSameUser(reader)) pipe[use](reader);
    else reader.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    parts: [{ options: only(['tcp']), location: `tcp://127.0.0.1:${port}` }],
    live: true,
    measurable: true,
    env: {},
    explain(words) {
      if (words === silence || pipe.empty) return nothingCame;
      return /moov atom not found|partial file/.test(words) ? indexAtEnd : null;
    },
    async [Symbol.asyncDispose]() {
      for (const reader of readers) reader.destroy();
      server.close();
    },
  };
}

/** What was written, if anything, is too little. */
export const nothingCame = new MiroliveError(
  'SOURCE_NOT_MEDIA',
  'nothing that can be played came on standard input',
  {
    hint: 'See what the command before the | says. For example: ffmpeg -i talk.mkv -c copy -f mpegts - | mirolive stream --stdin --room ROOM',
  },
);

const indexAtEnd = new MiroliveError(
  'SOURCE_NOT_MEDIA',
  'an MP4 whose index stands at its end cannot be read from a pipe',
  { hint: 'Write another container: ffmpeg … -f mpegts - | mirolive stream --stdin --room ROOM' },
);
