import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Source } from '../../contract/models.ts';
import { sourceWords } from '../../contract/source-words.ts';

/** What an ingest process works on. */
export const mark = z.strictObject({
  room: z.string(),
  /** Tells sources apart, as `sourceKey` does. */
  source: z.string(),
  /** What the source is called. */
  words: z.string(),
});
export type Mark = Readonly<z.infer<typeof mark>>;

/** A mark with what stands before it, in bytes. */
export const maxMarkBytes = 1024;
const maxWords = 200;

/** Tells sources apart, whoever plays them: without secrets, and without what only says how they are played. */
export function sourceKey(room: string, source: Source): string {
  return createHash('sha256')
    .update(JSON.stringify([source.kind, whatIsPlayed(room, source)]))
    .digest('base64url');
}

function whatIsPlayed(room: string, source: Source): unknown {
  if (source.kind === 'file') return source.path;
  if (source.kind === 'url') return source.url;
  return source.kind === 'publisher' ? [room, source.key] : source;
}

export function markOf(room: string, source: Source): Mark {
  return { room, source: sourceKey(room, source), words: sourceWords(source).slice(0, maxWords) };
}

/** What stands in the file that both sides have. */
export interface Marked {
  readonly mark: Mark;
  /** It is worked on; else it was worked on last. */
  readonly now: boolean;
}

/** The first byte says whether the work goes on, two more how long the text is that follows. */
const headBytes = 3;
/** Written over the first byte when the work is done. */
export const workDone = Buffer.from([0]);

export function encodeMark(mark: Mark): Buffer {
  const text = textOf(mark);
  const bytes = Buffer.alloc(headBytes + text.length, 1);
  bytes.writeUInt16LE(text.length, 1);
  text.copy(bytes, headBytes);
  return bytes;
}

/** What a source is called is cut where it would be too long in bytes; what tells sources apart never is. */
function textOf(mark: Mark): Buffer {
  const text = Buffer.from(JSON.stringify(mark));
  if (text.length <= maxMarkBytes - headBytes || mark.words === '') return text;
  return textOf({ ...mark, words: mark.words.slice(0, -8) });
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
