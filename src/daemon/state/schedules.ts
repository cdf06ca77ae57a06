import type { DatabaseSync } from 'node:sqlite';
import { newId } from '../../contract/ids.ts';
import type { Principal } from '../../contract/principal.ts';
import { type ScheduleSpec, scheduleSpec } from '../../contract/schedule.ts';
import { issueSentence } from '../../contract/schema-words.ts';

/** A schedule as the state has it. */
export interface ScheduleRow {
  readonly id: string;
  readonly name: string;
  readonly spec: ScheduleSpec;
  /** Whose rights its runs have. */
  readonly maker: Principal;
  readonly paused: boolean;
  /** The name of the event file that declared it; null: none did. */
  readonly appliedBy: string | null;
  readonly createdAtMs: number;
  /** What was to begin by then is decided. */
  readonly decidedUntilMs: number;
}

/** What somebody wants of a schedule. */
export interface WantedSchedule {
  readonly name: string;
  readonly spec: ScheduleSpec;
  readonly maker: Principal;
  /** Without it that stays as it is; a new one is not. */
  readonly paused?: boolean | undefined;
}

/** One that is there and cannot be read, such as that of a newer version. */
export interface UnreadSchedule {
  readonly name: string;
  /** Why, one clause. */
  readonly problem: string;
}

/** All that can be read, by their names; what cannot stays. */
export function readSchedules(database: DatabaseSync): ScheduleRow[] {
  return readAllSchedules(database).rows;
}

/** What schedules say, by their ids: read once, it is the same object for as long as its text is the same. */
export type KnownSpecs = Map<string, { readonly text: string; readonly spec: ScheduleSpec }>;

/** All that there are, by their names. @param known what was read before; what is read is added */
export function readAllSchedules(
  database: DatabaseSync,
  known: KnownSpecs = new Map(),
): {
  readonly rows: ScheduleRow[];
  readonly unread: UnreadSchedule[];
} {
  const rows = database.prepare(`SELECT ${columns} FROM schedules ORDER BY name`).all();
  const all = rows.map((row) => asSchedule(row, known));
  return {
    rows: all.flatMap((one) => ('problem' in one ? [] : one)),
    unread: all.flatMap((one) => ('problem' in one ? one : [])),
  };
}

/** null: there is none of this name that can be read. */
export function readSchedule(database: DatabaseSync, name: string): ScheduleRow | null {
  const row = database.prepare(`SELECT ${columns} FROM schedules WHERE name = ?`).get(name);
  const read = row && asSchedule(row, new Map());
  return read && !('problem' in read) ? read : null;
}

/**
 * Writes a schedule, new or in the place of the one of its name, in an open transaction. What was to begin before is of the past; a run that
 * goes on stays as it began.
 */
export function writeSchedule(
  database: DatabaseSync,
  { name, spec, maker, paused }: WantedSchedule,
  appliedBy: string | null,
  nowMs: number,
): void {
  database
    .prepare(
      `INSERT INTO schedules (id, name, spec, maker, paused, applied_by, created_at, decided_until)
       VALUES ($id, $name, $spec, $maker, COALESCE($paused, 0), $appliedBy, $now, $now)
       ON CONFLICT (name) DO UPDATE SET
         spec = excluded.spec, maker = excluded.maker, applied_by = excluded.applied_by,
         decided_until = excluded.decided_until, paused = COALESCE($paused, paused)`,
    )
    .run({
      ...{ $id: newId('s'), $name: name, $spec: JSON.stringify(spec), $maker: JSON.stringify(maker) },
      ...{ $paused: paused === undefined ? null : Number(paused), $appliedBy: appliedBy, $now: nowMs },
    });
}

/** Whether there was one; its runs are forgotten with it. A run that goes on ends at its time. */
export function removeSchedule(database: DatabaseSync, name: string): boolean {
  const { changes } = database.prepare('DELETE FROM schedules WHERE name = ?').run(name);
  database.exec(
    `DELETE FROM schedule_runs
     WHERE outcome NOT IN ('waiting', 'running') AND schedule NOT LIKE 'd-%'
       AND schedule NOT IN (SELECT id FROM schedules)`,
  );
  return Number(changes) > 0;
}

/** What comes while a schedule is paused is of the past when it is no longer. */
export function pauseSchedule(database: DatabaseSync, name: string, paused: boolean, nowMs: number): void {
  database
    .prepare('UPDATE schedules SET paused = ?, decided_until = ? WHERE name = ?')
    .run(Number(paused), nowMs, name);
}

/** What was to begin by a moment is decided. */
export function decideUntil(database: DatabaseSync, id: string, untilMs: number): void {
  database.prepare('UPDATE schedules SET decided_until = ? WHERE id = ?').run(untilMs, id);
}

const columns =
  'id, name, spec, maker, paused, applied_by AS appliedBy, created_at AS createdAtMs, decided_until AS decidedUntilMs';

function asSchedule(row: Record<string, unknown>, known: KnownSpecs): ScheduleRow | UnreadSchedule {
  const { maker, paused, appliedBy, createdAtMs, decidedUntilMs } = row;
  const [id, name, text] = [String(row.id), String(row.name), String(row.spec)];
  try {
    const before = known.get(id);
    const spec = before?.text === text ? before.spec : asSpec(text);
    if ('problem' in spec) return { name, ...spec };
    known.set(id, { text, spec });
    return {
      ...{ id, name, spec, maker: JSON.parse(String(maker)) as Principal },
      ...{ paused: paused === 1, appliedBy: appliedBy === null ? null : String(appliedBy) },
      ...{ createdAtMs: Number(createdAtMs), decidedUntilMs: Number(decidedUntilMs) },
    };
  } catch (error) {
    return { name, problem: (error as Error).message };
  }
}

function asSpec(text: string): ScheduleSpec | Pick<UnreadSchedule, 'problem'> {
  const written: unknown = JSON.parse(text);
  const { data, error } = scheduleSpec.safeParse(written);
  const [issue] = error?.issues ?? [];
  return data ?? { problem: issue ? issueSentence(issue, written) : 'it is not known why' };
}
