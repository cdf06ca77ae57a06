import { DatabaseSync } from 'node:sqlite';
import type { RoomConfig } from '../../contract/room-config.ts';
import type { StateRestore } from '../../contract/state-report.ts';
import { onAirIn } from './off-air.ts';
import { type RoomSettingsRow, readRoomSettings, writeRoomSettings } from './room-settings.ts';

type Access = RoomConfig['access'];

/**
 * What has been wanted since a backup was made, and a restore would undo to somebody's surprise: a room that is shut stays so, a watch link is
 * used as often as it was; what goes on air again is told.
 *
 * @param before what was there, which can be read
 * @param fresh what takes its place, up to date
 * @param whole `before` is all that there was: else it began anew, and what it does not say is not known
 */
export function notUndone(
  before: string,
  fresh: string,
  whole: boolean,
  nowMs: number,
): Pick<StateRestore, 'closed' | 'onAir'> {
  using was = new DatabaseSync(before, { readOnly: true, timeout: 2000 });
  using is = new DatabaseSync(fresh);
  const rooms = readRoomSettings(is);
  const closed = shutAgain(readRoomSettings(was), rooms, whole);
  for (const { name, settings, appliedBy } of closed) writeRoomSettings(is, name, settings, appliedBy, nowMs);
  spendAgain(was, is);
  return {
    closed: closed.map(({ name }) => name),
    onAir: onAirIn(is).filter((room) => !onAirIn(was).includes(room)),
  };
}

/** A link that was for one may be spent by now. */
function spendAgain(was: DatabaseSync, is: DatabaseSync): void {
  // It may be of a version that knew no links.
  if (!was.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'links'").get()) return;
  const raise = is.prepare('UPDATE links SET uses = ?1, last_used_at = ?2 WHERE id = ?3 AND uses < ?1');
  is.exec('BEGIN');
  for (const row of was.prepare('SELECT id, uses, last_used_at AS at FROM links WHERE uses > 0').all())
    raise.run(Number(row.uses), row.at ?? null, String(row.id));
  is.exec('COMMIT');
}

/** Rooms of a backup that it would open though nobody wants them open any more, as they are to be. Pure. */
export function shutAgain(
  before: readonly RoomSettingsRow[],
  backup: readonly RoomSettingsRow[],
  whole: boolean,
): RoomSettingsRow[] {
  const accessIn = (rows: readonly RoomSettingsRow[], room: string) =>
    rows.find(({ name }) => name === room)?.settings?.access as Access | undefined;
  const names = new Set([...before, ...backup].map(({ name }) => name));
  return [...names].flatMap((name): RoomSettingsRow[] => {
    const row = backup.find((one) => one.name === name);
    // One that was made and has been deleted since is open to nobody: no file says how it is to be.
    const isGone = whole && row?.made === true && !before.some((one) => one.name === name);
    const [wanted, then] = [isGone ? ('closed' as const) : accessIn(before, name), accessIn(backup, name)];
    if (!lets(then, wanted, whole)) return [];
    const { access: _, ...others } = row?.settings ?? {};
    const settings = wanted === undefined ? others : { ...others, access: wanted };
    const isEmpty = Object.keys(settings).length === 0;
    const { appliedBy = null, made = false } = row ?? {};
    return [{ name, settings: isEmpty ? null : settings, appliedBy, changedAtMs: 0, made }];
  });
}

/** How many people each access lets in. */
const width = { closed: 0, link: 1, open: 2 } as const;

/** Whether what was set then lets in more than what is wanted. What is not set is as the configuration says: nobody knows here how. */
function lets(then: Access | undefined, wanted: Access | undefined, whole: boolean): boolean {
  if (wanted === undefined) return whole && then !== undefined && then !== 'closed';
  return then === undefined ? wanted !== 'open' : width[then] > width[wanted];
}
