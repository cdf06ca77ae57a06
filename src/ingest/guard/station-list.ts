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
/** Of a list of addresses so much is read, in characters: the first of them are tried. */
const maxListLength = 64 * 1024;

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

/** The addresses that the beginning of such a list names, in its order. The work is in proportion to its length, whatever it holds. */
export function addressesIn(text: string, kind: ListKind): string[] {
  switch (kind) {
    case 'm3u':
      return wholeParts(text, /[\r\n]+/).filter((line) => line !== '' && !line.startsWith('#'));
    case 'pls':
      return wholeParts(text, /[\r\n]+/)
        .flatMap((line) => {
          const [, number, address] = /^File(\d{1,9})\s*=\s*(.+)$/i.exec(line) ?? [];
          return address === undefined ? [] : [{ number: Number(number), address }];
        })
        .sort((one, other) => one.number - other.number)
        .map(({ address }) => address);
    case 'asx':
      return wholeParts(text, '<').flatMap((element) => addressOfRef(element) ?? []);
  }
}

/** Of what is read of a list; the last part of a longer one is cut off, and left out. */
function wholeParts(text: string, separator: RegExp | string): string[] {
  const parts = text.slice(0, maxListLength).split(separator);
  return (text.length > maxListLength ? parts.slice(0, -1) : parts).map((part) => part.trim());
}

/** @param element what stands behind `<` */
function addressOfRef(element: string): string | null {
  const [tag = ''] = element.split('>', 1);
  if (!/^ref\s/i.test(tag)) return null;
  const [, double, single = ''] = /(?<=\s)href\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(tag) ?? [];
  return (double ?? single).trim().replaceAll('&amp;', '&') || null;
}
