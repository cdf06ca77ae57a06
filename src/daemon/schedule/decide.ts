import { occurrences } from '../../contract/schedule/occurrences.ts';
import { byPrecedence, type Ranked } from '../../contract/schedule/precedence.ts';
import { lasts, type Occurrence, type ScheduleSpec } from '../../contract/schedule.ts';
import type { ScheduleRow } from '../state/schedules.ts';
import { isLive, type Run } from './run.ts';

/** What is over in a moment is done so late, in ms, and no later; what lasts and is not to join begins by then. */
export const lateMs = 60_000;
/** So many runs that should have been are looked for one by one: a schedule of each minute may have slept for a year. */
const mostLookedFor = 500;
const hourMs = 3_600_000;
/** Where there are more, the last one is looked for as far back. */
const lookedBackMs = 31 * 24 * hourMs;
/** What lies further ahead was begun by a clock that was wrong; one that is put back by less changes nothing of what is on air. */
export const mostAheadMs = hourMs;

/** What is decided of a schedule at a moment. */
export interface Due {
  /** Is to begin, if it has not; null: nothing is. */
  readonly run: Run | null;
  /** Should have begun, the oldest first. */
  readonly missed: readonly Run[];
  /** Of `missed` not all are told one by one. */
  readonly more: boolean;
  readonly decidedUntilMs: number;
}

/**
 * What of a schedule should have begun since it was decided last. Of several runs only the last one may yet begin: the others it has taken
 * the place of. A clock that was put back is decided by anew from there; what has begun is known by its row. Pure.
 */
export function due(row: ScheduleRow, nowMs: number): Due {
  const { spec, decidedUntilMs } = row;
  if (row.paused || nowMs < decidedUntilMs)
    return { run: null, missed: [], more: false, decidedUntilMs: nowMs };
  const first = occurrences(spec, decidedUntilMs, nowMs, mostLookedFor);
  const more = first.length === mostLookedFor;
  const found = more ? lastOnes(spec, nowMs) : first;
  const last = found.at(-1);
  const begins = last !== undefined && mayBegin(row, last, nowMs);
  const missed = begins ? found.slice(0, -1) : found;
  return {
    run: begins ? newRun(row, last) : null,
    missed: missed.map((one) => ({
      ...newRun(row, one),
      outcome: 'missed',
      reason: whyMissed(row, one, nowMs),
    })),
    ...{ more, decidedUntilMs: found.length > 0 ? nowMs : decidedUntilMs },
  };
}

/** Those of the last hour, and the last one: what goes on now may have begun before. */
function lastOnes(spec: ScheduleSpec, nowMs: number): Occurrence[] {
  for (let backMs = lookedBackMs; ; backMs /= 2) {
    const found = occurrences(spec, nowMs - backMs, nowMs, mostLookedFor);
    if (found.length < mostLookedFor)
      return found.filter((one) => one.atMs > nowMs - hourMs || one === found.at(-1));
  }
}

function mayBegin({ spec }: ScheduleRow, { atMs, endsAtMs }: Occurrence, nowMs: number): boolean {
  if (endsAtMs !== null && endsAtMs <= nowMs) return false;
  // What would take away what has no end may have been missed too.
  const joins = endsAtMs !== null || spec.what.call === 'startBroadcast';
  return nowMs - atMs <= lateMs || (joins && lasts(spec.what) && spec.onMissed === 'join');
}

function whyMissed({ name, spec }: ScheduleRow, { endsAtMs }: Occurrence, nowMs: number): string {
  const why = 'the daemon, or its machine, did not run at its hour';
  if (endsAtMs !== null) return endsAtMs <= nowMs ? `${why}, and it would be over` : why;
  // The room may be as it was to be no longer: a person knows whether it still should be.
  return spec.what.call === 'control' ? `${why}; if it is still wanted: mirolive schedule run ${name}` : why;
}

/** A run that is to begin. */
export function newRun({ id, name, spec, maker }: ScheduleRow, { atMs, endsAtMs }: Occurrence): Run {
  const { room, what, priority } = spec;
  const how = { outcome: 'waiting', reason: null, put: null } as const;
  return { schedule: id, name, room, what, maker, priority, atMs, endsAtMs, ...how };
}

/** A run, and what is under way with it. */
export interface LiveRun {
  readonly run: Run;
  /** Something is being done with it that is not finished. */
  readonly busy: boolean;
  /** It is not tried before this moment, in ms since 1970. */
  readonly againMs: number;
  /** So often in a row it could not be put on air. */
  readonly failures: number;
  /** The clock has begun it, and no person; that is not known of what an earlier daemon left, before this daemon's clock is. */
  readonly byClock: boolean;
}

export type Step<R extends LiveRun = LiveRun> =
  | { readonly do: 'begin'; readonly of: R }
  /** What it has put there is to be taken away. */
  | { readonly do: 'end'; readonly of: R }
  /** The same for now: its slate would hide what has the room. */
  | { readonly do: 'yield'; readonly of: R; readonly reason: string }
  /** It has never been there, and is not to be any more. */
  | { readonly do: 'drop'; readonly of: R; readonly reason: string };

/** What is to be done with runs at a moment: in each room the one that wins is on air, the others wait below it. Pure. */
export function steps<R extends LiveRun>(runs: readonly R[], nowMs: number): Step<R>[] {
  return runs.flatMap((one): Step<R>[] => {
    const { run, busy, againMs } = one;
    if (busy || !isLive(run)) return [];
    const over = whyOver(one, runs, nowMs);
    if (over !== null) {
      if (run.outcome === 'waiting') return [{ do: 'drop', of: one, reason: run.reason ?? over }];
      // What comes in its place goes above it first, so that nobody sees a gap.
      const next = winner(run.room, runs, nowMs);
      const comes = next?.run.outcome === 'waiting' && (next.busy || next.againMs <= nowMs);
      return comes || againMs > nowMs ? [] : [{ do: 'end', of: one }];
    }
    const first = winner(run.room, runs, nowMs);
    const hides = run.put?.kind === 'slate' && first !== one && first?.run.outcome === 'running';
    if (run.outcome === 'running' && hides && againMs <= nowMs)
      return [{ do: 'yield', of: one, reason: `schedule ${first.run.name} has the room` }];
    const isNext = !lasts(run.what) || first === one;
    return run.outcome === 'waiting' && isNext && againMs <= nowMs ? [{ do: 'begin', of: one }] : [];
  });
}

/** What of it is to be over by now. Pure. */
export function overNow<R extends LiveRun>(runs: readonly R[], nowMs: number): R[] {
  return runs.filter((one) => whyOver(one, runs, nowMs) !== null);
}

/** When there is something to do again, if nothing happens before, in ms since 1970. */
export function nextStepMs(runs: readonly LiveRun[], nowMs: number): number {
  const moments = runs.flatMap(({ run, againMs }) => [run.endsAtMs ?? Number.POSITIVE_INFINITY, againMs]);
  return Math.min(...moments.filter((ms) => ms > nowMs), Number.POSITIVE_INFINITY);
}

/** Whether a run is to be over, at its end or since the next one of its schedule has come; null: it goes on. */
function whyOver(one: LiveRun, runs: readonly LiveRun[], nowMs: number): string | null {
  const { run } = one;
  if (run.endsAtMs !== null && run.endsAtMs <= nowMs) return 'it did not come to be on air before its end';
  if (!lasts(run.what) && nowMs - run.atMs > lateMs) return 'it would come too late';
  if (isAhead(one, nowMs)) return 'the clock was put back: it comes at its hour';
  const newer = runs.some(
    (other) =>
      other.run.schedule === run.schedule && other.run.atMs > run.atMs && !liesAhead(other.run, nowMs),
  );
  return newer ? 'its next run has come' : null;
}

/** Whether the clock was put back to long before a run that it had begun. */
export function isAhead({ run, byClock }: Pick<LiveRun, 'run' | 'byClock'>, nowMs: number): boolean {
  return byClock && liesAhead(run, nowMs);
}

/** By a clock that is wrong, or by one that was. */
export function liesAhead({ atMs }: Run, nowMs: number): boolean {
  return atMs - nowMs > mostAheadMs;
}

/** Of those that want a room the one that is to be seen; what could not be played keeps nobody off air until it is tried again. */
function winner<R extends LiveRun>(room: string, runs: readonly R[], nowMs: number): R | undefined {
  return runs
    .filter(({ run }) => run.room === room && lasts(run.what) && isLive(run))
    .filter((one) => whyOver(one, runs, nowMs) === null && !rests(one, nowMs))
    .toSorted(({ run: one }, { run: other }) => byPrecedence(rankOf(one), rankOf(other)))[0];
}

function rests({ run, busy, failures, againMs }: LiveRun, nowMs: number): boolean {
  return run.outcome === 'waiting' && failures > 0 && !busy && againMs > nowMs;
}

function rankOf({ name: schedule, priority, atMs }: Run): Ranked {
  return { schedule, priority, atMs };
}
