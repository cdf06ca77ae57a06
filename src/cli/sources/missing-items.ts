import type { NewPlaylistItem } from '../../contract/models.ts';
import { sourceProblem } from './local-file.ts';

/**
 * What is not there of a playlist's items, a sentence each: `item 2: there is no file …`.
 *
 * @param keys names of all stream keys; null: not known
 */
export async function missingItems(
  items: readonly Pick<NewPlaylistItem, 'source'>[],
  keys: ReadonlySet<string> | null,
): Promise<string[]> {
  const missing: string[] = [];
  for (const [index, { source }] of items.entries()) {
    const fail = (what: string) => missing.push(`item ${index + 1}: ${what}`);
    if (source.kind === 'publisher' && keys?.has(source.key) === false)
      fail(`there is no stream key ${source.key}`);
    const problem = await sourceProblem(source);
    if (problem) fail(problem.message);
  }
  return missing;
}
