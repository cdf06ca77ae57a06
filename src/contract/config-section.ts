import * as z from 'zod';

/** A section whose keys all have defaults may be left out as a whole. */
export function section<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape).prefault({} as never);
}

/** A port that a server listens on; 0: any free one. */
export const port = z.int().min(0).max(65_535);

/** A file or folder of the daemon's machine. */
export const absolutePath = z.string().regex(/^\//, 'expected an absolute path');
