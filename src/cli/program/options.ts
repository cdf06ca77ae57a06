import { InvalidArgumentError, Option } from 'commander';
import { parseDuration, parseMediaTime } from '../../contract/media-time.ts';
import { type Renditions, readRenditions, renditionsHint } from '../../contract/rendition-names.ts';

/** A parser of values that are whole numbers from 0. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return Number(text);
}

/** A parser of lengths of time, into ms. */
export const duration = time(parseDuration, '30m, 8h or 7d');

/** A parser of places in media, and of lengths of it, into ms. */
export const mediaTime = time(parseMediaTime, '12:30, 1:02:03 or 90s');

function time(parse: (text: string) => number | null, examples: string) {
  return (text: string): number => {
    const ms = parse(text);
    if (ms === null) throw new InvalidArgumentError(`Expected a time such as ${examples}.`);
    return ms;
  };
}

/** `--renditions source,480p` */
export function renditionsOption(): Option {
  const meaning = 'qualities of the picture: auto, or such as source,480p,240p';
  return new Option('--renditions <names>', meaning).argParser((text): Renditions => {
    const found = readRenditions(text);
    if (!found) throw new InvalidArgumentError(`E${renditionsHint.slice(1)}.`);
    return found;
  });
}
