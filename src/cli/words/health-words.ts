import type { Room } from '../../contract/models.ts';
import type { HealthWord, RoomHealth } from '../../contract/view/health.ts';
import { type Paint, printable } from './format.ts';

/** How much of somebody's attention a room wants. */
export const healthRanks: Readonly<Record<HealthWord, number>> = {
  idle: 0,
  starting: 0,
  well: 0,
  strained: 1,
  bad: 2,
};
const colors = { strained: 'yellow', bad: 'red' } as const;

/** Rooms in trouble first; of a daemon from before an upgrade nothing is known. */
export function byTrouble(rooms: readonly Room[]): Room[] {
  const rank = ({ health }: Room) => (health ? healthRanks[health.word] : 0);
  return rooms.toSorted((one, other) => rank(other) - rank(one));
}

/** How a room fares, in its colour. */
export function healthWord({ word }: RoomHealth, paint: Paint): string {
  return word === 'strained' || word === 'bad' ? paint(colors[word], word) : word;
}

/** What is wrong in a room, and the next command; nothing where all is well. */
export function healthLines(room: string, health: RoomHealth | undefined, paint: Paint): string[] {
  if (!health || healthRanks[health.word] === 0) return [];
  const reason = health.reason ?? '';
  const word = healthWord(health, paint) + ' '.repeat(Math.max(0, 8 - health.word.length));
  const line = `${word} ${room}: ${printable(reason)}`;
  return reason.includes(': mirolive ') ? [line] : [line, `         → ${nextOf(room, reason)}`];
}

function nextOf(room: string, reason: string): string {
  if (reason.includes('room is closed')) return `To let viewers in: mirolive rooms set ${room} access=open`;
  if (reason.includes('state is lost')) return 'See what there is: mirolive state check';
  return `See why: mirolive programme --room ${room}`;
}
