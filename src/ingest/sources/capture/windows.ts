import type { X11Window } from '../../../contract/devices.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import { nearest } from '../../../contract/nearest.ts';

/** Smaller windows are helpers of programs that nobody sees, in pixels. */
const smallest = 32;
/** Of a title, in characters; programs make it as long as they like. A source may name one by as many. */
const maxTitle = 500;
/** Of one display, the topmost first. */
const maxWindows = 1000;
/** So many titles stand in an error. */
const shownTitles = 5;

/** What is on a display. */
export interface DisplayContents {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Those with a title, the topmost first. */
  readonly windows: readonly X11Window[];
}

/** Reads what `xwininfo -root -tree -stats` wrote of a display. */
export function readDisplay(display: string, text: string): DisplayContents {
  const windows = text.split('\n').flatMap((line) => {
    const [, id, title, width, height] =
      /^\s+(0x[0-9a-f]+) "(.*)": \(".*"\)\s+(\d+)x(\d+)[+-]/.exec(line) ?? [];
    if (id === undefined || title === undefined || title.trim() === '') return [];
    const found = {
      display,
      id,
      title: title.slice(0, maxTitle),
      width: Number(width),
      height: Number(height),
    };
    return found.width < smallest || found.height < smallest ? [] : [found];
  });
  const pixels = (name: string) => Number(new RegExp(`^ +${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return { width: pixels('Width'), height: pixels('Height'), windows: windows.slice(0, maxWindows) };
}

/**
 * The window that is meant: by its title, or a part of it that no other one has.
 *
 * @throws MiroliveError SOURCE_NOT_FOUND
 */
export function findWindow(windows: readonly X11Window[], wanted: string): X11Window {
  const exact = windows.find(({ title }) => title === wanted);
  if (exact) return exact;
  const part = wanted.toLowerCase();
  const [only, ...others] = windows.filter(({ title }) => title.toLowerCase().includes(part));
  if (only && others.length === 0) return only;
  const titles = (only ? [only, ...others] : windows).map(
    ({ id, title }) => `${JSON.stringify(title)} (${id})`,
  );
  const listed = titles.slice(0, shownTitles).join(', ');
  const name = JSON.stringify(wanted);
  const hint = 'List the windows, and name one by its id: mirolive devices';
  if (only)
    throw new MiroliveError('SOURCE_NOT_FOUND', `several windows are called ${name}: ${listed}`, { hint });
  const meant = nearest(
    wanted,
    windows.map(({ title }) => title),
  );
  const more = meant ? `did you mean ${JSON.stringify(meant)}?` : `there are: ${listed || 'none'}`;
  throw new MiroliveError('SOURCE_NOT_FOUND', `there is no window called ${name}; ${more}`, { hint });
}
