import { maxPlaylistItems, type NewPlaylistItem } from '../models.ts';
import { fromWindows1252 } from '../path-bytes.ts';
import { sourceFromWords } from '../source-from-words.ts';

/** What is wrong with a line, 1 the first. */
export interface M3uProblem {
  readonly line: number;
  readonly message: string;
}

/** The items of an M3U list, or what is wrong with it: a file or an address on each line, its title in `#EXTINF` before it. */
export function parseM3u(text: string, folder: string): NewPlaylistItem[] | M3uProblem {
  const items: NewPlaylistItem[] = [];
  let title: string | null = null;
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = raw.trim();
    if (line.startsWith('#EXT-X-')) {
      return { line: index + 1, message: 'these are segments of one stream (HLS), not a list of files' };
    }
    if (line.startsWith('#EXTINF:')) title = titleOf(line);
    if (line === '' || line.startsWith('#')) continue;
    if (items.length === maxPlaylistItems) {
      return { line: index + 1, message: `expected at most ${maxPlaylistItems} items` };
    }
    try {
      items.push({ source: sourceFromWords(named(line), folder), title });
    } catch (error) {
      return { line: index + 1, message: (error as Error).message };
    }
    title = null;
  }
  return items.length > 0 ? items : { line: 1, message: 'expected at least one file or address, got none' };
}

/** In a list of files, a bare word is a file, not a publisher or a test. */
function named(line: string): string {
  return line.includes('/') ? line : `./${line}`;
}

/** `#EXTINF:123,Artist - Title`, with attributes behind the number in some lists. */
function titleOf(line: string): string | null {
  const title = /^#EXTINF:[^,]*,(.*)$/.exec(line)?.[1]?.trim() ?? '';
  return title === '' ? null : fromWindows1252(title).slice(0, 200);
}
