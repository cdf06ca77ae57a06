import type { MiroliveError } from '../../../contract/errors.ts';
import type { Source } from '../../../contract/models.ts';
import { type Input, plainInput } from '../input.ts';
import { captureRate } from './device-input.ts';
import { captureFailure } from './failure.ts';
import { runProgram } from './program.ts';
import { soundPart } from './sound-part.ts';
import { type DisplayContents, findWindow, readDisplay } from './windows.ts';

type ScreenSource = Extract<Source, { kind: 'screen' }>;
type WindowSource = Extract<Source, { kind: 'window' }>;

/** An X display, or a part of it, with the mouse. */
export function screenInput({ display, region, audio }: ScreenSource): Input {
  const part = region && [
    ...['-video_size', `${region.width}x${region.height}`],
    ...['-grab_x', `${region.x}`, '-grab_y', `${region.y}`],
  ];
  return grabbed(display, part ?? [], audio);
}

/**
 * One window, looked for anew at each opening: one that was closed and comes back is found by its title.
 *
 * @throws MiroliveError SOURCE_NOT_FOUND, PROGRAM_NOT_FOUND
 */
export async function windowInput(source: WindowSource, signal?: AbortSignal): Promise<Input> {
  const { display, window, audio } = source;
  const isId = /^0x[0-9a-f]{1,8}$/i.test(window);
  const id = isId ? window : findWindow((await contentsOf(display, signal)).windows, window).id;
  return grabbed(display, ['-window_id', id], audio);
}

/**
 * What is on a display.
 *
 * @throws MiroliveError SOURCE_NOT_FOUND, PROGRAM_NOT_FOUND
 */
export async function contentsOf(display: string, signal?: AbortSignal): Promise<DisplayContents> {
  const args = ['-display', display, '-root', '-tree', '-stats'];
  const { stdout, ok } = await runProgram('xwininfo', args, { debianPackage: 'x11-utils', signal });
  if (!ok) throw captureFailure('Cannot open display', display) as MiroliveError;
  return readDisplay(display, stdout);
}

function grabbed(display: string, which: readonly string[], audio: string | null): Input {
  const options = ['-f', 'x11grab', '-framerate', captureRate, '-fpsprobesize', '0', ...which];
  const sound = audio === null ? [] : [soundPart(audio)];
  return plainInput([{ options, location: display }, ...sound], {
    live: true,
    explain: (words) =>
      captureFailure(words, /display|window|screen|image/i.test(words) ? display : (audio ?? display)),
  });
}
