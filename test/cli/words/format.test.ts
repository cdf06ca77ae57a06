import { describe, expect, it } from 'vitest';
import {
  bitrate,
  count,
  cureLines,
  planLines,
  printable,
  size,
  span,
  table,
} from '../../../src/cli/words/format.ts';
import { clock } from '../../../src/contract/media-time.ts';
import type { VideoEncoder } from '../../../src/contract/plan.ts';
import { plan } from '../samples.ts';

describe('format', () => {
  it.each([
    [0, '0:00'],
    [7999, '0:07'],
    [750_000, '12:30'],
    [3_723_000, '1:02:03'],
    [-20, '0:00'],
  ])('clock shows %i ms as %s', (ms, expected) => expect(clock(ms)).toBe(expected));

  it.each([
    [400, '0 s'],
    [4000, '4 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [522_000_000, '6 d 1 h'],
  ])('span shows %i ms as %s', (ms, expected) => expect(span(ms)).toBe(expected));

  it.each([
    [0, '0 kbit/s'],
    [640_000, '640 kbit/s'],
    [999_900, '1.0 Mbit/s'],
    [2_540_000, '2.5 Mbit/s'],
  ])('bitrate shows %i bit/s as %s', (bps, expected) => expect(bitrate(bps)).toBe(expected));

  it.each([
    [312, '312 bytes'],
    [1000, '1.0 kB'],
    [4_040_000, '4.0 MB'],
    [7e15, '7000.0 TB'],
  ])('size shows %i as %s', (bytes, expected) => expect(size(bytes)).toBe(expected));

  it('count knows one from many', () => {
    expect([0, 1, 2].map((number) => count(number, 'viewer'))).toEqual([
      '0 viewers',
      '1 viewer',
      '2 viewers',
    ]);
  });

  it('printable shows what would command the terminal', () => {
    expect(printable('a\u001b[31mb\nc\u0007d\u202ee "é %s"')).toBe('a\\e[31mb\\nc\\u0007d\\u202ee "é %s"');
  });

  it('planLines and cureLines tell of what comes by UDP', () => {
    const comes = { ...plan, video: null, byUdp: true } as const;
    expect(planLines(comes).at(-1)).toBe('way:   by UDP, where what is lost stays lost');
    expect(cureLines(comes, 'url')).toEqual(['better at the source: RTSP inside of TCP (interleaved)']);
  });

  it('planLines says what is done with each track, and why', () => {
    expect(planLines(plan)).toEqual([
      'video: transcode hevc → h264 1280x720 at 2.5 Mbit/s, because: hevc; B-frames',
      'audio: copy opus',
    ]);
    expect(planLines({ video: null, audio: null })).toEqual([]);
    const compatible = [
      { codec: 'vp8' as const, width: 852, height: 480, problem: null, cores: 0.204 },
      { codec: 'h264' as const, width: null, height: null, problem: 'ffmpeg makes no h264 of it', cores: 0 },
    ];
    expect(planLines({ ...plan, video: plan.video && { ...plan.video, compatible } }).slice(1, 3)).toEqual([
      '       and for who cannot decode that: vp8 852x480, about 21 % of a core',
      '       and for who cannot decode that: h264, which is not to be had: ffmpeg makes no h264 of it',
    ]);
    const unsized = plan.video && {
      ...plan.video,
      action: 'copy' as const,
      width: 0,
      height: 0,
      bitrateBps: null,
    };
    expect(planLines({ ...plan, video: unsized })[0]).toBe('video: copy hevc');
  });

  it.each([
    { codes: undefined, from: 'file' as const, said: [] },
    // What was asked for, and what is usual, is not odd.
    { codes: ['LARGER', 'BROADCAST_CODEC'] as const, from: 'file' as const, said: [] },
    {
      codes: ['B_FRAMES', 'LARGER', 'INTERLACED'] as const,
      from: 'url' as const,
      said: ['better at the source: -bf 0; -vf bwdif'],
    },
    { codes: ['B_FRAMES'] as const, from: 'publisher' as const, said: [] },
  ])('cureLines says of $codes from a $from: $said', ({ codes, from, said }) => {
    const video = plan.video && { ...plan.video, ...(codes && { codes: [...codes] }) };
    expect(cureLines({ ...plan, video }, from)).toEqual(said);
  });

  it('planLines names an encoder in hardware, and why it is not used any more', () => {
    const encoded = (encoder: VideoEncoder) =>
      planLines({ ...plan, video: plan.video && { ...plan.video, encoder } });
    const vaapi = { name: 'vaapi', device: '/dev/dri/renderD128', instead: null } as const;
    expect(encoded(vaapi)[1]).toBe('       encoder: h264_vaapi on /dev/dri/renderD128');
    const x264 = { name: 'x264', device: null, instead: null } as const;
    expect(encoded(x264)).toEqual(planLines(plan));
    expect(encoded({ ...x264, instead: 'h264_nvenc failed: No capable devices found' })[1]).toBe(
      '       encoder: libx264, since h264_nvenc failed: No capable devices found',
    );
  });

  it('table aligns its columns by what they look like', () => {
    expect(
      table(
        ['NAME', 'N'],
        [
          ['\u001b[32mab\u001b[39m', '1'],
          ['講演', '22'],
          ['longer', '3'],
        ],
        (_, text) => text,
      ),
    ).toEqual(['NAME    N', '\u001b[32mab\u001b[39m      1', '講演    22', 'longer  3']);
  });
});
