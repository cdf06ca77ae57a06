import { createHash } from 'node:crypto';
import { type Clock, every, type Timer } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import { daypartName, daypartSpec } from '../../contract/daypart-schedule.ts';
import type { Daypart } from '../../contract/dayparts.ts';
import { asMiroliveError, type MiroliveError } from '../../contract/errors.ts';
import { occurrences } from '../../contract/schedule/occurrences.ts';
import type { ScheduleSpec } from '../../contract/schedule.ts';
import type { Health } from '../health.ts';
import { daypartSource } from '../rooms/fallback-sources.ts';
import type { ScheduleRow } from '../state/schedules.ts';

/** Playlists of dayparts are read again so often, in ms. */
const readEveryMs = 300_000;
/** No part is longer, in ms: that of a whole day on which an hour comes twice. */
const longestMs = 25 * 3_600_000;

export interface DaypartRowsOptions {
  readonly config: Pick<Config, 'rooms'>;
  readonly clock: Clock;
  readonly health: Pick<Health, 'lost' | 'found'>;
  /** This machine's zone. */
  readonly zone: string;
  /** Whoever plays them knows which it has begun. */
  readonly onRead: (rows: readonly ScheduleRow[]) => void;
}

/** What rooms play at which time of the day, as schedules that are in no state: the configuration and the settings of rooms have them. */
export class DaypartRows {
  readonly #options: DaypartRowsOptions;
  #rows: readonly ScheduleRow[] = [];
  #reads = 0;
  #missing = new Map<string, number>();
  readonly #timer: Timer;

  constructor(options: DaypartRowsOptions) {
    this.#options = options;
    this.#timer = every(options.clock, readEveryMs, () => void this.read());
  }

  /** Takes up what rooms are to play now. A later call outdates this one. */
  async read(): Promise<void> {
    const { config, zone, clock, onRead } = this.#options;
    const read = ++this.#reads;
    const parts = Object.entries(config.rooms).flatMap(([room, { dayparts }]) =>
      dayparts.parts.map((part) => ({ room, part, zone: dayparts.zone ?? zone })),
    );
    const found = await Promise.all(parts.map((one) => this.#row(one)));
    if (read !== this.#reads) return;
    this.#tell(found.flatMap(({ room, error }) => (error ? [{ room, error }] : [])));
    if (found.length === 0 && this.#rows.length === 0) return;
    const nowMs = clock.wallMs();
    this.#rows = found.flatMap(({ row }) => row ?? []).map((row) => goingOn(row, nowMs));
    onRead(this.#rows);
  }

  close(): void {
    this.#reads++;
    this.#timer.cancel();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #row({ room, part, zone }: { room: string; part: Daypart; zone: string }): Promise<{
    readonly room: string;
    readonly row?: ScheduleRow;
    readonly error?: MiroliveError;
  }> {
    const id = daypartId(room, part, zone);
    try {
      const spec = daypartSpec(room, part, zone, await daypartSource(part.source));
      return { room, row: daypartRow(id, daypartName(part), spec) };
    } catch (error) {
      // What was read last is better than nothing.
      const row = this.#rows.find((one) => one.id === id);
      return { room, ...(row && { row }), error: asMiroliveError(error) };
    }
  }

  #tell(problems: readonly { readonly room: string; readonly error: MiroliveError }[]): void {
    const { health } = this.#options;
    const byRoom = Map.groupBy(problems, ({ room }) => room);
    for (const room of this.#missing.keys()) if (!byRoom.has(room)) health.found(partOf(room));
    const before = this.#missing;
    this.#missing = new Map([...byRoom.keys()].map((room) => [room, (before.get(room) ?? 0) + 1]));
    for (const [room, found] of byRoom) {
      const reason = found.map(({ error }) => error.message).join('; ');
      health.lost(partOf(room), { reason, failures: this.#missing.get(room) ?? 1, nextTryMs: readEveryMs });
    }
  }
}

function partOf(room: string): string {
  return `dayparts of room ${room}`;
}

/** The same for the same part after a restart: that it has begun is remembered by it. */
export function daypartId(room: string, part: Daypart, zone: string): string {
  const hash = createHash('sha256').update(JSON.stringify([room, part, zone]));
  return `d-${hash.digest('hex').slice(0, 20)}`;
}

/** A part of the day as a schedule that nobody has paused. */
export function daypartRow(id: string, name: string, spec: ScheduleSpec): ScheduleRow {
  const times = { createdAtMs: 0, decidedUntilMs: 0 };
  return { id, name, spec, maker: { kind: 'daemon' }, paused: false, appliedBy: null, ...times };
}

/** A part that is new begins in its midst where it would be on air now. */
function goingOn(row: ScheduleRow, nowMs: number): ScheduleRow {
  const now = occurrences(row.spec, nowMs - longestMs, nowMs, 100).findLast(
    ({ endsAtMs }) => endsAtMs !== null && endsAtMs > nowMs,
  );
  return { ...row, decidedUntilMs: now ? now.atMs - 1 : nowMs };
}
