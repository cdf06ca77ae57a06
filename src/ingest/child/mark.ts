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

/** The first byte says whether the work goes on, two more how long the text is that follows. */
export const headBytes = 3;
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
