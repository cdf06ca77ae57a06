import * as z from 'zod';
import {
  areDifferent,
  maxRenditions,
  readRenditions,
  renditionNames,
  renditionsHint,
} from './rendition-names.ts';

export const renditionName = z.enum(renditionNames);

/** The renditions that are wanted, as JSON. */
export const renditions = z.union([
  z.literal('auto'),
  z
    .array(renditionName)
    .min(1)
    .max(maxRenditions)
    .refine(areDifferent, 'expected names that differ')
    .readonly(),
]);

/** The same as people write it. */
export const renditionsText = z.string(renditionsHint).transform((text, context) => {
  const found = readRenditions(text);
  if (found) return found;
  context.addIssue({ code: 'custom', message: renditionsHint });
  return z.NEVER;
});
