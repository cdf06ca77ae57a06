import type { Seen, SeenCandidate } from '../../src/contract/snapshot.ts';

/** A candidate of which nothing is known but how it is. */
export function seenCandidate(
  id: string,
  is: SeenCandidate['is'],
  changes: Partial<SeenCandidate> = {},
): SeenCandidate {
  return {
    ...{ id, is, item: null, index: -1, round: 0, positionMs: 0, endMs: null, seekable: true, placed: 0 },
    ...{
      skipped: [],
      waits: false,
      unplaced: null,
      unheld: false,
      lost: null,
      lacks: [],
      plan: null,
      ...changes,
    },
  };
}

/** What a director sees that has counted nothing. */
export function seenBy(
  facts: Pick<Seen, 'generation' | 'revision' | 'atMs' | 'onAir' | 'live' | 'candidates'>,
): Seen {
  const since = new Date(facts.atMs).toISOString();
  return {
    ...{ version: 1, ...facts, outgoing: null, slateProblem: null },
    shown: { entry: 'main', words: 'main', since },
    ...{ switches: 0, restarts: 0, slates: 0, slateMs: 0 },
    content: { wrong: [], times: 0 },
  };
}
