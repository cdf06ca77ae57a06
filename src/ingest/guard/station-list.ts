/** Where the first words of a text are no media, but a list: of HLS, or of addresses, as radio stations and players have them. */
export type ListKind = 'm3u' | 'pls' | 'asx';

/** A UTF-8 mark, and white space, which some editors leave at the beginning. */
const leading = /^(?:\xef\xbb\xbf)?\s*/;
/** How each begins, and the longest of them with what may stand before it. M3U may be addresses alone. */
const beginnings: readonly (readonly [begins: string, kind: ListKind])[] = [
  ['#extm3u', 'm3u'],
  ['http://', 'm3u'],
  ['https://', 'm3u'],
  ['[playlist]', 'pls'],
  ['<asx', 'asx'],
];
const longest = 32;

/** What kind of list begins so; null: none; undefined: more of it has to come. */
export function listKindOf(head: Buffer): ListKind | null | undefined {
  const words = head.toString('latin1', 0, longest).replace(leading, '').toLowerCase();
  const found = beginnings.find(([begins]) => words.startsWith(begins));
  if (found) return found[1];
  const mayBe = head.length < longest && beginnings.some(([begins]) => begins.startsWith(words));
  return mayBe ? undefined : null;
}

/** Without what editors leave at its beginning. */
export function trimmedList(text: string): string {
  return text.replace(/^\ufeff?\s*/, '');
}

/** Whether an M3U is one of HLS: all tags but its first one begin so (RFC 8216, section 4.3). */
export function isHls(text: string): boolean {
  return /^#EXT-X-/m.test(text);
}

/** The addresses that such a list names, in its order. */
export function addressesIn(text: string, kind: ListKind): string[] {
  switch (kind) {
    case 'm3u':
      return text
        .split(/[\r\n]+/)
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('#'));
    case 'pls':
      return [...text.matchAll(/^[ \t]*File(\d+)[ \t]*=[ \t]*(\S[^\r\n]*?)[ \t]*$/gim)]
        .sort(([, one], [, other]) => Number(one) - Number(other))
        .map(([, , address = '']) => address);
    case 'asx':
      return [...text.matchAll(/<ref\s[^>]*?href\s*=\s*["']\s*([^"']+?)\s*["']/gi)].map(([, address = '']) =>
        address.replaceAll('&amp;', '&'),
      );
  }
}
