import { z } from 'zod';
import { durationMs } from './units.ts';

const hint = 'expected a time such as 12:30, 1:02:03 or 90s';

/** A place or a length of media as people write it (`12:30`, `1:02:03.5`, `90s`), in ms; null: it is none. */
export function parseMediaTime(text: string): number | null {
  const match = /^(?:(\d{1,3}):(?=\d\d:))?(\d{1,4}):([0-5]\d(?:\.\d{1,3})?)$/.exec(text);
  if (!match) return durationMs.safeParse(text).data ?? null;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}

/** The same in a file, parsed to milliseconds. */
export const mediaTimeMs = z.string(hint).transform((text, context) => {
  const ms = parseMediaTime(text);
  if (ms !== null) return ms;
  context.issues.push({ code: 'custom', message: hint, input: text });
  return z.NEVER;
});
