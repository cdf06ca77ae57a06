import { expect, test } from 'vitest';
import {
  type Going,
  type Heading,
  isOutdated,
  still,
} from '../../../../src/ingest/process/playlist/going.ts';
import { startOf } from '../../../../src/ingest/process/playlist/playing-item.ts';
import { file, item } from '../director/scripted.ts';

const [a, b, gone] = [item('a', file('a')), item('b', file('b')), item('c', file('c'))];
const to = (by: Heading['by'], place = a): Going => ({
  step: 'looking',
  to: { place: startOf(place), by, serial: null },
});

test.each<{ name: string; going: Going; leaving?: boolean; isIdle?: boolean; expected: boolean }>([
  { name: 'nowhere', going: still, expected: false },
  { name: 'to rest at one that is there', going: { step: 'resting', place: startOf(b) }, expected: false },
  { name: 'to rest at one that is gone', going: { step: 'resting', place: startOf(gone) }, expected: true },
  { name: 'on to what follows', going: { step: 'ahead', item: b }, expected: false },
  { name: 'on to what does not follow any more', going: { step: 'ahead', item: a }, expected: true },
  { name: 'to one whose turn it is', going: to('turn', b), expected: false },
  { name: 'to one whose turn it is not any more', going: to('turn', a), expected: true },
  { name: 'to one that was chosen', going: to('chosen', a), expected: false },
  { name: 'to one that was chosen, and is gone', going: to('chosen', gone), expected: true },
  { name: 'to one that is to be left, where it plays', going: to('again'), leaving: true, expected: false },
  {
    name: 'to one that is to be left, where nothing plays',
    ...{ going: to('due'), leaving: true, isIdle: true, expected: true },
  },
  {
    name: 'back to one that is to be left, after a break',
    ...{ going: to('resumed'), leaving: true, isIdle: true, expected: false },
  },
])(
  'A playlist that goes $name: outdated $expected',
  ({ going, leaving = false, isIdle = false, expected }) => {
    expect(isOutdated(going, { items: [a, b], current: a, leaving }, b, isIdle)).toBe(expected);
  },
);
