import { isUtf8 } from 'node:buffer';

/** A sequence of UTF-8, or one byte that begins none; of bytes read as Latin-1. */
const sequences =
  /[^\x80-\xff]+|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]/gs;

/** Stands for a byte that is no UTF-8. */
const loneByte = /[\udc80-\udcff]/;
const loneBytes = new RegExp(loneByte, 'gu');

/**
 * Text of which parts may be no UTF-8, as names of files on Linux are bytes. Each byte that is none is a lone surrogate,
 * U+DC80 to U+DCFF, as Python's `surrogateescape` has it (PEP 383): JSON keeps it.
 */
export function textFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return bytes.toString('latin1').replace(sequences, (sequence) => {
    const part = Buffer.from(sequence, 'latin1');
    if (isUtf8(part)) return part.toString('utf8');
    return String.fromCharCode(...[...part].map((byte) => (byte < 0x80 ? byte : 0xdc00 + byte)));
  });
}

/** A path as the system is asked for it. */
export function pathBytes(path: string): string | Buffer {
  if (!hasBytes(path)) return path;
  return Buffer.concat(
    path
      .split(/([\udc80-\udcff])/u)
      .map((part) => (hasBytes(part) ? Buffer.of(part.charCodeAt(0) - 0xdc00) : Buffer.from(part))),
  );
}

/** Whether some of it is no UTF-8. */
export function hasBytes(text: string): boolean {
  return !text.isWellFormed() && new RegExp(loneByte, 'u').test(text);
}

/** The same as what Western Windows calls it. */
export function fromWindows1252(text: string): string {
  const decoder = new TextDecoder('windows-1252');
  return text.replace(loneBytes, (one) => decoder.decode(Buffer.of(one.charCodeAt(0) - 0xdc00)));
}

/** The same as it may be shown. */
export function shownBytes(text: string): string {
  return text.replace(loneBytes, (one) => `\\x${(one.charCodeAt(0) - 0xdc00).toString(16)}`);
}
