import { asMiroliveError } from '../../contract/errors.ts';
import { scrubbed, scrubbedValue } from '../../contract/scrubbed.ts';
import type { BundlePart, Gathered } from './bundle-part.ts';
import { scrubbedLines, wholeLines } from './line-text.ts';

/** No file of a bundle is larger, in characters: of longer ones the end is told. */
const mostCharacters = 4 * 1024 * 1024;

/** Gathers all that can be had, one after the other; what cannot is told with its reason. Nothing leaves unscrubbed: a value by its keys and its texts, a text by its lines that are JSON, and by its forms. @param begins hears which is next */
export async function gather(
  parts: readonly BundlePart[],
  begins: (name: string) => void = () => {},
): Promise<Gathered[]> {
  const gathered: Gathered[] = [];
  for (const { name, get } of parts) {
    begins(name);
    try {
      gathered.push({ name, text: textOf(name, await get()) });
    } catch (thrown) {
      gathered.push({ name, missing: scrubbed(asMiroliveError(thrown).message) });
    }
  }
  return gathered;
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string')
    return scrubbedLines(value.length > mostCharacters ? wholeLines(value.slice(-mostCharacters)) : value);
  if (name.endsWith('.jsonl') && Array.isArray(value))
    return value.map((one) => `${JSON.stringify(scrubbedValue(one))}\n`).join('');
  return `${JSON.stringify(scrubbedValue(value), null, 2)}\n`;
}
