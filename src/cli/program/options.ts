import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../contract/media-time.ts';
import { type Renditions, readRenditions, renditionsHint } from '../../contract/rendition-names.ts';

/** A parser of values that are whole numbers from 0. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return Number(text);
}

/** A parser of lengths of time, into ms. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('Expected a time such as 30m, 8h or 7d.');
  return ms;
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
