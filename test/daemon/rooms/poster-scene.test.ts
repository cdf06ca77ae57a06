import { expect, test } from 'vitest';
import { newPart, opened, opening } from '../../../src/daemon/rooms/part.ts';
import { posterScene } from '../../../src/daemon/rooms/poster-scene.ts';
import { newWishes } from '../../../src/daemon/rooms/wishes.ts';
import { seenBy } from '../../helpers/seen.ts';

const ticket = 3;
const programme = opened(opening(newPart, ticket, 0), ticket, 0);

/** A broadcast whose viewers see a candidate, or the slate. */
function broadcast({
  onAir = 'c-aaaaaaaaaa' as string | null,
  slate = false,
  generation = ticket,
  live = true,
  revision = 0,
  switches = 0,
}) {
  const { wanted, ...wishes } = newWishes([]);
  return {
    ...{ id: 'b-aaaaaaaaaa', live, programme, wishes: { ...wishes, wanted: { ...wanted, slate, revision } } },
    seen: { ...seenBy({ generation, revision: 0, atMs: 0, onAir, live, candidates: [] }), switches },
  };
}

test.each([
  { name: 'what is on air', of: {}, expected: { slate: false, ticket } },
  { name: 'a slate that came by itself', of: { onAir: null }, expected: { slate: false, ticket } },
  {
    name: 'the slate alone, once it is over all',
    of: { onAir: null, slate: true },
    expected: { slate: true },
  },
  { name: 'nothing, until the slate that is wanted is there', of: { slate: true }, expected: null },
  { name: 'nothing that an earlier opening saw', of: { generation: 2 }, expected: null },
  { name: 'nothing before the first frame', of: { live: false }, expected: null },
])('a still shows $name', ({ of, expected }) => {
  const scene = posterScene(broadcast(of));
  if (expected) expect(scene).toMatchObject(expected);
  else expect(scene).toBeNull();
});

test('there is another scene with each change of what is seen, or may be', () => {
  const changes = [
    {},
    { onAir: 'c-bbbbbbbbbb' },
    { onAir: null },
    // What had given way to another one, and is back.
    { switches: 2 },
    { onAir: null, slate: true, revision: 1 },
    { revision: 2 },
  ];
  const keys = changes.map((change) => posterScene(broadcast(change))?.key);
  expect(new Set(keys).size).toBe(changes.length);
});

test('nothing is shown of a room without a broadcast, or of one whose programme is gone', () => {
  expect(posterScene(null)).toBeNull();
  expect(posterScene({ ...broadcast({}), programme: newPart })).toBeNull();
});
