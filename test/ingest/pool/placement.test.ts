import { expect, test } from 'vitest';
import { type PlacedProcess, type Placement, place } from '../../../src/ingest/pool/placement.ts';

const one = (id: number, ...rooms: string[]): PlacedProcess => ({ id, rooms });
const there = (id: number): Placement => ({ kind: 'there', id });
const fresh: Placement = { kind: 'new' };

const cases: {
  name: string;
  room?: string;
  processes: PlacedProcess[];
  suspects?: string[];
  expected: Placement;
}[] = [
  { name: 'nothing runs', processes: [], expected: fresh },
  { name: 'the first one is empty', processes: [one(1)], expected: there(1) },
  { name: 'there may be one more', processes: [one(1, 'a')], expected: fresh },
  { name: 'an empty one comes before a new one', processes: [one(1, 'a'), one(2)], expected: there(2) },
  { name: 'the fewest rooms', processes: [one(1, 'a', 'b'), one(2, 'c')], expected: there(2) },
  { name: 'the first of equals', processes: [one(1, 'a'), one(2, 'c')], expected: there(1) },
  {
    name: 'never to a suspect, which counts for none of those that may be',
    processes: [one(1, 'bad'), one(2, 'a')],
    suspects: ['bad'],
    expected: fresh,
  },
  {
    name: 'with others rather than with a suspect',
    processes: [one(1, 'bad'), one(2, 'a', 'b'), one(3, 'c', 'd')],
    suspects: ['bad'],
    expected: there(2),
  },
  {
    name: 'a suspect goes where nobody is',
    room: 'bad',
    processes: [one(1, 'a'), one(2)],
    suspects: ['bad'],
    expected: there(2),
  },
  {
    name: 'a suspect gets a process beyond those that may be',
    room: 'bad',
    processes: [one(1, 'a'), one(2, 'b')],
    suspects: ['bad'],
    expected: fresh,
  },
  {
    name: 'suspects are not together',
    room: 'bad',
    processes: [one(1, 'worse'), one(2, 'b')],
    suspects: ['bad', 'worse'],
    expected: fresh,
  },
];

test.each(cases)('place: $name', ({ room = 'room', processes, suspects = [], expected }) => {
  expect(place(room, processes, { max: 2, isSuspect: (name) => suspects.includes(name) })).toEqual(expected);
});
