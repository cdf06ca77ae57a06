import * as z from 'zod';
import { headBytes, type Mark } from './mark.ts';

/** A mark as a process tells it. Not beside what marks, which is in processes: see `message`. */
export const mark: z.ZodType<Mark> = z.strictObject({
  room: z.string(),
  source: z.string(),
  words: z.string(),
});

/** What stands in the file that both sides have. */
export interface Marked {
  readonly mark: Mark;
  /** It is worked on; else it was worked on last. */
  readonly now: boolean;
}

/** null where nothing stands there, or what stands there was cut short. */
export function decodeMark(bytes: Buffer): Marked | null {
  try {
    const text = bytes.toString('utf8', headBytes, headBytes + bytes.readUInt16LE(1));
    return { mark: mark.parse(JSON.parse(text)), now: bytes[0] === 1 };
  } catch {
    return null;
  }
}
