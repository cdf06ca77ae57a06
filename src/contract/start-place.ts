import * as z from 'zod';
import { mediaMs } from './models.ts';
import { playlistItemId } from './names.ts';

/** Where a source begins that is put on air: what cannot be begun there begins at its beginning. */
export const startPlace = z.strictObject({
  /** An item of a playlist; null: the only one of another source. */
  item: playlistItemId.nullable().default(null),
  /** The place in the source. */
  positionMs: mediaMs,
});
export type StartPlace = z.infer<typeof startPlace>;
