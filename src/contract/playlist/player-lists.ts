import { maxPlaylistItems, type NewPlaylistItem } from '../models.ts';
import { fromWindows1252 } from '../path-bytes.ts';
import { sourceFromWords } from '../source-from-words.ts';
import type { ListedEntry, ListProblem } from './listed-entry.ts';
import { m3uEntries } from './m3u.ts';

/** Lists that players write, and how they are read. */
export type PlayerList = 'm3u' | 'pls' | 'xspf';
const readers: Readonly<Record<PlayerList, (text: string) => ListedEntry[] | ListProblem>> = {
  m3u: m3uEntries,
  pls: plsEntries,
  xspf: xspfEntries,
};

/** Which of them a text is, by its file's name or how it begins; null: none. */
export function playerListOf(text: string, file: string): PlayerList | null {
  if (/\.m3u8?$/i.test(file) || /^\ufeff?#EXTM3U/.test(text)) return 'm3u';
  if (/\.pls$/i.test(file) || /^\ufeff?\s*\[playlist\]/i.test(text)) return 'pls';
  return /\.xspf$/i.test(file) || /^\ufeff?\s*<(?:\?xml[^>]*>\s*<)?playlist\s/i.test(text) ? 'xspf' : null;
}

/** The items of such a list, or what is wrong with it. Relative paths begin at `folder`. */
export function parsePlayerList(
  kind: PlayerList,
  text: string,
  folder: string,
): NewPlaylistItem[] | ListProblem {
  const entries = readers[kind](text.replace(/^\ufeff/, ''));
  if (!Array.isArray(entries)) return entries;
  if (entries.length === 0) return { line: 1, message: 'expected at least one file or address, got none' };
  const items: NewPlaylistItem[] = [];
  for (const { line, address, title } of entries) {
    if (items.length === maxPlaylistItems)
      return { line, message: `expected at most ${maxPlaylistItems} items` };
    try {
      const source = sourceFromWords(named(address), folder);
      items.push({ source, title: title === '' ? null : fromWindows1252(title).slice(0, 200) });
    } catch (error) {
      return { line, message: (error as Error).message };
    }
  }
  return items;
}

/** In a list of files, a bare word is a file, not a publisher or a test. */
function named(address: string): string {
  return address.includes('/') ? address : `./${address}`;
}

/** PLS, as Winamp and radio stations have it: `File1=…`, `Title1=…`, in the order of their numbers. */
function plsEntries(text: string): ListedEntry[] {
  const files = new Map<number, Omit<ListedEntry, 'title'>>();
  const titles = new Map<number, string>();
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const [, key = '', number = '', value = ''] =
      /^(File|Title)(\d{1,9})\s*=\s*(.*)$/i.exec(raw.trim()) ?? [];
    if (value === '') continue;
    if (key.toLowerCase() === 'file') files.set(Number(number), { line: index + 1, address: value });
    else titles.set(Number(number), value);
  }
  return [...files]
    .sort(([one], [other]) => one - other)
    .map(([number, file]) => ({ ...file, title: titles.get(number) ?? '' }));
}

/** XSPF, as VLC has it: tracks with a location, which is an address, and a title. What is commented out is none. */
function xspfEntries(text: string): ListedEntry[] {
  const entries: ListedEntry[] = [];
  // A part for each track; the work is in proportion to the text's length, whatever it holds.
  const [before = '', ...tracks] = withoutComments(text).split(/<track(?=[\s>])/);
  let line = before.split('\n').length;
  for (const track of tracks) {
    const address = textOf(track, 'location');
    if (address !== '') entries.push({ line, address: asPath(address), title: textOf(track, 'title') });
    line += track.split('\n').length - 1;
  }
  return entries;
}

/** Lines stay where they are. */
function withoutComments(text: string): string {
  const [before = '', ...comments] = text.split('<!--');
  const kept = comments.map((part) => {
    const end = part.indexOf('-->');
    const inside = end === -1 ? part : part.slice(0, end);
    return inside.replace(/[^\n]+/g, '') + part.slice(inside.length + 3);
  });
  return before + kept.join('');
}

/** What stands in the first element of a name; empty: there is none. */
function textOf(xml: string, name: string): string {
  const from = xml.indexOf(`<${name}>`);
  const to = xml.indexOf(`</${name}>`, from);
  return from === -1 || to === -1 ? '' : unescaped(xml.slice(from + name.length + 2, to)).trim();
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#(x[0-9a-f]{1,6}|\d{1,7})|([a-z]{1,6}));/gi, (whole, number, name) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
    const code = Number(number.startsWith('x') || number.startsWith('X') ? `0${number}` : number);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** A relative address (RFC 3986, section 4.2) stands for a file here: with `%20` for a space. */
function asPath(address: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return address;
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
