import type { Variants } from '../../contract/plan.ts';

/** Codecs that go out as they come (RFC 6381): of two variants of one size such a one is better. */
const copied = /(?:^|,)\s*(?:avc1|avc3|vp09|av01)/i;
/** Whatever else is made as large as this at most: a larger picture gains nothing. */
const transcodedHeight = 1080;
/** Of a list with more of them, the first count. */
const maxVariants = 100;

/** What is wanted of a list of variants. */
export interface WantedVariant {
  /** Its number, 0 the first; null: the best one that may be had. */
  readonly number: number | null;
  /** What it may have, by what the list says; where all have more, the least is taken. */
  readonly maxBitrateBps: number;
}

interface Variant {
  readonly bandwidthBps: number;
  readonly width: number;
  readonly height: number;
  readonly codecs: string;
  /** The group of its sound, where that is apart. */
  readonly sound: string | undefined;
  readonly address: string;
  /** Its lines: what is said of it, and its address. */
  readonly from: number;
  readonly to: number;
}

/**
 * A list of HLS (RFC 8216, section 4.3.4) with one variant alone; null: it is none of variants.
 *
 * @param hasFailed whether the list at an address could not be had: while there are others, it is not chosen
 */
export function oneVariant(
  text: string,
  wanted: WantedVariant,
  hasFailed: (address: string) => boolean = () => false,
): { readonly text: string; readonly variants: Variants; readonly address: string } | null {
  if (!/^#EXT-X-STREAM-INF:/m.test(text)) return null;
  const lines = text.split(/\r?\n/);
  const variants = variantsIn(lines);
  if (variants.length === 0) return null;
  const chosen = wanted.number ?? best(variants, wanted.maxBitrateBps, hasFailed);
  const found = variants.map(({ bandwidthBps, width, height, codecs }) => ({
    ...{ bandwidthBps, width, height },
    codecs: codecs === '' ? null : codecs,
  }));
  const kept = variants[chosen];
  const given = kept ? only(kept, variants, lines).join('\n') : '';
  return { text: given, variants: { chosen, found }, address: kept?.address ?? '' };
}

function variantsIn(lines: readonly string[]): Variant[] {
  const variants: Variant[] = [];
  for (let from = 0; from < lines.length && variants.length < maxVariants; from++) {
    const line = lines[from] ?? '';
    if (!line.startsWith('#EXT-X-STREAM-INF:')) continue;
    const to = addressBehind(lines, from);
    if (to === lines.length) break;
    const said = attributesOf(line);
    const [, width = '0', height = '0'] = /^(\d{1,5})x(\d{1,5})$/i.exec(said.get('RESOLUTION') ?? '') ?? [];
    const bandwidth = said.get('AVERAGE-BANDWIDTH') ?? said.get('BANDWIDTH') ?? '';
    variants.push({
      bandwidthBps: /^\d{1,12}$/.test(bandwidth) ? Number(bandwidth) : 0,
      ...{ width: Number(width), height: Number(height), codecs: (said.get('CODECS') ?? '').slice(0, 100) },
      ...{ sound: said.get('AUDIO'), address: (lines[to] ?? '').trim(), from, to },
    });
  }
  return variants;
}

/** The number of the first line behind one that is an address; without any, that of lines. */
function addressBehind(lines: readonly string[], from: number): number {
  let at = from + 1;
  while (at < lines.length && !/^[^#\s]/.test(lines[at] ?? '')) at++;
  return at;
}

/** The work is in proportion to the line's length, whatever it holds: a name is looked for where one begins alone. */
function attributesOf(line: string): Map<string, string> {
  const pairs = line.matchAll(/(?<![A-Z0-9-])([A-Z0-9-]+)=(?:"([^"]*)"|([^",\s]*))/g);
  return new Map([...pairs].map(([, name = '', quoted, plain = '']) => [name, quoted ?? plain]));
}

/** What is shown the largest of those that may be had, in a codec that is copied, with the highest rate; else what has the least. */
function best(
  variants: readonly Variant[],
  maxBitrateBps: number,
  hasFailed: (address: string) => boolean,
): number {
  const all = variants.map((variant, number) => {
    const isCopied = copied.test(variant.codecs);
    const isTranscoded = variant.codecs !== '' && !isCopied;
    const shownHeight = isTranscoded ? Math.min(variant.height, transcodedHeight) : variant.height;
    return { ...variant, number, isCopied, shownHeight };
  });
  const working = all.filter(({ address }) => !hasFailed(address));
  const usable = working.length > 0 ? working : all;
  const pictures = usable.filter(({ height }) => height > 0);
  const some = pictures.length > 0 ? pictures : usable;
  const allowed = some.filter(({ bandwidthBps }) => bandwidthBps <= maxBitrateBps);
  const least = some.toSorted((a, b) => a.bandwidthBps - b.bandwidthBps);
  const [first] = allowed.toSorted(
    (a, b) =>
      b.shownHeight - a.shownHeight ||
      Number(b.isCopied) - Number(a.isCopied) ||
      b.height - a.height ||
      b.bandwidthBps - a.bandwidthBps,
  );
  return (first ?? least[0])?.number ?? 0;
}

/** Without other variants, and what belongs to those alone: ffmpeg would open all of it. */
function only(kept: Variant, variants: readonly Variant[], lines: readonly string[]): string[] {
  let next = 0;
  return lines.filter((line, at) => {
    while (at > (variants[next]?.to ?? lines.length)) next++;
    if (at >= (variants[next]?.from ?? lines.length)) return at === kept.from || at === kept.to;
    if (line.startsWith('#EXT-X-I-FRAME-STREAM-INF:')) return false;
    if (!line.startsWith('#EXT-X-MEDIA:')) return true;
    const said = attributesOf(line);
    return said.get('TYPE') === 'AUDIO' && said.get('GROUP-ID') === kept.sound;
  });
}
