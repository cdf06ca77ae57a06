import { MiroliveError } from '../../contract/errors.ts';
import type { Link } from '../../contract/links.ts';
import type { Broadcast } from '../../contract/models.ts';
import type { StreamKey } from '../../contract/publishing.ts';

/** So many things of a kind are named. */
const mostNamed = 3;

/** All that there is in a room, or leads there, and is not to be forgotten with it in silence. */
export interface RoomUses {
  /** null: nothing is. */
  readonly onAir: Pick<Broadcast, 'id' | 'name'> | null;
  /** Something is about to be, or was kept and does not go on yet. */
  readonly coming: boolean;
  /** Names of what is to begin in it. */
  readonly schedules: readonly string[];
  /** Those that are not revoked: with one of them somebody could publish there, or be a guest, when it has another purpose. */
  readonly keys: readonly Pick<StreamKey, 'id' | 'name'>[];
  readonly links: readonly Pick<Link, 'id'>[];
}

/** That a room is not to be deleted yet, with what is in the way and which command ends each. null: nothing is. Pure. @param revoke keys and links are none */
export function inUse(room: string, uses: RoomUses, revoke: boolean): MiroliveError | null {
  const { onAir, coming, schedules, keys, links } = uses;
  const [words, commands]: [string[], string[]] = [[], []];
  if (onAir) words.push(`${onAir.name} is on air (${onAir.id})`);
  else if (coming) words.push('something is about to be on air');
  if (words.length > 0) commands.push(`mirolive stop --room ${room}`);
  words.push(...named('schedule', schedules));
  if (schedules.length > 0) commands.push(`mirolive schedule remove ${schedules[0]}`);
  const secrets = [
    ...named(
      'stream key',
      keys.map(({ name }) => name),
    ),
    ...named(
      'watch link',
      links.map(({ id }) => id),
    ),
  ];
  if (!revoke && secrets.length > 0) {
    words.push(...secrets);
    commands.push(`mirolive rooms delete ${room} --revoke`);
  }
  if (words.length === 0) return null;
  return new MiroliveError('ROOM_IN_USE', `room ${room} is in use: ${words.join('; ')}`, {
    hint: `Do first: ${commands.join('; then: ')}`,
    details: { room },
  });
}

/** A few of a kind by their names, and how many more there are; nothing where there is none. */
function named(kind: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const few = names.slice(0, mostNamed).join(', ');
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  return [names.length === 1 ? `${kind} ${few}` : `${names.length} ${kind}s (${few}${more})`];
}
