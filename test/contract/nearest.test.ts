import { expect, it } from 'vitest';
import { nearest } from '../../src/contract/nearest.ts';

const known = ['host', 'port', 'publicUrl', 'probeTimeout', 'cam'];

it.each([
  { word: 'prot', expected: 'port' },
  { word: 'Host', expected: 'host' },
  { word: 'public_url', expected: 'publicUrl' },
  { word: 'probe-time-out', expected: 'probeTimeout' },
  { word: 'colour', expected: undefined },
  { word: 'x', expected: undefined },
  { word: 'cma', expected: 'cam' },
  { word: 'cmb', expected: undefined },
])('nearest takes $word for $expected', ({ word, expected }) => {
  expect(nearest(word, known)).toBe(expected);
});
