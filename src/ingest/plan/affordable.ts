import { MiroliveError } from '../../contract/errors.ts';
import type { VideoPlan, VideoProbe } from '../../contract/plan.ts';
import type { RenditionName, Renditions } from '../../contract/rendition-names.ts';
import { coresFor, type EncodingCapacity, spareCores } from './encoding-cost.ts';

/** Of all cores, for what was asked for by name: what sends and forwards needs the rest. */
const namedShare = 0.9;

/** A plan for each number of renditions: all that were wanted, then one fewer each time, the best and the lowest last. */
type PlanWith = (names: readonly RenditionName[]) => VideoPlan;

/**
 * The plan with as many renditions as this machine encodes in real time. What was asked for by name is not reduced.
 *
 * @param capacity null: not known, so that all is taken to be possible
 * @throws MiroliveError RENDITIONS_TOO_HEAVY
 */
export function affordable(
  wanted: Renditions,
  names: readonly RenditionName[],
  video: VideoProbe,
  capacity: EncodingCapacity | null,
  planWith: PlanWith,
): VideoPlan {
  const all = planWith(names);
  if (capacity === null) return all;
  const cost = (plan: VideoPlan) => coresFor(plan, video, capacity);
  if (wanted === 'auto') return fitting(names, planWith, cost, capacity);
  const most = capacity.cores * namedShare;
  // One rendition is what a source needs to be seen at all: it is tried.
  if (all.lower.length === 0 || cost(all) <= most) return all;
  const less = ladders(names).find((ladder) => cost(planWith(ladder)) <= most) ?? ['source' as const];
  throw new MiroliveError(
    'RENDITIONS_TOO_HEAVY',
    `expected renditions that ${capacity.cores} cores encode in real time, got ${names.join(',')}, which need about ${cores(cost(all))}`,
    { details: { less: less.join(',') } },
  );
}

function fitting(
  names: readonly RenditionName[],
  planWith: PlanWith,
  cost: (plan: VideoPlan) => number,
  capacity: EncodingCapacity,
): VideoPlan {
  const { freeCores } = capacity;
  const most = spareCores(capacity);
  const plans = ladders(names).map(planWith);
  const chosen = plans.find((plan) => cost(plan) <= most) ?? planWith(['source']);
  const rest = `${cores(cost(chosen))} of ${cores(freeCores)} free cores`;
  const all = plans[0] ?? chosen;
  const reason =
    chosen.lower.length === all.lower.length
      ? rest
      : `${rest}; ${names.join(', ')} would need ${cores(cost(all))}`;
  return { ...chosen, ladder: reason };
}

/** All, then without those between the best and the lowest, then the best alone. */
function ladders(names: readonly RenditionName[]): (readonly RenditionName[])[] {
  const [best = 'source'] = names;
  const shorter = names.slice(1).map((_, index) => [best, ...names.slice(index + 2)]);
  return [names, ...shorter];
}

function cores(count: number): string {
  return count.toFixed(1);
}
