import type { CallResult } from '../../contract/api.ts';
import type { Hand } from '../../contract/models.ts';
import { type Paint, printable, span, table } from './format.ts';

/** Hands that are up as a table, the first first; a sentence with the way on if there are none. */
export function handTable(hands: readonly Hand[], now: number, paint: Paint): string[] {
  if (hands.length === 0)
    return ['No hands are up. To let viewers raise them: mirolive rooms set ROOM hands=true'];
  return table(
    ['ID', 'ROOM', 'NAME', 'SINCE', ''],
    hands.map(({ id, room, name, raisedAt, here }) => [
      ...[id, room, printable(name), span(now - Date.parse(raisedAt))],
      here ? '' : paint('yellow', 'away'),
    ]),
    paint,
  );
}

/** Whose hands were lowered. */
export function loweredLines({ lowered, missing }: CallResult<'lowerHands'>): string[] {
  return [
    lowered.length === 0 ? 'No hands were up' : `Lowered: ${lowered.join(', ')}`,
    ...(missing.length === 0 ? [] : [`Were not up: ${missing.join(', ')}`]),
  ];
}
