import { expect, test } from 'vitest';
import { type Source, source } from '../../../src/contract/models.ts';
import { joinPlace } from '../../../src/daemon/schedule/join-place.ts';

const lengths: Readonly<Record<string, number>> = { '/a.mp4': 60_000, '/b.mp4': 30_000, '/c.mp4': 10_000 };
const file = (path: string) => ({ kind: 'file', path }) as const;
const [a, b, c] = [file('/a.mp4'), file('/b.mp4'), file('/c.mp4')];
const camera = { kind: 'url', url: 'rtsp://camera/1' } as const;
const [one, two, three] = ['i-aaaaaaaaaa', 'i-bbbbbbbbbb', 'i-cccccccccc'];

function list(items: object[], how: object = {}): Source {
  const listed = items.map((item, index) => ({ id: [one, two, three][index], ...item }));
  return source.parse({ kind: 'playlist', items: listed, ...how });
}
const lengthOf = async (of: Source) => (of.kind === 'file' ? (lengths[of.path] ?? null) : null);
const films = [{ source: a }, { source: b }, { source: c }];

test.each<{ name: string; source: Source; elapsedMs: number; expected: object | string }>([
  { name: 'a file in time', source: source.parse(a), elapsedMs: 5000, expected: 'start' },
  { name: 'a clock that was put back', source: source.parse(a), elapsedMs: -9000, expected: 'start' },
  {
    name: 'a file in its midst',
    source: source.parse(a),
    elapsedMs: 5001,
    expected: { item: null, positionMs: 5001 },
  },
  {
    name: 'the last moment of a file',
    source: source.parse(a),
    elapsedMs: 59_999,
    expected: { item: null, positionMs: 59_999 },
  },
  { name: 'a file that is over', source: source.parse(a), elapsedMs: 60_000, expected: 'over' },
  {
    name: 'a file that begins again',
    source: source.parse({ ...a, loop: true }),
    elapsedMs: 130_000,
    expected: { item: null, positionMs: 10_000 },
  },
  {
    name: 'a file of which nobody knows how long it is',
    source: source.parse(file('/d.mp4')),
    elapsedMs: 20_000,
    expected: 'start',
  },
  { name: 'a camera', source: source.parse(camera), elapsedMs: 20_000, expected: 'start' },
  {
    name: 'a publisher',
    source: source.parse({ kind: 'publisher', key: 'cam1' }),
    elapsedMs: 20_000,
    expected: 'start',
  },
  {
    name: 'a list in its first item',
    source: list(films),
    elapsedMs: 59_999,
    expected: { item: one, positionMs: 59_999 },
  },
  {
    name: 'a list at the beginning of its second item',
    source: list(films),
    elapsedMs: 60_000,
    expected: { item: two, positionMs: 0 },
  },
  {
    name: 'a list in its last item',
    source: list(films),
    elapsedMs: 95_000,
    expected: { item: three, positionMs: 5000 },
  },
  { name: 'a list that is over', source: list(films), elapsedMs: 100_000, expected: 'over' },
  {
    name: 'a list that begins again',
    source: list(films, { loop: true }),
    elapsedMs: 265_000,
    expected: { item: two, positionMs: 5000 },
  },
  {
    name: 'a list that is shuffled',
    source: list(films, { shuffle: true }),
    elapsedMs: 65_000,
    expected: 'start',
  },
  {
    name: 'a list with a folder',
    source: list([{ source: a }, { source: { kind: 'folder', path: '/f' } }]),
    elapsedMs: 65_000,
    expected: 'start',
  },
  {
    name: 'a part of a film',
    source: list([{ source: a, fromMs: 20_000, toMs: 40_000 }, { source: b }]),
    elapsedMs: 15_000,
    expected: { item: one, positionMs: 35_000 },
  },
  {
    name: 'behind a part of a film',
    source: list([
      { source: a, fromMs: 20_000, toMs: 40_000 },
      { source: b, fromMs: 5000 },
    ]),
    elapsedMs: 21_000,
    expected: { item: two, positionMs: 6000 },
  },
  {
    name: 'behind what plays for so long',
    source: list([{ source: a, forMs: 7000 }, { source: b }]),
    elapsedMs: 8000,
    expected: { item: two, positionMs: 1000 },
  },
  {
    name: 'a camera in a list, whose end nobody knows',
    source: list([{ source: a }, { source: camera }, { source: b }]),
    elapsedMs: 500_000,
    expected: { item: two, positionMs: 440_000 },
  },
])('$name', async ({ source: of, elapsedMs, expected }) => {
  expect(await joinPlace(of, () => elapsedMs, lengthOf)).toEqual(expected);
});

test('What passes while the length of a film is found counts', async () => {
  let elapsedMs = 20_000;
  const slowly = async (of: Source) => {
    elapsedMs += 3000;
    return await lengthOf(of);
  };
  expect(await joinPlace(source.parse(a), () => elapsedMs, slowly)).toEqual({
    item: null,
    positionMs: 23_000,
  });
});
