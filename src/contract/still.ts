import * as z from 'zod';
import { maxPosterBytes } from './poster.ts';

/** A still of what viewers see, as an answer of the control API. */
export const still = z.strictObject({
  type: z.literal('image/jpeg'),
  /** The image in Base64. */
  data: z.base64().max(Math.ceil(maxPosterBytes / 3) * 4),
});
export type Still = z.infer<typeof still>;
