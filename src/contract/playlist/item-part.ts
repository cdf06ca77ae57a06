import type { SourceKind } from '../source-kinds.ts';

/** What comes without an end of its own: it plays for a time, or for ever. */
const endlessKinds: readonly SourceKind[] = ['test', 'slate', 'screen', 'window', 'device'];
/** What has places to begin and to end at. */
const placedKinds: readonly SourceKind[] = ['file', 'url'];

/** A picture or a card among other items is shown for so long where nothing else is said, in ms. */
export const pictureMs = 10_000;

/** The part of a source that an item of a playlist plays, in ms. */
export interface ItemPart {
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly forMs: number | null;
}

/** What is wrong with a part, and the key that it is about. */
export interface PartProblem {
  readonly key: 'from' | 'to' | 'for';
  readonly message: string;
}

/** Whether an item would never be over by itself. */
export function isEndless(kind: SourceKind, forMs: number | null): boolean {
  return forMs === null && endlessKinds.includes(kind);
}

/** What is wrong with the part that an item plays of a source of this kind. */
export function partProblems(kind: SourceKind, { fromMs, toMs, forMs }: ItemPart): PartProblem[] {
  const problems: PartProblem[] = [];
  if (!placedKinds.includes(kind)) {
    const message = `expected a file or an address to choose a part of, since ${kind} has no places`;
    if (fromMs !== 0) problems.push({ key: 'from', message });
    if (toMs !== null) problems.push({ key: 'to', message });
  } else if (toMs !== null && toMs <= fromMs) {
    problems.push({ key: 'to', message: 'expected a place behind from' });
  }
  if (kind === 'folder' && forMs !== null)
    problems.push({ key: 'for', message: 'expected none for a folder, whose files play to their ends' });
  if (forMs === 0) problems.push({ key: 'for', message: 'expected more than 0s' });
  return problems;
}
