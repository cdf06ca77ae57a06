import { nearest } from '../../contract/nearest.ts';
import type { Client } from '../client.ts';
import type { Context } from './context.ts';
import { runningConfig } from './running-config.ts';

/** A room that was named, of which there is nothing: any address makes a name of one, and it may be another that was meant. */
export interface UnknownRoom {
  /** What is on air, by rooms. */
  readonly live: readonly string[];
  /** The room of a name like it. */
  readonly meant: string | undefined;
}

/** What there is instead of a room; null: it is there, or declared, or that cannot be found out, or not before `signal`. */
export async function unknownRoom(
  context: Context,
  client: Client,
  room: string,
  signal?: AbortSignal,
): Promise<UnknownRoom | null> {
  const rooms = await client.call('listRooms', {}, { signal }).catch(() => null);
  if (rooms === null || rooms.some(({ name }) => name === room)) return null;
  if (!(await isUndeclared(client, room, signal))) return null;
  // Another machine's configuration cannot be read here.
  const declared = client.place.kind === 'host' ? [] : await declaredRooms(context);
  const live = rooms.filter(({ state }) => state === 'live').map(({ name }) => name);
  return { live, meant: nearest(room, [...rooms.map(({ name }) => name), ...declared]) };
}

/** Warns of a room that was named and has nothing. Never rejects. @param signal ends the search for that, without a word */
export async function warnOfNobody(
  context: Context,
  client: Client,
  room: string,
  signal?: AbortSignal,
): Promise<void> {
  const unknown = await unknownRoom(context, client, room, signal);
  if (unknown === null) return;
  const { live, meant } = unknown;
  context.output.warn(
    `nothing is on air in room ${room}, nor does anybody watch; on air: ${live.join(', ') || 'nothing'}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
  );
}

/** The rooms that the configuration of the daemon names. */
async function declaredRooms(context: Context): Promise<readonly string[]> {
  const { readPlaces } = await import('../../files/loose-config.ts');
  try {
    const file = await runningConfig(context);
    return file === null ? [] : (await readPlaces(file)).rooms;
  } catch {
    return [];
  }
}

/** Whether neither the configuration nor anything that was set, made or planned is of a room; false where that cannot be found out. */
async function isUndeclared(client: Client, room: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const [{ inFile, settings }, ...made] = await Promise.all([
      client.call('getRoom', { room }, { signal }),
      client.call('listKeys', { room }, { signal }),
      client.call('listSchedules', { room }, { signal }),
      client.call('listLinks', { room }, { signal }),
    ]);
    return !inFile && !settings.some(({ from }) => from === 'set') && made.flat().length === 0;
  } catch {
    // Most tokens may not ask that, and a daemon that is busy does not answer: neither says that there is none.
    return false;
  }
}
