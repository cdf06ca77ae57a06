import { MiroliveError } from '../../../contract/errors.ts';
import { type Input, silence } from '../input.ts';
import { servedInput } from '../served-input.ts';
import type { StdinPipe } from './stdin-pipe.ts';

/**
 * A pipe as ffmpeg opens it. What was looked at has to be given to it once more.
 *
 * @param use to look at what there is, or to take it
 */
export async function stdinInput(pipe: StdinPipe, use: 'peek' | 'play'): Promise<Input> {
  return {
    ...(await servedInput((reader) => pipe[use](reader))),
    ...{ live: true, measurable: true },
    explain(words) {
      if (words === silence || pipe.empty) return nothingCame;
      return /moov atom not found|partial file/.test(words) ? indexAtEnd : null;
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
