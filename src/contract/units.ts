import * as z from 'zod';
import { parseDuration, parseMediaTime } from './media-time.ts';

const sizeHint = 'expected a size such as 512M or 1.5G';
const bitrateHint = 'expected a bit rate such as 800k or 2.5M';

/** A duration as people write it in a configuration file (`250ms`, `3s`, `1.5m`, `8h`), parsed to milliseconds. */
export const durationMs = timeMs('expected a duration such as 250ms, 3s, 10m or 8h', parseDuration);

/** A place or a length of media in a playlist file (`12:30`, `1:02:03.5`, `90s`), parsed to milliseconds. */
export const mediaTimeMs = timeMs('expected a time such as 12:30, 1:02:03 or 90s', parseMediaTime);

/** A bit rate as people write it (`800k`, `2.5M`), parsed to bits per second. */
export const bitrateBps = z
  .string(bitrateHint)
  .regex(/^\d+(\.\d+)?[kM]$/, bitrateHint)
  .transform((text) => Math.round(Number.parseFloat(text) * (text.endsWith('M') ? 1_000_000 : 1000)));

/** An amount of memory as people write it (`512M`, `1.5G`), in units of 1024, parsed to bytes. */
export const sizeBytes = z
  .string(sizeHint)
  .regex(/^\d+(\.\d+)?[MG]$/, sizeHint)
  .transform((text) => Math.round(Number.parseFloat(text) * 1024 ** (text.endsWith('G') ? 3 : 2)));

function timeMs(hint: string, parse: (text: string) => number | null) {
  return z.string(hint).transform((text, context) => {
    const ms = parse(text);
    if (ms !== null) return ms;
    context.issues.push({ code: 'custom', message: hint, input: text });
    return z.NEVER;
  });
}
