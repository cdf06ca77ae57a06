import { once } from 'node:events';
import type { Stdin } from './context.ts';
import type { Sink } from './output.ts';

/** A secret has no more characters, and a terminal that sends more is none. */
const maxLength = 4096;

/** A terminal whose keys can be read as they are struck. */
type Terminal = Stdin & { setRawMode?(raw: boolean): unknown };

/** Asks on a terminal, and waits for a line; null: it was broken off. What is a secret is not shown. */
export async function ask(
  stdin: Terminal,
  stderr: Sink,
  question: string,
  { secret = false }: { readonly secret?: boolean } = {},
): Promise<string | null> {
  stderr.write(question);
  if (secret) stdin.setRawMode?.(true);
  try {
    const answer = await firstLine(stdin);
    if (secret) stderr.write('\n');
    return answer;
  } finally {
    if (secret) stdin.setRawMode?.(false);
    stdin.pause();
  }
}

/** The first line that comes, without what was taken back; null: Ctrl-C or Ctrl-D. */
export async function firstLine(stdin: Stdin): Promise<string | null> {
  let line = '';
  stdin.setEncoding('utf8');
  for (;;) {
    const chunk: string | null = stdin.read();
    if (chunk === null) {
      if (stdin.readableEnded) return line === '' ? null : line.trim();
      await Promise.race([once(stdin, 'readable'), once(stdin, 'end')]);
      continue;
    }
    for (const key of chunk) {
      if (key === '\u0003' || key === '\u0004') return null;
      if (key === '\r' || key === '\n') return line.trim();
      line = key === '\u007f' || key === '\b' ? line.slice(0, -1) : line + key;
      if (line.length > maxLength) return null;
    }
  }
}
