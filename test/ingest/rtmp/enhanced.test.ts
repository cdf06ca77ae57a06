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
    {
      name: 'a picture behind a time in nanoseconds',
      body: `97 02 00000a 03 ${avc1} aabb`,
      passes: '17 01 000000 aabb',
      flags: 3,
    },
    {
      name: 'a header behind two modifiers, one of them long',
      body: `97 02 00000a 07 ff 0100 ${'aa'.repeat(257)} 10 ${avc1} aabb`,
      passes: '17 00 000000 aabb',
      flags: 2,
    },
  ])('$name is passed on', ({ body, passes, flags }) => {
    expect(plainVideo(bytes(body))).toEqual({ body: bytes(passes), ...(flags !== undefined && { flags }) });
  });

  test.each([
    [`90 ${hvc1} aa`, 'HEVC'],
    [`90 ${av01} aa`, 'AV1'],
    [`90 ${vp09} aa`, 'VP9'],
    ['90 78797a31 aa', 'xyz1'],
    ['97 02 aabbcc 00 68766331 aa', 'HEVC'],
    ['90 5f5f70726f746f5f5f', '__pr'],
    [`96 ${avc1} aa`, 'several pictures (multitrack)'],
    ['1c 00 000000', 'HEVC'],
    ['1d 00 000000', 'AV1'],
  ])('%s is %s', (body, codec) => {
    expect(plainVideo(bytes(body))).toEqual({ codec });
  });

  test.each([
    { name: 'metadata of the picture', body: `94 ${avc1} aa` },
    { name: 'a command to the player', body: 'd0 00' },
    { name: 'a command to the player in the old way', body: '57 00' },
    { name: 'letters that no codec has', body: '90 00000017 aa' },
    { name: 'letters that are cut short', body: '90 78' },
    { name: 'a modifier that is cut short', body: '97 ff' },
    { name: 'a modifier without a type', body: '97 02 00000a' },
    { name: 'modifiers without an end', body: `97 ${'00 aa 07'.repeat(100)}` },
  ])('$name is for nobody', ({ body }) => {
    expect(plainVideo(bytes(body))).toEqual({ body: null });
  });
});

describe('plainAudio', () => {
  test.each([
    { name: 'what is said in the old way', body: 'af 01 aa', passes: 'af 01 aa' },
    { name: 'a header', body: `90 ${mp4a} aabb`, passes: 'af 00 aabb', flags: 0 },
    { name: 'sound', body: `91 ${mp4a} aabb`, passes: 'af 01 aabb', flags: 1 },
    {
      name: 'sound behind a time in nanoseconds',
      body: `97 02 00000a 01 ${mp4a} aabb`,
      passes: 'af 01 aabb',
      flags: 1,
    },
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
  ['__proto__', undefined],
  ['constructor', undefined],
  [{ toString: 'hvc1' }, undefined],
])('metadata with %s announce %s', (said, codec) => {
  expect(announcedCodec(said)).toBe(codec);
});
