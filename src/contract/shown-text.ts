import * as z from 'zod';

/**
 * Words that people are shown, on pages and on other people's screens: one line, without what cannot be seen or turns round what stands beside it
 * (UAX #9: overrides and isolates of the direction of writing, of which one could be left open).
 *
 * @param longest in characters, as JavaScript counts them
 */
export function shownText(longest: number) {
  return (
    z
      .string()
      .max(longest)
      // Fillers are letters that nobody sees.
      .regex(/(?![\u115f\u1160\u3164\uffa0])[\p{L}\p{N}\p{P}\p{S}]/u, 'expected words')
      .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'expected one line')
      .regex(/^[^\u202a-\u202e\u2066-\u2069]*$/, 'expected no marks that turn the direction of writing')
  );
}
