import type { ApplyPlan, Change, DeclaredProblem, DeclaredThing } from '../../contract/event/change.ts';
import type { Declared, DeclaredBroadcast } from '../../contract/event/declared.ts';
import { broadcastWords, entryWords, scheduleWords } from '../../contract/event/event-text.ts';
import type { Source } from '../../contract/models.ts';
import { bareList } from '../../contract/playlist/bare-list.ts';
import { isFolder } from '../../contract/playlist/folder-items.ts';
import type { RoomWords } from '../../contract/room-config.ts';
import { sourceWords } from '../../contract/source-words.ts';
import { type Entry, entryOf, letsIn } from '../rooms/entry.ts';
import { changedFields } from './changed-fields.ts';
import { type Current, keyPlace, type Owned, type Running, type WantedBroadcast } from './current.ts';

/** What viewers or publishers would notice of a change. */
type Notice = Pick<Change, 'effect' | 'offAir'>;
const nothing: Notice = { effect: null, offAir: false };

/**
 * What has to be done so that there is what an event file declares. What is there already as it says stays whose it is. Pure.
 *
 * @param prune removes what this file applied before and does not have any more
 */
export function planApply(declared: Declared, current: Current, prune = false): ApplyPlan {
  const { name } = declared;
  const keys = new Map(declared.keys.map((key) => [keyPlace(key), withoutPlace(key)]));
  const knownKeys = mapped(current.keys, withoutPlace);
  const playlists = new Map(Object.entries(declared.playlists).map(([list, is]) => [list, bareList(is)]));
  const schedules = new Map(
    Object.entries(declared.schedules).map(
      ([one, { paused = current.schedules.get(one)?.is.paused, ...is }]) => [
        one,
        scheduleWords({ ...is, paused }, fieldsOf),
      ],
    ),
  );
  const knownSchedules = mapped(current.schedules, (is) => scheduleWords(is, fieldsOf));
  const changes = [
    ...changesOf(
      'room',
      name,
      new Map(Object.entries(declared.rooms)),
      current.rooms,
      (room, before, after) => roomNotice(room, before, after, current),
    ),
    ...changesOf('key', name, keys, knownKeys, (place, before, after) =>
      keyNotice(place, before, after, current),
    ),
    ...changesOf('playlist', name, playlists, mapped(current.playlists, bareList), () => nothing),
    ...broadcastChanges(declared, current),
    ...changesOf('schedule', name, schedules, knownSchedules, (one) =>
      current.going.has(one)
        ? { effect: 'the run that goes on stays as it began, until its end', offAir: false }
        : nothing,
    ),
  ];
  const kept = changes.filter(({ act }) => prune || !isRemoval(act));
  const left = prune ? [] : changes.filter(({ act }) => isRemoval(act));
  const paused = Object.entries(declared.schedules).flatMap(([one, is]) =>
    is.paused === undefined && current.schedules.get(one)?.is.paused ? [one] : [],
  );
  return {
    changes: kept,
    paused,
    problems: problemsOf(declared, current),
    left: left.map(({ what, name: thing }) => `${what} ${thing}`),
  };
}

function isRemoval(act: Change['act']): boolean {
  return act === 'remove' || act === 'stop';
}

/** The source that a broadcast is to have: of a saved playlist what is in it by the file, else by the state; null: there is none. */
export function wantedBroadcast(
  { source, ...rest }: DeclaredBroadcast,
  playlists: Declared['playlists'],
  current: Pick<Current, 'playlists'>,
): WantedBroadcast | null {
  if (source.kind !== 'saved') return { ...rest, source };
  const { playlist } = source;
  const saved = Object.hasOwn(playlists, playlist)
    ? playlists[playlist]
    : current.playlists.get(playlist)?.is;
  return saved ? { ...rest, source: { kind: 'playlist', ...saved } } : null;
}

/** As it is compared, and written down: without what is made up anew each time it is read. */
export function bareBroadcast<T extends { readonly source: Source }>({ source, ...rest }: T) {
  return { ...rest, source: source.kind === 'playlist' ? bareList(source) : source };
}

/** Whether a playlist can become another one while it plays. */
export function isEditable(before: Source, after: Source): boolean {
  if (before.kind !== 'playlist' || after.kind !== 'playlist') return false;
  if ([...before.items, ...after.items].some(isFolder)) return false;
  const { items: _, ...one } = bareList(before);
  const { items: __, ...other } = bareList(after);
  return changedFields(one, other).length === 0;
}

/** As the file says it, so that what changes is told in its words; items stay what they are. */
function fieldsOf(source: Source): Record<string, unknown> {
  if (source.kind !== 'playlist') return entryWords(source, true);
  const { kind: _, ...list } = bareList(source);
  return list;
}

function mapped<T, U>(things: ReadonlyMap<string, Owned<T>>, change: (is: T) => U): Map<string, Owned<U>> {
  return new Map([...things].map(([name, { by, is }]) => [name, { by, is: change(is) }]));
}

/** A moment is the same in each zone. */
function withoutPlace({ hash, expiresAt }: { readonly hash: string; readonly expiresAt: string | null }) {
  return { secret: `${hash.slice(0, 8)}…`, hash, expires: expiresAt && new Date(expiresAt).toISOString() };
}

function changesOf<T>(
  what: DeclaredThing,
  file: string,
  wanted: ReadonlyMap<string, T>,
  there: ReadonlyMap<string, Owned<T>>,
  notice: (name: string, before: T | undefined, after: T | undefined) => Notice,
): Change[] {
  const changed = [...wanted].flatMap(([name, after]): Change[] => {
    const before = there.get(name);
    const fields = changedFields(before?.is, after).filter(({ path }) => path !== 'hash');
    if (before && fields.length === 0) return [];
    const act = before ? 'change' : 'create';
    return [
      { what, name, act, fields, ...notice(name, before?.is, after), takenFrom: takenFrom(before, file) },
    ];
  });
  const removed = [...there].flatMap(([name, { by, is }]): Change[] =>
    by !== file || wanted.has(name)
      ? []
      : [{ what, name, act: 'remove', fields: [], ...notice(name, is, undefined), takenFrom: null }],
  );
  return [...changed, ...removed];
}

function takenFrom(before: Owned<unknown> | undefined, file: string): string | null {
  return before && before.by !== file ? before.by : null;
}

function roomNotice(
  room: string,
  before: RoomWords | undefined,
  after: RoomWords | undefined,
  current: Current,
): Notice {
  const inside = current.viewers.get(room) ?? 0;
  const was = entryWith(room, before, current);
  const is = entryWith(room, after, current);
  if (letsIn(was) && is !== 'open' && is !== was && inside > 0)
    return {
      effect: `lets ${inside === 1 ? 'the viewer' : `${inside} viewers`} of ${room} go`,
      offAir: true,
    };
  // A file that says nothing of it was not written to open what somebody has closed.
  if (was === 'closed' && letsIn(is) && after?.access !== is)
    return { effect: `lets viewers into ${room}, which is closed`, offAir: true };
  if (was === 'link' && is === 'open' && after?.access !== 'open')
    return { effect: `lets everybody into ${room}, which is for who has a link`, offAir: true };
  const [stood, stands] = [before, after].map((set) => settingOf('alwaysOn', room, set, current) === true);
  if (stood && !stands && current.idling.has(room))
    return { effect: `takes ${room} off air: its slate`, offAir: true };
  return nothing;
}

/** What holds of a key: what is set, else what the configuration says. */
function settingOf(
  key: string,
  room: string,
  set: RoomWords | undefined,
  { configured }: Pick<Current, 'configured'>,
): unknown {
  return set?.[key] ?? configured.get(room)?.[key];
}

/** Whether a room lets anybody in with these settings over the configuration. */
function entryWith(room: string, set: RoomWords | undefined, current: Current): Entry {
  const said = settingOf('access', room, set, current);
  const access = said === 'closed' || said === 'link' ? said : 'open';
  const inFile = current.configured.get(room)?.access !== undefined;
  return entryOf({ access, inFile, readable: current.readable });
}

function keyNotice(
  place: string,
  before: { readonly hash: string } | undefined,
  after: { readonly hash: string; readonly expires: string | null } | undefined,
  { publishing, atMs }: Current,
): Notice {
  const isOver = after?.expires != null && Date.parse(after.expires) <= atMs;
  if (!before || !publishing.has(place) || (before.hash === after?.hash && !isOver)) return nothing;
  return { effect: `cuts off who publishes with ${place}`, offAir: true };
}

function broadcastChanges(declared: Declared, current: Current): Change[] {
  const { name: file, rooms, broadcasts, playlists } = declared;
  const wanted = Object.entries(broadcasts).flatMap(([room, one]): Change[] => {
    const after = wantedBroadcast(one, playlists, current);
    if (!after) return [];
    const set = Object.hasOwn(rooms, room) ? rooms[room] : current.rooms.get(room)?.is;
    const entry = entryWith(room, set, current);
    return broadcastChange(room, file, after, { there: current.broadcasts.get(room), entry });
  });
  const stopped = [...current.broadcasts].flatMap(([name, { by, words }]): Change[] =>
    by !== file || Object.hasOwn(broadcasts, name)
      ? []
      : [
          {
            ...{ what: 'broadcast', name, act: 'stop', fields: [], takenFrom: null },
            ...{ effect: `takes ${name} off air: ${words}`, offAir: true },
          },
        ],
  );
  return [...wanted, ...stopped];
}

function broadcastChange(
  name: string,
  file: string,
  after: WantedBroadcast,
  { there, entry }: { readonly there: Running | undefined; readonly entry: Entry },
): Change[] {
  const what = 'broadcast';
  const fields = changedFields(there && broadcastWords(there.is, fieldsOf), broadcastWords(after, fieldsOf));
  if (!there) {
    const effect = unseen[entry];
    return [{ what, name, act: 'start', fields, effect, offAir: false, takenFrom: null }];
  }
  const owner = { takenFrom: takenFrom(there, file) };
  if (fields.length === 0) {
    const kept = [{ path: 'kept', before: 'false', after: 'true' }];
    return there.kept ? [] : [{ what, name, act: 'keep', fields: kept, ...nothing, ...owner }];
  }
  const onlyItems = fields.every(({ path }) => /^items\b/.test(path));
  if (onlyItems && isEditable(there.is.source, after.source))
    return [{ what, name, act: 'edit', fields, effect: null, offAir: false, ...owner }];
  const effect = `takes ${name} off air: ${there.words} → ${sourceWords(after.source)}`;
  return [{ what, name, act: 'restart', fields, effect, offAir: true, ...owner }];
}

/** Why nobody sees what begins in a room. */
const unseen: Readonly<Record<Entry, string | null>> = {
  open: null,
  link: null,
  closed: 'nobody sees it: the room is closed',
  lost: 'nobody sees it: the room lets nobody in, since the state is lost',
};

/** What the file declares and the state has no place for. */
function problemsOf({ rooms, keys, broadcasts, playlists }: Declared, current: Current): DeclaredProblem[] {
  const hashes = new Map([...current.keys].map(([place, { is }]) => [is.hash, place]));
  const declaredPlaces = new Set(keys.map(keyPlace));
  const ofKeys = keys.flatMap((key, index): DeclaredProblem[] => {
    const place = keyPlace(key);
    const owner = hashes.get(key.hash);
    const path = ['keys', index];
    if (current.revoked.has(key.hash))
      return [{ path, message: `expected another secret for key ${place}: this one was revoked` }];
    if (owner !== undefined && owner !== place)
      return [
        {
          path,
          message: declaredPlaces.has(owner)
            ? `expected another secret for key ${place}: key ${owner} has this one until then`
            : `expected another secret for key ${place}: key ${owner} has this one`,
        },
      ];
    return [];
  });
  const ofBroadcasts = Object.entries(broadcasts).flatMap(([room, { source }]): DeclaredProblem[] => {
    if (source.kind === 'stdin') {
      const message = 'expected a source that can be opened again, got a pipe';
      return [{ path: ['broadcasts', room], message }];
    }
    if (source.kind !== 'saved' || Object.hasOwn(playlists, source.playlist)) return [];
    if (current.playlists.has(source.playlist)) return [];
    const message = `expected a playlist of the file, or one that is saved, got ${source.playlist}`;
    return [{ path: ['broadcasts', room, 'saved'], message }];
  });
  const ofRooms = Object.entries(rooms).flatMap(([room, set]): DeclaredProblem[] => {
    if (set.access === undefined || set.access === 'closed' || entryWith(room, set, current) !== 'lost')
      return [];
    const message =
      'expected a state that is not lost: the room lets nobody in until a backup is restored, or mirolive state accept goes on without one';
    return [{ path: ['rooms', room, 'access'], message }];
  });
  return [...ofRooms, ...ofKeys, ...ofBroadcasts];
}
