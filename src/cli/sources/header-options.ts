import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { MiroliveError } from '../../contract/errors.ts';
import { type HttpHeaders, readHeader } from '../../contract/header-words.ts';

/** Flags that say what servers are sent: headers, or files of them. */
export interface HeaderFlags {
  readonly header?: readonly string[];
}

/** `--header 'Referer: https://example.org/'`, as often as there are some */
export function headerOption(): Option {
  const meaning =
    "header for the address's server: 'Referer: https://…'; @FILE: one in each line of a file; may be repeated";
  return new Option('--header <header>', meaning).argParser((word: string, before: string[] = []) => [
    ...before,
    word,
  ]);
}

/**
 * The headers that flags name, if any. What is told of a wrong one is not its value.
 *
 * @param folder where relative paths begin
 * @throws MiroliveError USAGE, SOURCE_NOT_FOUND
 */
export async function headersFromFlags(
  { header = [] }: HeaderFlags,
  folder: string,
): Promise<{ headers?: HttpHeaders }> {
  const found: [string, string][] = [];
  for (const word of header) {
    const lines = word.startsWith('@') ? await linesOf(resolve(folder, word.slice(1))) : [word];
    for (const line of lines) {
      const parts = readHeader(line);
      if (!parts) throw notUnderstood(word);
      found.push([...parts]);
    }
  }
  return header.length === 0 ? {} : { headers: Object.fromEntries(found) };
}

async function linesOf(path: string): Promise<string[]> {
  try {
    const text = await readFile(path, 'utf8');
    return text.split(/\r?\n/).filter((line) => line.trim() !== '');
  } catch (cause) {
    throw new MiroliveError(
      'SOURCE_NOT_FOUND',
      `expected a file of headers at ${path}, and it cannot be read`,
      {
        ...{ details: { path }, cause, hint: 'See whether it is there: ls -l FILE' },
      },
    );
  }
}

function notUnderstood(word: string): MiroliveError {
  const where = word.startsWith('@') ? ` in each line of ${word.slice(1)}` : '';
  return new MiroliveError(
    'USAGE',
    `expected a header such as 'Referer: https://example.org/'${where}, got something else`,
    {
      hint: "For example: --header 'Referer: https://example.org/', or --header @headers.txt",
    },
  );
}
