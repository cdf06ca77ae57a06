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

/** A parser of moments that are past, into ms until `now`: how long ago, such as 8h, or when by this machine's clock, such as 20:00. */
export function since(text: string, now: number): number {
  const ms = parseDuration(text) ?? clockTime(text, now) ?? now - dateTime(text);
  if (Number.isNaN(ms) || ms < 0)
    throw new InvalidArgumentError('Expected a time that is past, such as 8h, 20:00 or 2026-01-31T20:00.');
  return ms;
}

/** Since the last time that the clock showed this. */
function clockTime(text: string, now: number): number | null {
  const [, hours, minutes, seconds = '0'] = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours === undefined) return null;
  const then = new Date(now);
  then.setHours(Number(hours), Number(minutes), Number(seconds), 0);
  if (then.getTime() > now) then.setDate(then.getDate() - 1);
  return now - then.getTime();
}

/** A day alone begins here, and not in UTC. */
function dateTime(text: string): number {
  const [, day, time = '00:00', zone = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone}`);
}

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
