import { isDeepStrictEqual } from 'node:util';
import { MiroliveError } from '../../contract/errors.ts';
import { nearest } from '../../contract/nearest.ts';
import type { ChangedKey } from '../../contract/reloaded.ts';
import type { RoomWords } from '../../contract/room-config.ts';
import {
  givenKeys,
  type RoomSetting,
  roomKeys,
  type SettingProblem,
  withKey,
  withoutKey,
} from '../../contract/room-settings.ts';
import { shown } from '../../contract/schema-words.ts';
import { withoutSecretsIn } from '../../contract/source-words.ts';
import { roomKeyHolds } from '../live-config.ts';

/** What somebody gave is told no longer than this, in characters. */
const maxTold = 200;

/**
 * What is set of a room after a change.
 *
 * @param set null: nothing any more
 * @throws MiroliveError INVALID_REQUEST where a key that is to be unset is unknown
 */
export function changedWords(before: RoomWords, set: RoomWords | null, unset: readonly string[]): RoomWords {
  if (set === null) return {};
  const sections = roomKeys.map((key) => key.split('.')[0] ?? '');
  const known = new Set([...roomKeys, ...sections, ...givenKeys(before)]);
  const unknown = unset.find((key) => !known.has(key));
  if (unknown !== undefined) {
    const meant = nearest(unknown, [...known]);
    const words = meant === undefined ? '' : `; did you mean ${meant}?`;
    throw new MiroliveError('INVALID_REQUEST', `unknown key ${unknown}${words}`);
  }
  const left = unset.reduce(withoutKey, before);
  return Object.entries(set).reduce((words, [key, value]) => withKey(words, key, value), left);
}

/** Which keys have another value, or have it from elsewhere, and from when on it holds. */
export function changedKeys(before: readonly RoomSetting[], after: readonly RoomSetting[]): ChangedKey[] {
  return after
    .filter((one, place) => !isDeepStrictEqual(one, before[place]))
    .map(({ key }) => ({ key, holds: roomKeyHolds(key) }));
}

/** That settings are refused. */
export function invalid(room: string, problems: readonly SettingProblem[]): MiroliveError {
  const messages = new Set(problems.map(({ message }) => message));
  return new MiroliveError('INVALID_REQUEST', [...messages].join('; '), {
    hint: `See what there is: mirolive rooms show ${room}`,
  });
}

/** Settings as the audit log may have them: no password, no header. */
export function told(set: RoomWords): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(set).map(([key, value]) => {
      if (typeof value === 'string') return [key, withoutSecretsIn(value).slice(0, maxTold)];
      return [key, typeof value === 'object' && value !== null ? shown(value) : value];
    }),
  );
}
