import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../contract/clock.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type {
  StateBackup,
  StateReport,
  StateRestore,
  StateRestorePlan,
} from '../../contract/state-report.ts';
import { asCaller, becomeOwnerOf, broughtIn, copyOut } from './as-owner.ts';
import { copyInto, damageOf, replaceDatabase, settle, unusedFile } from './database-files.ts';
import { makeState } from './make-state.ts';
import { migrate } from './migrations.ts';
import { notUndone } from './not-undone.ts';
import { roomsToBe, takeOffAir } from './off-air.ts';
import { PlaceLock } from './place-lock.ts';
import { banAgain } from './remembered-bans.ts';
import { revokeAgain } from './revocations.ts';
import { stateError } from './state-error.ts';
import {
  asideFile,
  backupAt,
  backupsIn,
  databaseFile,
  forgetLost,
  goneWords,
  isGone,
  lastGoodBackup,
  lookAt,
  lostState,
  makeBackup,
} from './state-files.ts';

const nobody = 'mirolive state';

function check(folder: string): StateReport {
  const file = databaseFile(folder);
  const found = isGone(folder)
    ? { ...lookAt(file), state: 'gone' as const, problem: goneWords }
    : lookAt(file);
  return { file, ...found, lost: lostState(folder), backups: backupsIn(folder) };
}

function backup(folder: string, target: string | undefined): StateBackup {
  const from = databaseFile(folder);
  const { state, problem } = lookAt(from);
  if (state !== 'ok')
    throw new MiroliveError(
      'STATE_UNAVAILABLE',
      `expected a state to copy, got ${problem ?? `none: ${from}`}`,
      {
        hint: 'See what there is: mirolive state check',
      },
    );
  if (target === undefined) {
    const lost = lostState(folder);
    // It would be the newest, and what is lost is to be had back from those before it.
    if (lost !== null)
      throw new MiroliveError(
        'STATE_LOST',
        `expected a state that is whole, got what is there since: ${lost}`,
        {
          hint: 'Restore a backup, or go on without it, first: mirolive state check; a copy of what is there: mirolive state backup FILE',
        },
      );
    return backupAt(makeBackup(folder, systemClock.wallMs()));
  }
  if (asCaller(folder, target, () => existsSync(target)))
    throw new MiroliveError('USAGE', `expected a file that is not there yet, got ${target}`);
  copyOut(folder, from, target);
  return asCaller(folder, target, () => backupAt(target));
}

/** Only while no daemon has the state: it holds in memory what would be another's. */
function locked<T>(folder: string, act: () => T): T {
  using _lock = PlaceLock.take(join(folder, 'state'), nobody);
  return act();
}

/** A backup that can be restored. */
interface Chosen extends Disposable {
  readonly from: string;
  /** Where it is read. */
  readonly path: string;
  readonly version: number;
}

function chosen(folder: string, given = 'latest'): Chosen {
  const from = given === 'latest' ? lastGoodBackup(folder) : given;
  if (from === null)
    throw new MiroliveError(
      'STATE_UNAVAILABLE',
      `expected a backup that can be read in ${join(folder, 'backups')}`,
      {
        hint: 'Name one: mirolive state restore FILE --yes',
      },
    );
  const source = broughtIn(folder, from, `${databaseFile(folder)}.given.new`);
  const { state, problem, version } = lookAt(source.path);
  if (state !== 'ok') {
    source[Symbol.dispose]();
    throw new MiroliveError(
      'STATE_UNAVAILABLE',
      `expected a state to restore, got ${problem ?? `no ${from}`}`,
      {
        hint: 'See which there are: mirolive state check',
      },
    );
  }
  return { from, version, ...source };
}

/** What a backup would put on air. */
function plan(folder: string, given: string | undefined): StateRestorePlan {
  using source = chosen(folder, given);
  return { from: source.from, onAir: knowsBroadcasts(source) ? roomsToBe(source.path) : [] };
}

/** Older ones know neither rooms nor what is to be on air. */
function knowsBroadcasts({ version }: { readonly version: number }): boolean {
  return version >= 4;
}

/** @param offAir nothing of it goes on air */
function restore(folder: string, given: string | undefined, offAir: boolean): StateRestore {
  const file = databaseFile(folder);
  using source = chosen(folder, given);
  const { from } = source;
  return locked(folder, () => {
    const fresh = unusedFile(`${file}.new`);
    copyInto(source.path, fresh);
    const revoked = broughtUpToDate(folder, fresh);
    const takenOff = offAir ? takeOffAir(fresh, systemClock.wallMs()) : [];
    const before = existsSync(file) ? asideFile(folder, 'before-restore', systemClock.wallMs()) : null;
    const { state, version } = lookAt(file);
    if (before !== null && state === 'ok') settle(file);
    const known =
      state === 'ok' && knowsBroadcasts({ version })
        ? notUndone(file, fresh, lostState(folder) === null, systemClock.wallMs())
        : { closed: [], onAir: [] };
    replaceDatabase(file, fresh, before);
    forgetLost(folder);
    return { from, file, setAside: before, revoked, ...known, takenOff };
  });
}

/** Gives how many keys of it are revoked again. */
function broughtUpToDate(folder: string, file: string): number {
  using database = new DatabaseSync(file);
  migrate(database);
  banAgain(folder, database);
  return revokeAgain(folder, database);
}

/** What is wrong with it, read whole; null: nothing. */
function damage(folder: string): string | null {
  using database = new DatabaseSync(databaseFile(folder), { readOnly: true, timeout: 2000 });
  return damageOf(database);
}

/** Goes on with what there is, or with an empty one: what was damaged, or is gone, is given up. */
function accept(folder: string): { readonly lost: string | null } {
  const lost = lostState(folder) ?? (isGone(folder) ? goneWords : null);
  if (isGone(folder)) locked(folder, () => makeState(folder, null));
  forgetLost(folder);
  return { lost };
}

/** `node main.js check|damage|backup|plan|restore|accept FOLDER [FILE [off-air]]`: one line of JSON, `{ result }` or `{ error }`. */
function main([what, folder = '', file, manner]: readonly string[]): unknown {
  const given = file === undefined || file === 'latest' ? file : resolve(file);
  switch (what) {
    case 'check':
      return check(folder);
    case 'backup':
      return backup(folder, given);
    case 'plan':
      return plan(folder, given);
    case 'restore':
      return restore(folder, given, manner === 'off-air');
    case 'damage':
      return damage(folder);
    default:
      return accept(folder);
  }
}

const [, , ...words] = process.argv;
const [, folder = ''] = words;
try {
  becomeOwnerOf(folder);
  process.stdout.write(`${JSON.stringify({ result: main(words) })}\n`);
} catch (thrown) {
  const error = asMiroliveError(stateError(thrown, databaseFile(folder)));
  const isHeld = error.message.includes('holds the state');
  const hint = isHeld ? 'End it first: systemctl stop mirolive, or kill its process' : error.hint;
  process.stdout.write(`${JSON.stringify({ error: { ...error.toJSON(), hint } })}\n`);
}
