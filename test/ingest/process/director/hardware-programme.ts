import type { Source } from '../../../../src/contract/models.ts';
import type { VideoEncoder } from '../../../../src/contract/plan.ts';
import { aac, h264, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { noisy, optionsFor, PlayedProgramme } from './played-programme.ts';

const vaapi: VideoEncoder = { name: 'vaapi', device: '/dev/dri/renderD128', instead: null };
/** Of a file that is read to its end at once. */
export const seconds = 3;
/** Too long to be read to its end at once. */
export const long = 12;
/** Nothing is stuck but where that is said: on a busy machine an encoder may take long, in ms. */
const patient = 60_000;
const file = (seconds: number) =>
  makeMedia(`hardware-${seconds}.mp4`, {
    args: [...noisy(seconds), ...tone(440, seconds), ...h264(30, 2), ...aac],
  });

/** A programme of a file, or of something else, that is encoded by the fake hardware. */
export async function encoded(
  ffmpeg: string,
  length: number,
  { main, stallTimeoutMs = patient }: { main?: Source; stallTimeoutMs?: number } = {},
): Promise<PlayedProgramme> {
  const limits = { stallTimeoutMs, liveStallTimeoutMs: patient };
  const options = await optionsFor(await file(length), { ffmpeg, prepared: null, ...limits });
  const rules = { ...options.rules, encoder: vaapi };
  return await PlayedProgramme.start({ ...options, rules, ...(main && { main }) });
}

/** What encoded, start by start. */
export const encoders = (played: PlayedProgramme) =>
  played.of('pipeline.started').map(({ plan }) => plan.video?.encoder?.name);
