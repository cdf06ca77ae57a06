import * as z from 'zod';

/** A key of the configuration that was changed since the daemon took it up. */
export const changedKey = z.strictObject({
  /** Such as `log.level`; `rooms` and `content` as a whole; of a room `hold` or `slate.text`. */
  key: z.string(),
  /** From when on what stands in the file holds; `restart`: once the daemon is started anew. */
  holds: z.enum(['now', 'next broadcast', 'restart']),
});
export type ChangedKey = z.infer<typeof changedKey>;
