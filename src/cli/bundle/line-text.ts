import { scrubbed, scrubbedValue } from '../../contract/scrubbed.ts';

/** No private key is longer, in characters. */
const mostKeyCharacters = 16 * 1024;

/** The whole lines of a text whose beginning was cut off: what is left of a line would be told without what says that it is a secret. */
export function wholeLines(cut: string): string {
  const newLine = cut.indexOf('\n');
  const lines = newLine === -1 ? '' : cut.slice(newLine + 1);
  // A private key has many lines.
  const begin = lines.indexOf('-----BEGIN ');
  const end = /-----END [^-\n]*-----/.exec(lines.slice(0, mostKeyCharacters));
  return end !== null && (begin === -1 || begin > end.index) ? lines.slice(end.index + end[0].length) : lines;
}

/** A text without secrets and addresses: what is JSON of its lines by its keys, the rest by its forms. */
export function scrubbedLines(text: string): string {
  const told: string[] = [];
  let plain: string[] = [];
  const tellPlain = () => {
    if (plain.length > 0) told.push(scrubbed(plain.join('\n')));
    plain = [];
  };
  for (const line of text.split('\n')) {
    const value = objectIn(line);
    if (value === undefined) plain.push(line);
    else {
      tellPlain();
      told.push(JSON.stringify(scrubbedValue(value)));
    }
  }
  tellPlain();
  return told.join('\n');
}

function objectIn(line: string): unknown {
  if (!/^\s*[{[]/.test(line)) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
