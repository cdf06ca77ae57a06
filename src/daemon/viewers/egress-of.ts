import type { Viewer } from '../../contract/models.ts';

/** What leaves for all of these viewers, in bit/s, by the looks at their lines: who was not looked at yet counts as the others do. null: nobody was. Pure. */
export function egressOf(viewers: Iterable<Pick<Viewer, 'state' | 'bitrateBps'>>): number | null {
  let [playing, known, bps] = [0, 0, 0];
  for (const { state, bitrateBps } of viewers) {
    if (state !== 'playing') continue;
    playing++;
    if (bitrateBps === null) continue;
    known++;
    bps += bitrateBps;
  }
  return known === 0 ? null : Math.round((bps / known) * playing);
}
