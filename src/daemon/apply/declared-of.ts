import type { Declared } from '../../contract/event/declared.ts';
import type { RoomWords } from '../../contract/room-config.ts';
import { laidRoom, withoutKey } from '../../contract/room-settings.ts';
import type { Current, Owned } from './current.ts';

/** The name of a file that was asked for without one. */
const unnamed = 'exported';

/** What there is, as an event file would declare it: applied, it changes nothing. Pure. @param file only what the one of this name applied; null: all */
export function declaredOf(current: Current, file: string | null): Declared {
  const chosen = <T extends Owned<unknown>>(things: ReadonlyMap<string, T>) =>
    [...things].filter(([, { by }]) => file === null || by === file);
  const values = <T>(things: ReadonlyMap<string, Owned<T>>) =>
    Object.fromEntries(chosen(things).map(([name, { is }]) => [name, is]));
  // What a publisher or a schedule puts on air, and what is not to outlive the daemon, nobody declared.
  const kept = new Map(
    [...current.broadcasts].filter(([, one]) => one.kept && one.begunBy === 'person' && !one.scheduled),
  );
  return {
    name: file ?? unnamed,
    rooms: Object.fromEntries(Object.entries(values(current.rooms)).map(([room, set]) => [room, valid(set)])),
    keys: chosen(current.keys).map(([, { is }]) => is),
    playlists: values(current.playlists),
    broadcasts: values(kept),
    schedules: Object.fromEntries(
      Object.entries(values(current.schedules)).map(([name, { paused, ...spec }]) => [
        name,
        { ...spec, ...(paused && { paused }) },
      ]),
    ),
  };
}

/** Without what does not hold: no file could be read with it. */
function valid(set: RoomWords): RoomWords {
  return laidRoom({}, set).problems.reduce((left, { key }) => withoutKey(left, key), set);
}
