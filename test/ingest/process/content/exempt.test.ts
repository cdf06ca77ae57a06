import { expect, test } from 'vitest';
import { type Aired, exemptOf } from '../../../../src/ingest/process/content/exempt.ts';
import { plan } from '../../../cli/samples.ts';

const file = { kind: 'file', path: '/a.mp4', loop: false, audioTrack: null } as const;
const screen = { kind: 'screen', display: ':0.0', region: null, audio: null } as const;
const { video, audio } = plan;
const all = ['black', 'frozen', 'silent', 'clipping'];

test.each<{ name: string; aired: Partial<Aired>; expected: string[] }>([
  { name: 'a file', aired: {}, expected: [] },
  { name: 'what is not planned yet', aired: { plan: null }, expected: [] },
  { name: 'a card', aired: { source: { kind: 'card', title: 'Break', text: '' } }, expected: all },
  { name: 'the slate', aired: { source: { kind: 'slate' } }, expected: all },
  {
    name: 'a test picture',
    aired: { source: { kind: 'test', pattern: 'black', label: '' } },
    expected: all,
  },
  { name: 'a screen', aired: { source: screen }, expected: ['frozen'] },
  { name: 'a file without sound', aired: { plan: { video, audio: null } }, expected: ['silent', 'clipping'] },
  {
    name: 'a file without a picture',
    aired: { plan: { video: null, audio } },
    expected: ['black', 'frozen'],
  },
  { name: 'a picture that is missing', aired: { lacks: ['video'] }, expected: ['black', 'frozen'] },
  { name: 'sound that is missing', aired: { lacks: ['audio'] }, expected: ['silent', 'clipping'] },
  {
    name: 'sound that an operator took away',
    aired: { volumePercent: 0 },
    expected: ['silent', 'clipping'],
  },
  {
    name: 'pictures that come seldom',
    aired: { plan: { video: video && { ...video, fps: 1 }, audio } },
    expected: ['frozen'],
  },
  { name: 'a still picture', aired: { picture: true }, expected: ['black', 'frozen'] },
])('no faults of $name', ({ aired, expected }) => {
  const usual: Aired = { source: file, plan, picture: false, lacks: [], volumePercent: 100 };
  expect([...exemptOf({ ...usual, ...aired })]).toEqual(expected);
});
