import { createHash } from 'node:crypto';
import type { Source } from '../../contract/models.ts';
import { sourceWords } from '../../contract/source-words.ts';

/** What an ingest process works on. */
export interface Mark {
  readonly room: string;
  /** Tells sources apart, as `sourceKey` does. */
  readonly source: string;
  /** What the source is called. */
  readonly words: string;
}

/** A mark and its length, in bytes. */
const maxBytes = 1024;
const maxWords = 200;

/** Tells sources apart, whoever plays them: without secrets, and without what only says how they are played. */
export function sourceKey(room: string, source: Source): string {
  const { kind } = source;
  const what = kind === 'file' ? source.path : kind === 'publisher' ? [room, source.key] : source;
  return createHash('sha256')
    .update(JSON.stringify([kind, what]))
    .digest('base64url');
}

export function markOf(room: string, source: Source): Mark {
  return { room, source: sourceKey(room, source), words: sourceWords(source).slice(0, maxWords) };
}

/** A mark as it stands in the file that both sides have: its length in two bytes, then its text; a length of 0 is none. */
export function encodeMark(mark: Mark | null): Buffer {
  const text = mark ? Buffer.from(JSON.stringify(mark)).subarray(0, maxBytes - 2) : Buffer.alloc(0);
  const bytes = Buffer.alloc(2 + text.length);
  bytes.writeUInt16LE(text.length);
  text.copy(bytes, 2);
  return bytes;
}

/** null where none stands there, or what stands there was cut short. */
export function decodeMark(bytes: Buffer): Mark | null {
  try {
    const length = bytes.readUInt16LE();
    return length === 0 ? null : (JSON.parse(bytes.toString('utf8', 2, 2 + length)) as Mark);
  } catch {
    return null;
  }
}
