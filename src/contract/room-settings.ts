import type { z } from 'zod';
import type { Config } from './config.ts';
import type { ConfigFile } from './config-file.ts';
import { keySuggestion } from './key-suggestion.ts';
import { type RoomConfig, type RoomWords, roomSection } from './room-config.ts';
import { childOf, defaultOf, keysAt } from './schema-keys.ts';
import { expectedAndGot, type Issue, valueAt } from './schema-words.ts';

/** A setting that does not hold, since it is wrong. */
export interface SettingProblem {
  /** Such as `slate.text`. */
  readonly key: string;
  /** One sentence with the key. */
  readonly message: string;
}

/** A room's configuration with what was set over it. */
export interface LaidRoom {
  readonly config: RoomConfig;
  /** What was set and is left out: it is wrong, since another version set it, or the file has changed below it. */
  readonly problems: readonly SettingProblem[];
}

/** A setting that holds, and where it comes from. */
export interface RoomSetting {
  readonly key: string;
  readonly value: unknown;
  readonly from: 'default' | 'file' | 'set';
  /** What the file says where something else was set; undefined: nothing. */
  readonly file?: unknown;
}

/** Each key that a room may have, such as `hold` and `slate.text`. */
export const roomKeys: readonly string[] = leavesOf([]);

/** The rooms of a configuration file with what was set over it, key by key. @param set by the names of rooms */
export function withSettings(
  { config, rooms }: ConfigFile,
  set: ReadonlyMap<string, RoomWords>,
): { readonly rooms: Config['rooms']; readonly problems: ReadonlyMap<string, readonly SettingProblem[]> } {
  const laid = new Map([...set].map(([name, words]) => [name, laidRoom(wordsOf(rooms, name), words)]));
  const changed = [...laid].map(([name, room]) => [name, room.config] as const);
  const wrong = [...laid].filter(([, { problems }]) => problems.length > 0);
  return {
    rooms: { ...config.rooms, ...Object.fromEntries(changed) },
    problems: new Map(wrong.map(([name, { problems }]) => [name, problems])),
  };
}

/** One room: what was set and is wrong leaves to the file what it says. */
export function laidRoom(file: RoomWords, set: RoomWords): LaidRoom {
  const words = merged(file, set);
  const { data, error } = roomSection.safeParse(words);
  if (data) return { config: data, problems: [] };
  const problems = wrongIn(givenKeys(set), error.issues, words);
  if (problems.length === 0) throw error;
  const rest = laidRoom(
    file,
    problems.reduce((left, { key }) => withoutKey(left, key), set),
  );
  return { config: rest.config, problems: [...problems, ...rest.problems] };
}

/** Each key of a room with what holds. */
export function roomSettings(file: RoomWords, set: RoomWords): RoomSetting[] {
  return roomKeys.map((key) => {
    const [ofFile, ofSet] = [valueAt(file, key.split('.')), valueAt(set, key.split('.'))];
    if (ofSet !== undefined)
      return { key, value: ofSet, from: 'set', ...(ofFile !== undefined && { file: ofFile }) };
    if (ofFile !== undefined) return { key, value: ofFile, from: 'file' };
    return { key, value: defaultOf(roomKeySchema(key)), from: 'default' };
  });
}

/** The schema of a key such as `slate.text`; undefined: there is no such key. */
export function roomKeySchema(key: string): z.core.$ZodType | undefined {
  const path = key.split('.');
  return path.reduce<z.core.$ZodType | undefined>(
    (schema, name) => schema && childOf(schema, name),
    roomSection,
  );
}

/** What the file says of a room. */
export function wordsOf(rooms: ConfigFile['rooms'], name: string): RoomWords {
  return (Object.hasOwn(rooms, name) ? rooms[name] : undefined) ?? {};
}

/** The keys that are given in words. */
export function givenKeys(words: RoomWords, path: readonly string[] = []): string[] {
  return Object.entries(words).flatMap(([name, value]) => {
    const place = [...path, name];
    return isMap(value) && keysAt(roomSection, place).length > 0
      ? givenKeys(value, place)
      : [place.join('.')];
  });
}

/** @param key such as `slate.text`, or `slate` with all that is in it */
export function withKey(words: RoomWords, key: string, value: unknown): RoomWords {
  const [name = '', ...rest] = key.split('.');
  const inner = Object.hasOwn(words, name) ? words[name] : undefined;
  const below = rest.length === 0 ? value : withKey(isMap(inner) ? inner : {}, rest.join('.'), value);
  return Object.fromEntries([...Object.entries(words).filter(([other]) => other !== name), [name, below]]);
}

/** Without a key, or a section of them; as it is where there is none. */
export function withoutKey(words: RoomWords, key: string): RoomWords {
  const [name = '', ...rest] = key.split('.');
  return Object.fromEntries(
    Object.entries(words).flatMap(([other, value]) => {
      if (other !== name) return [[other, value]];
      const left = rest.length > 0 && isMap(value) ? withoutKey(value, rest.join('.')) : {};
      return Object.keys(left).length > 0 ? [[other, left]] : [];
    }),
  );
}

/** Section by section; a list is one value. */
function merged(below: RoomWords, above: RoomWords): RoomWords {
  const entries = Object.entries(above).map(([name, value]) => {
    const under = Object.hasOwn(below, name) ? below[name] : undefined;
    return [name, isMap(value) && isMap(under) ? merged(under, value) : value];
  });
  return { ...below, ...Object.fromEntries(entries) };
}

/** Which of the keys that were set are to blame: those that are named, else those beside them, else all. */
function wrongIn(set: readonly string[], issues: readonly Issue[], words: RoomWords): SettingProblem[] {
  const told = issues.flatMap((issue) => tellings(issue, words));
  const blamed = (touches: (key: string, place: string) => boolean) =>
    set.flatMap((key) => {
      const found = told.find(({ place }) => touches(key, place));
      return found ? [{ key, message: found.message }] : [];
    });
  const isOf = (key: string, place: string) =>
    `${place}.`.startsWith(`${key}.`) || `${key}.`.startsWith(`${place}.`);
  const section = (key: string) => key.split('.')[0];
  const [named, beside] = [blamed(isOf), blamed((key, place) => section(key) === section(place))];
  if (named.length > 0) return named;
  return beside.length > 0 ? beside : blamed(() => true);
}

/** What is wrong, and at which key. */
function tellings(issue: Issue, words: RoomWords): { readonly place: string; readonly message: string }[] {
  const path = issue.path as string[];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const place = [...path, key].join('.');
      return { place, message: `unknown key ${place}; ${keySuggestion(roomSection, path, key)}` };
    });
  }
  const place = path.join('.');
  return [{ place, message: `${place}: ${expectedAndGot(issue, words)}` }];
}

function leavesOf(path: readonly string[]): string[] {
  const keys = keysAt(roomSection, path);
  return keys.length === 0 ? [path.join('.')] : keys.flatMap((key) => leavesOf([...path, key]));
}

function isMap(value: unknown): value is RoomWords {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
