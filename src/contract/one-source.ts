import * as z from 'zod';
import { absolutePath } from './config-section.ts';
import { httpHeaders } from './http-headers.ts';
import { keyName } from './names.ts';

const url = z
  .string()
  .max(4096)
  .regex(/^(https?|rtsps?|srt|udp|rtmps?):\/\/./, 'expected an address such as rtsp://camera.example/1');

/** A source of a configuration: its key says what it is, and exactly one is given. */
export const sourceKeys = {
  /** Whoever publishes into the room with the stream key of this name. */
  publisher: keyName.transform((key) => ({ kind: 'publisher' as const, key })).optional(),
  /** A file, played over and over. */
  file: absolutePath.transform((path) => ({ kind: 'file' as const, path })).optional(),
  url: url.transform((address) => ({ kind: 'url' as const, url: address })).optional(),
  /** Beside `url`: headers for its server. */
  headers: httpHeaders.optional(),
  /** The file of a playlist. */
  playlist: absolutePath.transform((path) => ({ kind: 'playlist' as const, path })).optional(),
};

/** One that is given by its key. */
interface Given {
  readonly kind: string;
}

/**
 * The one source that is given by these keys.
 *
 * @param hint what is said where it is none, or several
 */
export function oneSource<T extends Given>(
  keys: Readonly<Record<string, T | undefined>>,
  headers: z.output<typeof httpHeaders> | undefined,
  hint: string,
  context: z.RefinementCtx,
): T | (T & { headers: z.output<typeof httpHeaders> }) {
  const [given, another] = Object.values(keys).filter((value) => value !== undefined);
  if (given?.kind === 'url' && another === undefined) return { ...given, ...(headers && { headers }) };
  if (given !== undefined && another === undefined && !headers) return given;
  // An unknown key has been named already.
  if (context.issues.length === 0) context.addIssue({ code: 'custom', message: hint });
  return z.NEVER;
}
