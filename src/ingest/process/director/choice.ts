/** An entry of the chain, as far as the choice goes; the most preferred comes first. */
export interface CandidateView {
  /** It may be started: it is not given up, and what it needs is there. */
  readonly available: boolean;
  /** Since when it could be on air without a break, in ms; null: it could not now. */
  readonly readySinceMs: number | null;
  /** It will be over in a moment: what follows makes ready. */
  readonly ending: boolean;
  /** Until this moment nothing less preferred takes its place; null: at once. */
  readonly awaitedUntilMs: number | null;
  /** It takes over as soon as it is ready. */
  readonly hurried: boolean;
  /** In its place the slate is shown, and nothing less preferred is begun with. */
  readonly covered: boolean;
}

export interface ChoiceRules {
  /** `auto`: back to what is preferred by itself; `manual`: only from the slate. */
  readonly failback: 'auto' | 'manual';
  /** How long a preferred entry has to be ready before it takes over from another source, in ms: against flapping. */
  readonly holdMs: number;
}

export interface Choice {
  /** Which entry should be on air; the number of candidates stands for the slate. */
  readonly onAir: number;
  /** So many entries are needed, from the first on. */
  readonly needed: number;
  /** Entries that should run. */
  readonly run: ReadonlySet<number>;
  /** When to choose again though nothing else happens, in ms from now. */
  readonly againMs: number | null;
}

/**
 * Chooses what is on air: the most preferred entry that is ready. From the slate it is taken at once; from another source that
 * is ready only after the hold time. Whatever is preferred to what is on air keeps trying. While one is awaited, what is on air
 * below it stays, or the slate is shown, rather than something else that is less preferred.
 *
 * @param onAir the entry on air now; the number of candidates for the slate
 */
export function choose(
  candidates: readonly CandidateView[],
  onAir: number,
  rules: ChoiceRules,
  nowMs: number,
): Choice {
  const reached = candidates.slice(0, reach(candidates, onAir));
  const ready = reached.findIndex(({ readySinceMs }) => readySinceMs !== null);
  const best = ready === -1 ? candidates.length : ready;
  const lasting = reached.findIndex(({ readySinceMs, ending }) => readySinceMs !== null && !ending);
  const needed = lasting === -1 ? reached.length : lasting + 1;
  const wanted = candidates.map(({ available }, index) => index < needed && available);
  const run = new Set(wanted.flatMap((wants, index) => (wants ? [index] : [])));
  const awaited = reached.findIndex(({ awaitedUntilMs }) => (awaitedUntilMs ?? nowMs) > nowMs);
  const isBelow = onAir > awaited && (candidates[onAir]?.readySinceMs ?? null) !== null;
  if (awaited !== -1 && awaited < best && best < candidates.length) {
    const againMs = (candidates[awaited]?.awaitedUntilMs ?? nowMs) - nowMs;
    if (isBelow) run.add(onAir);
    return { onAir: isBelow ? onAir : candidates.length, needed, run, againMs };
  }
  const waitMs = best < onAir ? holdMs(candidates, best, onAir, rules, nowMs) : 0;
  if (waitMs <= 0) return { onAir: best, needed, run, againMs: null };
  run.add(onAir);
  return { onAir, needed, run, againMs: Number.isFinite(waitMs) ? waitMs : null };
}

/** So many entries may be on air, from the first on: behind one that is covered comes the slate, unless what plays is less preferred. */
function reach(candidates: readonly CandidateView[], onAir: number): number {
  const covered = candidates.findIndex((one) => one.covered);
  const isBelow = onAir > covered && (candidates[onAir]?.readySinceMs ?? null) !== null;
  return covered === -1 || isBelow ? candidates.length : covered + 1;
}

/** How long what is on air stays although something preferred to it is ready, in ms. */
function holdMs(
  candidates: readonly CandidateView[],
  best: number,
  onAir: number,
  { failback, holdMs }: ChoiceRules,
  nowMs: number,
): number {
  const since = candidates[best]?.readySinceMs ?? nowMs;
  // The slate gives way at once, and so does what is lost itself.
  if ((candidates[onAir]?.readySinceMs ?? null) === null || candidates[best]?.hurried) return 0;
  return failback === 'manual' ? Number.POSITIVE_INFINITY : since + holdMs - nowMs;
}
