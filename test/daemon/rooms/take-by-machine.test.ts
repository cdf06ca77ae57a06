import { expect, test } from 'vitest';
import { mayTakeByMachine, takeByMachine } from '../../../src/daemon/rooms/take-by-machine.ts';
import { ask, commit, newWishes } from '../../../src/daemon/rooms/wishes.ts';

const publisher = { id: 'c-aaaaaaaaaa', seed: 1, source: { kind: 'publisher', key: 'cam1' } } as const;
const file = { kind: 'file', path: '/talk.mp4', loop: false, audioTrack: null } as const;

test('A publisher who arrives is taken below the slate that a person wants', () => {
  const { wishes, number } = ask(newWishes([]));
  const covered = commit(wishes, { type: 'slate', on: true }, number, null, 0);
  const { wanted } = takeByMachine(covered, publisher);
  expect(wanted.slate).toBe(true);
  expect(wanted.chain.map(({ name, source }) => `${name} ${source.kind}`)).toEqual(['take publisher']);
});

test('A publisher who arrives does not outdate what a person is about to take', () => {
  const { wishes, number } = ask(newWishes([]));
  const arrived = takeByMachine(wishes, publisher);
  const wish = { type: 'take', source: file, id: 'c-bbbbbbbbbb', seed: 1 } as const;
  const { wanted } = commit(arrived, wish, number, null, 0);
  expect(wanted.chain.map(({ source }) => source.kind)).toEqual(['file', 'publisher']);
});

test('What a machine took is there again behind what a person takes above it, and stays when that is given back', () => {
  const [obs, jingle] = ['c-aaaaaaaaaa', 'c-bbbbbbbbbb'];
  const source = { kind: 'publisher', key: 'obs' } as const;
  const arrived = takeByMachine(newWishes([]), { id: obs, seed: 1, source });
  const wish = { type: 'take', source: file, id: jingle, seed: 1 } as const;
  const above = commit(arrived, wish, 1, null, 0);
  const chain = ({ wanted }: typeof above) => wanted.chain.map(({ id }) => id);
  expect(chain(above)).toEqual([jingle, obs]);
  expect(chain(commit(above, { type: 'release' }, 2, null, 0))).toEqual([obs]);
});

test('Who was taken by a machine below what a person has taken has no place there once he publishes no longer', () => {
  const wishes = takeByMachine(newWishes([]), publisher);
  // Nothing is looked at below what is seen.
  expect([false, true].map((gone) => mayTakeByMachine(wishes, null, () => gone))).toEqual([false, true]);
});
