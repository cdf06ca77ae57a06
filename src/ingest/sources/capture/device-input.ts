import { MiroliveError } from '../../../contract/errors.ts';
import type { Source } from '../../../contract/models.ts';
import { type Input, type InputPart, plainInput } from '../input.ts';
import { cameraFormat } from './camera-format.ts';
import { captureFailure } from './failure.ts';
import { runProgram } from './program.ts';
import { soundPart } from './sound-part.ts';

/** Pictures per second that are asked for. */
export const captureRate = '30';

/**
 * A camera, a sound device, or both.
 *
 * @throws MiroliveError INVALID_REQUEST, SOURCE_*
 */
export async function deviceInput(
  { video, audio }: Extract<Source, { kind: 'device' }>,
  ffmpeg: string,
  signal?: AbortSignal,
): Promise<Input> {
  const picture = video === null ? [] : [await cameraPart(video, ffmpeg, signal)];
  const [first, ...rest] = [...picture, ...(audio === null ? [] : [soundPart(audio)])];
  if (!first)
    throw new MiroliveError('INVALID_REQUEST', 'expected a camera, a sound device or both, got neither');
  return plainInput([first, ...rest], {
    live: true,
    explain: (words) => captureFailure(words, nameIn(words, video, audio)),
  });
}

async function cameraPart(device: string, ffmpeg: string, signal?: AbortSignal): Promise<InputPart> {
  if (!/^\/dev\/(video\d{1,3}|v4l\/by-(id|path)\/[\w.:+-]{1,200})$/.test(device)) {
    throw new MiroliveError(
      'INVALID_REQUEST',
      `expected a camera such as /dev/video0, got ${JSON.stringify(device)}`,
      {
        hint: 'List what is there: mirolive devices',
      },
    );
  }
  const listing = ['-hide_banner', '-f', 'v4l2', '-list_formats', 'all', '-i', device];
  // It ends with an error always; where the camera cannot be opened, that will be said when it is.
  const { stderr } = await runProgram(ffmpeg, listing, { debianPackage: 'ffmpeg', signal });
  // Pictures and sound are put together by the clock of the system.
  const options = ['-f', 'v4l2', '-timestamps', 'abs', '-framerate', captureRate, ...cameraFormat(stderr)];
  return { options, location: device };
}

/** Which of the two ffmpeg speaks of. */
function nameIn(words: string, video: string | null, audio: string | null): string {
  if (video !== null && (audio === null || words.includes(video) || /VIDIOC|video/i.test(words)))
    return video;
  return audio ?? 'device';
}
