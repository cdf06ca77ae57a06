import type { PlaylistItem, Source } from '../../contract/models.ts';

/** What begins no later than this begins at its beginning, in ms. */
export const inTimeMs = 5000;

/** Where a source is by now: an item of a playlist, and the place in it; `start`: at its beginning, or wherever it is; `over`: it would be over. */
export type JoinPlace = { readonly item: string | null; readonly positionMs: number } | 'start' | 'over';

/** How long a source plays, in ms; null: not known, or it comes at its own pace. */
type LengthOf = (source: Source) => Promise<number | null>;

/**
 * Where a source would be that should have begun so long ago, which is asked again when lengths are known: to find them takes its time. A list that is shuffled, or of folders, has no such place: it begins at its
 * beginning, as does what comes at its own pace.
 */
export async function joinPlace(
  source: Source,
  elapsed: () => number,
  lengthOf: LengthOf,
): Promise<JoinPlace> {
  if (elapsed() <= inTimeMs) return 'start';
  if (source.kind === 'playlist') return await placeInList(source, elapsed, lengthOf);
  if (source.kind !== 'file' && source.kind !== 'url') return 'start';
  const lengthMs = await lengthOf(source);
  if (lengthMs === null || lengthMs <= 0) return 'start';
  const elapsedMs = elapsed();
  if (source.loop) return { item: null, positionMs: Math.floor(elapsedMs % lengthMs) };
  return elapsedMs >= lengthMs ? 'over' : { item: null, positionMs: elapsedMs };
}

async function placeInList(
  { items, loop, shuffle }: Extract<Source, { kind: 'playlist' }>,
  elapsed: () => number,
  lengthOf: LengthOf,
): Promise<JoinPlace> {
  if (shuffle || items.some(({ source }) => source.kind === 'folder')) return 'start';
  const lengths: number[] = [];
  let beganMs = 0;
  for (const item of items) {
    const lengthMs = await itemLength(item, lengthOf);
    // Nobody knows what comes when behind it.
    const passedMs = elapsed() - beganMs;
    if (lengthMs === null || passedMs < lengthMs) return inItem(item, passedMs);
    lengths.push(lengthMs);
    beganMs += lengthMs;
  }
  if (!loop || beganMs <= 0) return 'over';
  let leftMs = elapsed() % beganMs;
  for (const [index, item] of items.entries()) {
    if (leftMs < lengths[index]!) return inItem(item, leftMs);
    leftMs -= lengths[index]!;
  }
  return 'start';
}

function inItem({ id, fromMs, source }: PlaylistItem, passedMs: number): JoinPlace {
  const isFile = source.kind === 'file' || source.kind === 'url';
  return { item: id, positionMs: isFile ? Math.floor(fromMs + passedMs) : fromMs };
}

async function itemLength(item: PlaylistItem, lengthOf: LengthOf): Promise<number | null> {
  const { source, fromMs, toMs, forMs } = item;
  const isFile = source.kind === 'file' || source.kind === 'url';
  const endMs = toMs ?? (isFile ? await lengthOf(source) : null);
  const wholeMs = endMs === null ? null : Math.max(0, endMs - fromMs);
  return forMs === null || wholeMs === null ? (forMs ?? wholeMs) : Math.min(forMs, wholeMs);
}
