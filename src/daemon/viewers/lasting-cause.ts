import type { Suffering, Viewer } from '../../contract/models.ts';
import { nameOf, type Person } from './all-clear.ts';
import { frozenWindowMs } from './frozen-window.ts';
import { type Known, type LikelyCause, likelyCause } from './likely-cause.ts';

/** Why viewers of a room have it bad, with what is to be remembered of that. */
export interface LastingCause extends LikelyCause {
  readonly most: Suffering;
  /** Of when most of those who had it bad lost packets; null: they have not. */
  readonly loss: Loss | null;
}

/** Why packets were lost. */
interface Loss {
  readonly cause: LikelyCause;
  /** Who lost any within what counts, and when last, in ms. */
  readonly lostAtMs: ReadonlyMap<string, number>;
}

/** A viewer, and what it suffers. */
type Fares = Person & Pick<Viewer, 'suffers'>;

/** What is the likelier cause now: pictures that stood still while packets were lost stood still for that, also when none are lost any more. Pure. */
export function causeAfter(
  before: LastingCause | null,
  known: Known,
  viewers: readonly Fares[],
  nowMs: number,
): LastingCause {
  const { most } = known;
  const loss = before?.loss ?? null;
  const cause = likelyCause(known, loss && isOfThem(loss, viewers, nowMs) ? loss.cause : null);
  return { ...cause, most, loss: most === 'loss' ? lossAfter(loss, cause, viewers, nowMs) : loss };
}

function lossAfter(before: Loss | null, cause: LikelyCause, viewers: readonly Fares[], nowMs: number): Loss {
  const lately = [...(before?.lostAtMs ?? [])].filter(([, atMs]) => counts(atMs, nowMs));
  const now = namesOf(viewers, 'loss').map((name) => [name, nowMs] as const);
  return { cause, lostAtMs: new Map([...lately, ...now]) };
}

/** Most of those whose pictures stand still lost packets themselves. */
function isOfThem({ lostAtMs }: Loss, viewers: readonly Fares[], nowMs: number): boolean {
  const frozen = namesOf(viewers, 'frozen');
  const lost = frozen.filter((name) => counts(lostAtMs.get(name), nowMs));
  return lost.length > frozen.length / 2;
}

function namesOf(viewers: readonly Fares[], suffering: Suffering): string[] {
  return viewers.filter(({ suffers }) => suffers === suffering).map(nameOf);
}

/** What a picture stood still for then may be over, and it counts. */
function counts(atMs: number | undefined, nowMs: number): boolean {
  return atMs !== undefined && nowMs - atMs < frozenWindowMs;
}
