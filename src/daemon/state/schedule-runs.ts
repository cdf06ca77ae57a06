import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { isLive, type Run, run } from '../schedule/run.ts';

/** How so many runs of each schedule were is remembered, the newest. */
const knownRuns = 50;
/** That older ones were begun is remembered so long, in ms: a clock that is put back by no more has nothing begun again. */
const rememberedMs = 31 * 86_400_000;

/** What is to be on air, or is, as an earlier daemon left it. @param unread hears of each that cannot be read: it stays */
export function readLiveRuns(
  database: DatabaseSync,
  unread: (run: { readonly schedule: string; readonly atMs: number }) => void = () => {},
): Run[] {
  const rows = database
    .prepare(
      "SELECT schedule, at, details FROM schedule_runs WHERE outcome IN ('waiting', 'running') ORDER BY at",
    )
    .all();
  return rows.flatMap(({ schedule, at, details }) => {
    const live = read(run, details);
    if (live === null) unread({ schedule: String(schedule), atMs: Number(at) });
    return live ?? [];
  });
}

/** How a run was, or is. */
const lastRun = z.object(run.pick({ atMs: true, endsAtMs: true, outcome: true, reason: true }).shape);
export type LastRun = z.infer<typeof lastRun>;

/** The newest run of a schedule; null: there was none. */
export function readLastRun(database: DatabaseSync, schedule: string): LastRun | null {
  const row = database
    .prepare(
      `SELECT details FROM schedule_runs WHERE schedule = ? AND details <> ''
       ORDER BY outcome = 'missed', at DESC LIMIT 1`,
    )
    .get(schedule);
  return row ? read(lastRun, row.details) : null;
}

/**
 * Writes down that a run begins, in an open transaction, before it does. False: it was there before, and is not to be begun again; one that
 * was only told as missed is.
 */
export function claimRun(database: DatabaseSync, claimed: Run): boolean {
  const { schedule, atMs, outcome } = claimed;
  const { changes } = database
    .prepare(
      `INSERT INTO schedule_runs (schedule, at, outcome, details) VALUES (?, ?, ?, ?)
       ON CONFLICT (schedule, at) DO UPDATE SET outcome = excluded.outcome, details = excluded.details
       WHERE outcome = 'missed' AND excluded.outcome <> 'missed'`,
    )
    .run(schedule, atMs, outcome, detailsOf(claimed));
  if (Number(changes) === 0) return false;
  forgetRuns(database, schedule, atMs);
  return true;
}

/** With each run that comes one more is only known to have begun, and what is long past is forgotten; what goes on is neither. */
function forgetRuns(database: DatabaseSync, schedule: string, nowMs: number): void {
  const over = "outcome NOT IN ('waiting', 'running')";
  const oldest = `(SELECT at FROM schedule_runs WHERE schedule = ?1 ORDER BY at DESC LIMIT 1 OFFSET ${knownRuns})`;
  database
    .prepare(`UPDATE schedule_runs SET details = '' WHERE schedule = ?1 AND at = ${oldest} AND ${over}`)
    .run(schedule);
  database
    .prepare(`DELETE FROM schedule_runs WHERE schedule = ?1 AND at < ?2 AND at <= ${oldest} AND ${over}`)
    .run(schedule, nowMs - rememberedMs);
}

/** How a run goes on; that it has begun too, where that could not be written. */
export function writeRun(database: DatabaseSync, written: Run): void {
  const { schedule, atMs, outcome } = written;
  database
    .prepare(
      `INSERT INTO schedule_runs (schedule, at, outcome, details) VALUES (?, ?, ?, ?)
       ON CONFLICT (schedule, at) DO UPDATE SET outcome = excluded.outcome, details = excluded.details`,
    )
    .run(schedule, atMs, outcome, detailsOf(written));
}

/** What is over is not begun again: nobody needs what it played, which may be a list of thousands. */
function detailsOf(written: Run): string {
  const { atMs, endsAtMs, outcome, reason } = written;
  return JSON.stringify(isLive(written) ? written : { atMs, endsAtMs, outcome, reason });
}

function read<T>(schema: z.ZodType<T>, details: unknown): T | null {
  try {
    return schema.safeParse(JSON.parse(String(details))).data ?? null;
  } catch {
    return null;
  }
}
