import type { Viewer } from '../../contract/models.ts';
import type { Audience } from '../../contract/view/viewed-room.ts';
import { egressOf } from '../viewers/egress-of.ts';

/** Who watches a room, and what reaches them, by the last look at each. Pure. */
export function audienceOf(viewers: readonly Viewer[]): Audience {
  const renditions: Record<string, number> = {};
  let [playing, withoutPicture, suffering] = [0, 0, 0];
  const [losses, roundTrips]: [number[], number[]] = [[], []];
  for (const { state, picture, rendition, suffers, lossPercent, roundTripMs } of viewers) {
    if (state === 'playing') playing++;
    if (!picture) withoutPicture++;
    if (suffers !== null) suffering++;
    if (rendition !== null) renditions[rendition] = (renditions[rendition] ?? 0) + 1;
    if (lossPercent !== null) losses.push(lossPercent);
    if (roundTripMs !== null) roundTrips.push(roundTripMs);
  }
  const bitrateBps = egressOf(viewers);
  return {
    ...{ viewers: viewers.length, playing, withoutPicture, renditions, bitrateBps },
    lossPercent: middle(losses),
    worstLossPercent: losses.length === 0 ? null : Math.max(...losses),
    roundTripMs: middle(roundTrips),
    suffering: bitrateBps === null && suffering === 0 ? null : suffering,
  };
}

/** The lower one of two in the middle: what is told is what somebody has. */
function middle(values: readonly number[]): number | null {
  return values.toSorted((one, other) => one - other)[(values.length - 1) >> 1] ?? null;
}
