import { expect, test } from 'vitest';
import { oneVariant } from '../../../src/ingest/guard/variants.ts';

const low = [
  '#EXT-X-STREAM-INF:BANDWIDTH=200000,RESOLUTION=160x90,CODECS="avc1.42c00c,mp4a.40.2"',
  'low.m3u8',
];
const mid = ['#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=800000,RESOLUTION=1280x720', 'mid.m3u8'];
const high = [
  '#EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1920x1080,AUDIO="hi"',
  '',
  '# why',
  'high.m3u8',
];
const hevc = ['#EXT-X-STREAM-INF:RESOLUTION=1920x1080,BANDWIDTH=5500000,CODECS="hvc1.1.6.L93"', 'hevc.m3u8'];
const hevc4k = [
  '#EXT-X-STREAM-INF:RESOLUTION=3840x2160,BANDWIDTH=5900000,CODECS="hvc1.1.6.L153"',
  'uhd.m3u8',
];
const avc4k = ['#EXT-X-STREAM-INF:RESOLUTION=3840x2160,BANDWIDTH=5800000,CODECS="avc1.640033"', 'avc4k.m3u8'];
const sound = ['#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2"', 'sound.m3u8'];
const plain = ['#EXT-X-STREAM-INF:BANDWIDTH=64000', 'plain.m3u8'];
const avc = ['#EXT-X-STREAM-INF:RESOLUTION=1920x1080,BANDWIDTH=4000000,CODECS="avc1.640028"', 'avc.m3u8'];
const media = [
  '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="hi",NAME="a",URI="hi.m3u8"',
  '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="lo",NAME="a",URI="lo.m3u8"',
  '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="hi",NAME="s",URI="s.m3u8"',
];
const frames = ['#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="i.m3u8"'];
const list = (...variants: string[][]) => ['#EXTM3U', ...variants.flat(), ''].join('\n');
const unlimited = { number: null, maxBitrateBps: 6_000_000 };

test.each([
  { name: 'the largest picture', of: [low, mid, high], given: [high], chosen: 2 },
  { name: 'the largest first', of: [high, low], given: [high], chosen: 0 },
  {
    name: 'the largest that is allowed',
    of: [low, mid, high],
    maxBitrateBps: 900_000,
    given: [mid],
    chosen: 1,
  },
  {
    name: 'the least where all are too much',
    of: [high, mid, low],
    maxBitrateBps: 100,
    given: [low],
    chosen: 2,
  },
  { name: 'of two of a size what is copied', of: [hevc, avc, low], given: [avc], chosen: 1 },
  {
    name: 'what is copied, not what is made as small by transcoding it',
    of: [hevc4k, avc, low],
    given: [avc],
    chosen: 1,
  },
  { name: 'the largest of what is copied', of: [avc, hevc4k, avc4k], given: [avc4k], chosen: 2 },
  { name: 'the largest of what is transcoded', of: [low, hevc, hevc4k], given: [hevc4k], chosen: 2 },
  { name: 'what is transcoded where it is shown larger', of: [low, hevc4k], given: [hevc4k], chosen: 1 },
  { name: 'a picture, not sound alone', of: [sound, low], maxBitrateBps: 100, given: [low], chosen: 1 },
  { name: 'the most of what says no size', of: [plain, sound], given: [plain], chosen: 0 },
  {
    name: 'its own sound, and no pictures for seeking',
    of: [media, low, high, frames],
    given: [media.slice(0, 1), high],
    chosen: 1,
  },
  { name: 'the one that is wanted', of: [low, mid, high], number: 0, given: [low], chosen: 0 },
])('of the variants of a list is given $name', ({ of, given, chosen, ...wanted }) => {
  const one = oneVariant(list(...of), { ...unlimited, ...wanted });
  expect(one?.variants.chosen).toBe(chosen);
  expect(one?.text.split('\n').filter((line) => line !== '')).toEqual(
    list(...given)
      .split('\n')
      .filter((line) => line !== '' && line !== '# why'),
  );
});

test('what there is to choose from is told as the list says it', () => {
  expect(oneVariant(list(low, mid).replaceAll('\n', '\r\n'), unlimited)?.variants.found).toEqual([
    { bandwidthBps: 200_000, width: 160, height: 90, codecs: 'avc1.42c00c,mp4a.40.2' },
    { bandwidthBps: 800_000, width: 1280, height: 720, codecs: null },
  ]);
});

test('a list of segments has no variants', () => {
  expect(oneVariant('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\na.ts\n', unlimited)).toBeNull();
});

// Work that grows with the square of their lengths would take minutes to hours.
test.each([
  { name: 'a name without a value', line: `#EXT-X-STREAM-INF:${'A'.repeat(1_000_000)},RESOLUTION=160x90` },
  { name: 'many names', line: `#EXT-X-STREAM-INF:${'A,'.repeat(500_000)}RESOLUTION=160x90` },
  { name: 'many quotes', line: `#EXT-X-STREAM-INF:${'A="'.repeat(333_333)}",RESOLUTION=160x90` },
])('of a long line ($name) is read what it says', ({ line }) => {
  expect(oneVariant(list([line, 'a.m3u8']), unlimited)?.variants.found).toMatchObject([{ height: 90 }]);
});

test('of a long list with many variants what belongs to the chosen one is kept', () => {
  const variants = Array.from({ length: 100 }, (_, at) => [
    ...low.slice(0, 1),
    ...Array(20_000).fill(''),
    `${at}.m3u8`,
  ]);
  const one = oneVariant(list(...variants, Array(2_000_000).fill('')), { ...unlimited, number: 99 });
  expect(one?.text.split('\n').filter((line) => line !== '')).toEqual(['#EXTM3U', low[0], '99.m3u8']);
});
