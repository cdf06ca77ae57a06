import type { ListedEntry, ListProblem } from './listed-entry.ts';

/** M3U: a file or an address on each line, its title in `#EXTINF` before it. */
export function m3uEntries(text: string): ListedEntry[] | ListProblem {
  const entries: ListedEntry[] = [];
  let title = '';
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim();
    if (line.startsWith('#EXT-X-'))
      return { line: index + 1, message: 'these are segments of one stream (HLS), not a list of files' };
    if (line.startsWith('#EXTINF:')) title = titleOf(line);
    if (line === '' || line.startsWith('#')) continue;
    entries.push({ line: index + 1, address: line, title });
    title = '';
  }
  return entries;
}

/** `#EXTINF:123,Artist - Title`, with attributes behind the number in some lists. */
function titleOf(line: string): string {
  return /^#EXTINF:[^,]*,(.*)$/.exec(line)?.[1]?.trim() ?? '';
}
