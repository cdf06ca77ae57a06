import { expect, test } from 'vitest';
import { choosePayloadTypes, findServing } from '../../../src/daemon/sfu/payload-type-choice.ts';

const existing = [
  { video: 102, audio: 111 },
  { video: 121, audio: 109 },
];

test.each([
  { name: 'both fit', accepted: { video: [108, 102], audio: [111] }, expected: existing[0] },
  { name: 'the second one fits', accepted: { video: [121], audio: [109] }, expected: existing[1] },
  { name: 'only sound is wanted', accepted: { video: null, audio: [109] }, expected: existing[1] },
  { name: 'only the picture is wanted', accepted: { video: [121], audio: null }, expected: existing[1] },
  { name: 'the picture fits one, the sound the other', accepted: { video: [102], audio: [109] } },
  { name: 'neither fits', accepted: { video: [97], audio: [96] } },
])('findServing: $name', ({ accepted, expected }) => {
  expect(findServing(existing, accepted)).toEqual(expected);
});

test.each([
  { name: 'the best of each', accepted: { video: [108, 102], audio: [111] }, expected: [108, 111] },
  { name: 'the next where they collide', accepted: { video: [96, 97], audio: [96] }, expected: [97, 96] },
  { name: 'a spare one for the other', accepted: { video: null, audio: [96] }, expected: [97, 96] },
])('choosePayloadTypes takes $name', ({ accepted, expected }) => {
  const [video, audio] = expected;
  expect(choosePayloadTypes(accepted)).toEqual({ video, audio });
});

test('choosePayloadTypes finds nothing where video and audio have one number only', () => {
  expect(choosePayloadTypes({ video: [96], audio: [96] })).toBeUndefined();
});
