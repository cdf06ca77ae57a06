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

/** What there is instead of a room; null: it is there, or declared, or that cannot be found out. */
export async function unknownRoom(
  context: Context,
  client: Client,
  room: string,
): Promise<UnknownRoom | null> {
  const rooms = await client.call('listRooms', {}).catch(() => null);
  if (rooms === null || rooms.some(({ name }) => name === room)) return null;
  if (await isDeclared(client, room)) return null;
  // Another machine's configuration cannot be read here.
  const declared = client.place.kind === 'host' ? [] : await declaredRooms(context);
  const live = rooms.filter(({ state }) => state === 'live').map(({ name }) => name);
  return { live, meant: nearest(room, [...rooms.map(({ name }) => name), ...declared]) };
}

/** Warns of a room that was named and has nothing. */
export async function warnOfNobody(context: Context, client: Client, room: string): Promise<void> {
  const unknown = await unknownRoom(context, client, room);
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

/** Whether the configuration has a room, or something was set of it: of who may not ask that, nobody knows. */
async function isDeclared(client: Client, room: string): Promise<boolean> {
  const details = await client.call('getRoom', { room }).catch(() => null);
  return details !== null && (details.inFile || details.settings.some(({ from }) => from === 'set'));
}
