import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../contract/clock.ts';
import type { Applied, AppliedBroadcast, ApplyPlan, Change } from '../../contract/event/change.ts';
import type { Declared } from '../../contract/event/declared.ts';
import { refuseApply } from '../../contract/event/refuse-apply.ts';
import type { Principal } from '../../contract/principal.ts';
import { writeKey } from '../publishers/keys/key-table.ts';
import type { Settings } from '../rooms/settings.ts';
import type { ScheduleChange, Schedules } from '../schedule/schedules.ts';
import type { Deed } from '../state/audit-log.ts';
import { writePlaylist } from '../state/playlists.ts';
import { writeRoomSettings } from '../state/room-settings.ts';
import { removeSchedule, writeSchedule } from '../state/schedules.ts';
import { applyBroadcasts, type BroadcastDesk } from './broadcasts.ts';
import type { Current } from './current.ts';
import { declaredOf } from './declared-of.ts';
import { keyRecords } from './key-records.ts';
import { type LookOptions, look } from './look.ts';
import { planApply } from './plan-apply.ts';

export interface ApplyingOptions extends LookOptions {
  readonly desk: LookOptions['desk'] & BroadcastDesk;
  readonly settings: LookOptions['settings'] & Pick<Settings, 'takeUp'>;
  /** What is to happen at its hour. */
  readonly schedules: LookOptions['schedules'] & Pick<Schedules, 'takeUp'>;
  readonly clock: Clock;
  readonly tell: (deed: Deed) => void;
}

/** How a file is applied. */
export interface ApplyManner {
  /** Removes what the file applied before and does not have any more. */
  readonly prune: boolean;
  /** Though somebody is taken off air, or something taken over. */
  readonly yes: boolean;
  /** Until each broadcast that is begun has been seen. */
  readonly wait: boolean;
}

/** So much of a change is kept in the audit log. */
const [maxFields, maxWords] = [20, 200];

/** Brings what there is to what event files declare, one file after the other. */
export class Applying {
  readonly #options: ApplyingOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ApplyingOptions) {
    this.#options = options;
  }

  /** What it would do now. @throws MiroliveError STATE_UNAVAILABLE */
  plan(declared: Declared, prune: boolean): ApplyPlan {
    return planApply(declared, look(this.#options), prune);
  }

  /** What there is, as a file would declare it. @param file only what the one of this name applied; null: all @throws MiroliveError STATE_UNAVAILABLE */
  declared(file: string | null): Declared {
    return declaredOf(look(this.#options), file);
  }

  /**
   * Writes all of it in one transaction; broadcasts follow, and one that fails is told.
   *
   * @throws MiroliveError INVALID_EVENT, APPLY_REFUSED, STATE_UNAVAILABLE: then nothing was changed
   */
  apply(declared: Declared, manner: ApplyManner, who: Principal): Promise<Applied> {
    const written = this.#last.then(() => this.#write(declared, manner, who));
    const done = written.then(async ({ plan, current }) => {
      const { desk, tell } = this.#options;
      const broadcasts = await applyBroadcasts(desk, { plan, declared, current, wait: manner.wait });
      for (const failed of broadcasts) if (failed.state === 'failed') tell(failure(failed, declared, who));
      return { ...plan, broadcasts };
    });
    this.#last = done.catch(() => {});
    return done;
  }

  #write(declared: Declared, manner: ApplyManner, who: Principal): { plan: ApplyPlan; current: Current } {
    const { publishing, settings, schedules, clock } = this.#options;
    const { store, keys } = publishing;
    const current = look(this.#options);
    const plan = planApply(declared, current, manner.prune);
    refuseApply(plan, manner.yes);
    if (plan.changes.length === 0) return { plan, current };
    const nowMs = clock.wallMs();
    const records = keyRecords(plan.changes, declared, keys.records(), nowMs);
    store.change(
      plan.changes.map((change) => deedOf(change, declared, { who, current })),
      (database) => {
        for (const change of plan.changes) writeChange(database, change, declared, who, nowMs);
        for (const record of records) writeKey(database, record);
      },
    );
    keys.takeUp(records);
    settings.takeUp();
    const changed = plan.changes.flatMap((change) => scheduleChange(change, declared, current) ?? []);
    if (changed.length > 0) schedules.takeUp(changed);
    return { plan, current };
  }
}

/** Rows of keys have ids, and are written besides; broadcasts write down themselves. */
function writeChange(
  database: DatabaseSync,
  change: Change,
  declared: Declared,
  maker: Principal,
  nowMs: number,
): void {
  const { what, name, act } = change;
  const isGone = act === 'remove';
  const { rooms, playlists, schedules } = declared;
  if (what === 'room')
    writeRoomSettings(database, name, isGone ? null : (rooms[name] ?? null), declared.name, nowMs);
  if (what === 'playlist')
    writePlaylist(database, name, isGone ? null : (playlists[name] ?? null), declared.name, nowMs);
  if (what !== 'schedule') return;
  const schedule = schedules[name];
  if (isGone || !schedule) return void removeSchedule(database, name);
  const { paused, ...spec } = schedule;
  writeSchedule(database, { name, spec, maker, paused }, declared.name, nowMs);
}

/** null: it is none of a schedule. */
function scheduleChange(change: Change, declared: Declared, current: Current): ScheduleChange | null {
  const { what, name, act } = change;
  const room = roomOf(change, declared, current);
  if (what !== 'schedule' || room === undefined) return null;
  const words = { create: 'added', remove: 'removed' } as const;
  return { room, schedule: name, what: act === 'create' || act === 'remove' ? words[act] : 'changed' };
}

function roomOf({ what, name, act }: Change, { schedules }: Declared, current: Current): string | undefined {
  if (what === 'schedule')
    return (act === 'remove' ? current.schedules.get(name)?.is : schedules[name])?.room;
  return what === 'playlist' ? undefined : name.split('/')[0];
}

function deedOf(
  change: Change,
  declared: Declared,
  { who, current }: { readonly who: Principal; readonly current: Current },
): Deed {
  const { what, name, act, fields } = change;
  const { name: file } = declared;
  const room = roomOf(change, declared, current);
  const changed = fields
    .slice(0, maxFields)
    .map(({ path, before, after }) =>
      `${path}: ${before ?? 'not set'} → ${after ?? 'not set'}`.slice(0, maxWords),
    );
  return { who, what: `apply.${what}`, subject: name, room: room ?? null, details: { file, act, changed } };
}

function failure({ room, reason }: AppliedBroadcast, { name: file }: Declared, who: Principal): Deed {
  return { who, what: 'apply.broadcast', subject: room, room, result: 'failed', details: { file, reason } };
}
