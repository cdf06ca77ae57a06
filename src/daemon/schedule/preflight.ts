import { type Clock, every, type Timer } from '../../contract/clock.ts';
import { asMiroliveError } from '../../contract/errors.ts';
import { lasts, type Occurrence, type ScheduleSpec } from '../../contract/schedule.ts';
import type { NewEvent } from '../event-hub.ts';
import type { Health } from '../health.ts';
import type { ScheduleRow } from '../state/schedules.ts';

/** It is looked at again so often, in ms, until the run: what was well may go. */
const lookEveryMs = 60_000;
/** What costs somebody something to be opened is looked at when it is near, once more this long before its hour, in ms, and else only while something is wrong. */
const lastLookMs = 150_000;

type Scheduled = Pick<ScheduleRow, 'id' | 'name' | 'spec' | 'paused'>;

/** A run that is looked at ahead of its hour. */
export interface Ahead {
  readonly row: Scheduled;
  readonly atMs: number;
}

/** Which runs are so near that what they need is looked at. Pure. @param next the next run of a schedule */
export function runsAhead<R extends Scheduled>(
  rows: readonly R[],
  nowMs: number,
  next: (row: R) => Pick<Occurrence, 'atMs'> | null,
): Ahead[] {
  return rows.flatMap((row) => {
    const { paused, spec } = row;
    if (paused || !lasts(spec.what)) return [];
    const coming = next(row);
    return coming && coming.atMs - nowMs <= spec.preflightMs ? [{ row, atMs: coming.atMs }] : [];
  });
}

/** What is known of the looks at a run. */
interface Looked {
  readonly atMs: number;
  /** How long before its hour the last one was, in ms. */
  readonly leftMs: number;
}

/** Whether a run is looked at now. Pure. @param leftMs until its hour @param before the last look at this run; null: there was none */
export function isLookDue(
  leftMs: number,
  before: Pick<Looked, 'leftMs'> | null,
  { isCostly, isTroubled }: { readonly isCostly: boolean; readonly isTroubled: boolean },
): boolean {
  if (before === null || !isCostly || isTroubled) return true;
  return leftMs <= lastLookMs && before.leftMs > lastLookMs;
}

export interface PreflightOptions {
  readonly clock: Clock;
  readonly health: Pick<Health, 'lost' | 'found'>;
  readonly announce: (event: NewEvent) => void;
  /** The runs that are near now. */
  readonly ahead: (nowMs: number) => readonly Ahead[];
  /** @throws MiroliveError what would keep it off air */
  readonly inspect: (spec: ScheduleSpec) => Promise<void>;
  /** Whether its source is somebody else's, who has a connection more by each look. */
  readonly isCostly: (spec: ScheduleSpec) => boolean;
}

interface Trouble {
  /** What it is called in health: parts of the day have the same names in many rooms. */
  readonly part: string;
  readonly atMs: number;
  readonly reason: string;
  readonly failures: number;
}

/** Looks before each run whether it would be on air, and tells while there is time to act. */
export class Preflight {
  readonly #options: PreflightOptions;
  /** By the schedules' ids. */
  readonly #troubles = new Map<string, Trouble>();
  readonly #looked = new Map<string, Looked>();
  /** Schedules that are being looked at: what hangs is not asked twice. */
  readonly #looking = new Set<string>();
  readonly #timer: Timer;
  #closed = false;

  constructor(options: PreflightOptions) {
    this.#options = options;
    this.#timer = every(options.clock, lookEveryMs, () => void this.look());
  }

  /** Looks at all runs that are near; resolves when it is known how they are. */
  async look(): Promise<void> {
    const { ahead, clock } = this.#options;
    const nowMs = clock.wallMs();
    const near = ahead(nowMs);
    const isNear = (id: string) => near.some(({ row }) => row.id === id);
    for (const id of this.#troubles.keys()) if (!isNear(id)) this.#forget(id);
    for (const id of this.#looked.keys()) if (!isNear(id)) this.#looked.delete(id);
    await Promise.all(near.map((one) => this.#mayLookAt(one, one.atMs - nowMs)));
  }

  close(): void {
    this.#closed = true;
    this.#timer.cancel();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #mayLookAt(run: Ahead, leftMs: number): Promise<void> {
    const { atMs, row } = run;
    const { id, spec } = row;
    const looked = this.#looked.get(id);
    const before = looked?.atMs === atMs ? looked : null;
    const how = { isCostly: this.#options.isCostly(spec), isTroubled: this.#troubles.has(id) };
    if (this.#looking.has(id) || !isLookDue(leftMs, before, how)) return;
    this.#looked.set(id, { atMs, leftMs });
    await this.#lookAt(run);
  }

  async #lookAt(run: Ahead): Promise<void> {
    const { id, spec } = run.row;
    this.#looking.add(id);
    try {
      await this.#options.inspect(spec);
      if (!this.#closed) this.#well(run);
    } catch (error) {
      if (!this.#closed) this.#tell(run, error);
    } finally {
      this.#looking.delete(id);
    }
  }

  #tell({ row: { id, name, spec }, atMs }: Ahead, error: unknown): void {
    const { health, announce, clock } = this.#options;
    const { message: reason, hint } = asMiroliveError(error);
    const before = this.#troubles.get(id);
    const failures = (before?.failures ?? 0) + 1;
    const part = id.startsWith('d-') ? `schedule ${name} of room ${spec.room}` : `schedule ${name}`;
    this.#troubles.set(id, { part, atMs, reason, failures });
    health.lost(part, { reason, failures, nextTryMs: lookEveryMs });
    if (before?.atMs === atMs && before.reason === reason) return;
    const leftMs = Math.max(0, atMs - clock.wallMs());
    const run = new Date(atMs).toISOString();
    announce({ type: 'schedule.trouble', room: spec.room, schedule: name, run, reason, hint, leftMs });
  }

  #well({ row: { id, name, spec }, atMs }: Ahead): void {
    if (!this.#troubles.has(id)) return;
    this.#forget(id);
    const run = new Date(atMs).toISOString();
    this.#options.announce({ type: 'schedule.well', room: spec.room, schedule: name, run });
  }

  /** It is well again, or its hour has come. */
  #forget(id: string): void {
    const { part } = this.#troubles.get(id) ?? {};
    this.#troubles.delete(id);
    if (part) this.#options.health.found(part);
  }
}
