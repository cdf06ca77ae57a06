import type { z } from 'zod';
import { nearest } from './nearest.ts';
import { keysAt, placeOf } from './schema-keys.ts';

/** What to write instead of a key that is unknown: the nearest one of the same section; else the section where such a key lives, or that it lives in none; else all that is known here. */
export function keySuggestion(schema: z.ZodType, path: readonly (string | number)[], key: string): string {
  const known = keysAt(schema, path);
  const meant = nearest(key, known) ?? placeOf(schema, key);
  if (meant === key) return `${key} is a key of the whole file, without an indent`;
  return meant === undefined ? `known here: ${known.join(', ')}` : `did you mean ${meant}?`;
}
