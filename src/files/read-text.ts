import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { type ErrorCode, MiroliveError } from '../contract/errors.ts';
import { quoted } from '../contract/quoted.ts';
import { tooLarge } from '../contract/yaml-file.ts';

/** What the control API takes at once. */
const maxBytes = 8 * 1024 * 1024;

/**
 * Reads a file of text; no more of it than is taken, however long it is.
 *
 * @param input what is read instead of the file that is named
 * @throws MiroliveError of this code, if it is too large or no UTF-8; what the system answers
 */
export async function readText(
  file: string,
  code: ErrorCode,
  input: AsyncIterable<unknown> = createReadStream(file, { end: maxBytes }),
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const part = Buffer.from(chunk as Uint8Array);
    chunks.push(part);
    length += part.length;
    if (length > maxBytes) break;
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length > maxBytes) throw tooLarge(code, file, `${maxBytes / 1024 / 1024} MiB`);
  const other = otherEncoding(bytes);
  if (other === null) return bytes.toString('utf8');
  const { words, name } = other;
  throw new MiroliveError(code, `${file}${placeIn(bytes)}: expected UTF-8, got ${words}`, {
    details: { file },
    hint:
      name === null
        ? `See what it is: file ${quoted(file)}`
        : `Convert it: iconv -f ${name} -t UTF-8 ${quoted(file)} >${quoted(`${file}.utf8`)}`,
  });
}

/** What bytes are that are no UTF-8. Pure. */
function otherEncoding(bytes: Buffer): { readonly words: string; readonly name: string | null } | null {
  // Of most letters one byte is zero; a mark at the beginning is FF FE or FE FF.
  const zeroAt = bytes.indexOf(0);
  const isMarked = /^(?:fffe|feff)$/.test(bytes.toString('hex', 0, 2));
  if (isMarked) return { words: 'UTF-16', name: 'UTF-16' };
  if (zeroAt === 0 && bytes[1] !== 0) return { words: 'UTF-16', name: 'UTF-16BE' };
  if (zeroAt === 1 && bytes[3] === 0) return { words: 'UTF-16', name: 'UTF-16LE' };
  if (zeroAt !== -1) return { words: 'no text', name: null };
  if (isUtf8(bytes)) return null;
  const byte = bytes[wrongAt(bytes)] ?? 0;
  return { words: `the byte 0x${byte.toString(16)}, as Latin-1 has it`, name: 'ISO-8859-1' };
}

/** The first byte that is no UTF-8: from there on it is another one when it is written again. */
function wrongAt(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'));
  return bytes.findIndex((byte, place) => byte !== again[place]);
}

/** `:line:column` of what is no UTF-8; of other encodings nothing, as all of it is. */
function placeIn(bytes: Buffer): string {
  if (bytes.includes(0)) return '';
  const lines = bytes.subarray(0, wrongAt(bytes)).toString('utf8').split('\n');
  return `:${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
}
