import { expect, test } from 'vitest';
import type { Paint } from '../../../src/cli/words/format.ts';
import { byTrouble, healthLines } from '../../../src/cli/words/health-words.ts';
import type { Room } from '../../../src/contract/models.ts';
import type { RoomHealth } from '../../../src/contract/view/health.ts';

const plain: Paint = (_style, text) => text;
const who = '11 of 19 viewers have it bad. See who: mirolive viewers --room hall --sort suffers';

test.each<{ name: string; health: RoomHealth | undefined; lines: string[] }>([
  { name: 'a daemon from before', health: undefined, lines: [] },
  { name: 'well', health: { word: 'well', reason: null }, lines: [] },
  { name: 'about to begin', health: { word: 'starting', reason: 'talk.mp4' }, lines: [] },
  { name: 'viewers suffer', health: { word: 'bad', reason: who }, lines: [`bad      hall: ${who}`] },
  {
    name: 'a source is away',
    health: { word: 'strained', reason: 'cam is away; b.mp4 is on air' },
    lines: [
      'strained hall: cam is away; b.mp4 is on air',
      '         → See why: mirolive programme --room hall',
    ],
  },
  {
    name: 'nobody is let in',
    health: { word: 'strained', reason: 'the room is closed: nobody is let in' },
    lines: [
      'strained hall: the room is closed: nobody is let in',
      '         → To let viewers in: mirolive rooms set hall access=open',
    ],
  },
])('healthLines: $name', ({ health, lines }) => {
  expect(healthLines('hall', health, plain)).toEqual(lines);
});

test('rooms in trouble come first, the others stay in their order', () => {
  const room = (name: string, word?: RoomHealth['word']) =>
    ({ name, ...(word && { health: { word, reason: null } }) }) as Room;
  const rooms = [room('old'), room('a', 'idle'), room('b', 'strained'), room('c', 'well'), room('d', 'bad')];
  expect(byTrouble(rooms).map(({ name }) => name)).toEqual(['d', 'b', 'old', 'a', 'c']);
});
