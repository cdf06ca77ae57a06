import { describe, expect, test } from 'vitest';
import { announcedCodec, plainAudio, plainVideo } from '../../../src/ingest/rtmp/enhanced.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const [avc1, hvc1, av01, vp09, mp4a, opus] = [
  '61766331',
  '68766331',
  '61763031',
  '76703039',
  '6d703461',
  '4f707573',
];

describe('plainVideo', () => {
  test.each([
    { name: 'what is said in the old way', body: '17 01 000010 aa', passes: '17 01 000010 aa' },
    { name: 'a header', body: `90 ${avc1} aabb`, passes: '17 00 000000 aabb', flags: 2 },
    {
      name: 'a key frame with its delay',
      body: `91 ${avc1} 000021 aabb`,
      passes: '17 01 000021 aabb',
      flags: 3,
    },
    { name: 'a picture without one', body: `a3 ${avc1} aabb`, passes: '27 01 000000 aabb', flags: 4 },
  ])('$name is passed on', ({ body, passes, flags }) => {
    expect(plainVideo(bytes(body))).toEqual({ body: bytes(passes), ...(flags !== undefined && { flags }) });
  });

  test.each([
    [`90 ${hvc1} aa`, 'HEVC'],
    [`90 ${av01} aa`, 'AV1'],
    [`90 ${vp09} aa`, 'VP9'],
    ['90 78797a31 aa', 'xyz1'],
    ['90 78', 'x'],
    [`96 ${avc1} aa`, 'several pictures (multitrack)'],
    ['1c 00 000000', 'HEVC'],
    ['1d 00 000000', 'AV1'],
  ])('%s is %s', (body, codec) => {
    expect(plainVideo(bytes(body))).toEqual({ codec });
  });

  test('what says nothing of pictures is for nobody', () => {
    expect(plainVideo(bytes(`94 ${avc1} aa`))).toEqual({ body: null });
  });
});

describe('plainAudio', () => {
  test.each([
    { name: 'what is said in the old way', body: 'af 01 aa', passes: 'af 01 aa' },
    { name: 'a header', body: `90 ${mp4a} aabb`, passes: 'af 00 aabb', flags: 0 },
    { name: 'sound', body: `91 ${mp4a} aabb`, passes: 'af 01 aabb', flags: 1 },
  ])('$name is passed on', ({ body, passes, flags }) => {
    expect(plainAudio(bytes(body))).toEqual({ body: bytes(passes), ...(flags !== undefined && { flags }) });
  });

  test.each([
    [`90 ${opus} aa`, 'Opus'],
    [`95 ${mp4a} aa`, 'several sounds (multitrack)'],
  ])('%s is %s', (body, codec) => {
    expect(plainAudio(bytes(body))).toEqual({ codec });
  });
});

test.each([
  ['hvc1', 'HEVC'],
  [0x68766331, 'HEVC'],
  [0x61763031, 'AV1'],
  [12, 'HEVC'],
  [7, undefined],
  ['avc1', undefined],
  [0x61766331, undefined],
  [-1, undefined],
  [Number.NaN, undefined],
  [null, undefined],
])('metadata with %s announce %s', (said, codec) => {
  expect(announcedCodec(said)).toBe(codec);
});
