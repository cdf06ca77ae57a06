import { describe, expect, test } from 'vitest';
import type { AudioProbe, Probe, VideoProbe } from '../../../src/contract/plan.ts';
import { plan as planSchema } from '../../../src/contract/plan.ts';
import { planFor } from '../../../src/ingest/plan/plan.ts';
import type { PlanOptions } from '../../../src/ingest/plan/plan-options.ts';
import { planOptions as options } from '../../helpers/plan-options.ts';

const h264: VideoProbe = {
  index: 0,
  codec: 'h264',
  profile: 'High',
  width: 1280,
  height: 720,
  rotation: 0,
  fps: 30,
  pixelFormat: 'yuv420p',
  interlaced: false,
  squarePixels: true,
  bFrames: false,
  maxKeyframeIntervalMs: 2000,
  bitrateBps: null,
};

const aac: AudioProbe = {
  track: 0,
  index: 1,
  codec: 'aac',
  channels: 2,
  sampleRateHz: 44_100,
  language: null,
  title: null,
  default: false,
  ofPicture: true,
  bitrateBps: null,
};

function probeOf(video: VideoProbe | null, audioTracks: AudioProbe[]): Probe {
  const format = { format: 'mov,mp4', durationMs: 1, startMs: 0, sizeBytes: 1, bitrateBps: null };
  return { path: '/talk.mp4', ...format, video, audioTracks };
}

describe('planFor copies', () => {
  test.each<[string, Partial<VideoProbe>]>([
    ['H.264 high', {}],
    ['H.264 constrained baseline', { profile: 'Constrained Baseline' }],
    ['H.264 in full range', { pixelFormat: 'yuvj420p' }],
    ['H.264 with key frames just close enough', { maxKeyframeIntervalMs: 2500 }],
    ['VP8', { codec: 'vp8', profile: '0' }],
    ['VP9', { codec: 'vp9', profile: 'Profile 0' }],
    ['AV1', { codec: 'av1', profile: 'Main' }],
    ['4K as it is', { width: 3840, height: 2160 }],
    ['odd sizes', { codec: 'vp9', profile: 'Profile 0', width: 641, height: 361 }],
  ])('%s', (_, difference) => {
    const video = { ...h264, ...difference };
    expect(planFor(probeOf(video, []), options)).toEqual({
      video: {
        action: 'copy',
        index: 0,
        from: video.codec,
        reasons: [],
        codec: video.codec,
        width: video.width,
        height: video.height,
        fps: null,
        bitrateBps: null,
        deinterlace: false,
        name: 'source',
        lower: [],
      },
      audio: null,
    });
  });
});

describe('planFor transcodes', () => {
  test.each<[string, Partial<VideoProbe>, string[]]>([
    ['other codecs', { codec: 'prores', pixelFormat: 'yuv422p10le', bFrames: true }, ['prores → h264']],
    [
      '10 bit',
      { profile: 'High 10', pixelFormat: 'yuv420p10le' },
      ['profile High 10', 'pixel format yuv420p10le'],
    ],
    [
      '4:4:4',
      { codec: 'vp9', profile: 'Profile 1', pixelFormat: 'yuv444p' },
      ['profile Profile 1', 'pixel format yuv444p'],
    ],
    ['unknown pixels', { profile: null, pixelFormat: null }, ['profile unknown', 'pixel format unknown']],
    ['B-frames', { bFrames: true }, ['B-frames']],
    ['fields', { interlaced: true }, ['interlaced']],
    ['turned pictures', { rotation: 270 }, ['rotated by 270°']],
    ['turned VP8', { codec: 'vp8', rotation: 180 }, ['rotated by 180°']],
    ['stretched pixels', { squarePixels: false }, ['pixels are not square']],
    ['rare key frames', { maxKeyframeIntervalMs: 2501 }, ['key frames up to 2.6 s apart']],
    [
      'rare key frames of AV1',
      { codec: 'av1', profile: 'Main', maxKeyframeIntervalMs: 10_000 },
      ['key frames up to 10 s apart'],
    ],
    ['unknown key frames', { maxKeyframeIntervalMs: null }, ['distance of key frames unknown']],
    [
      'for all reasons at once',
      { bFrames: true, interlaced: true, maxKeyframeIntervalMs: 4000 },
      ['B-frames', 'interlaced', 'key frames up to 4 s apart'],
    ],
  ])('%s', (_, difference, reasons) => {
    const { video } = planFor(probeOf({ ...h264, ...difference }, []), options);
    expect(video).toMatchObject({ action: 'transcode', codec: 'h264', reasons });
    expect(video?.deinterlace).toBe(difference.interlaced ?? false);
  });

  test.each<[Partial<VideoProbe>, object]>([
    [{}, { width: 1280, height: 720, fps: null, bitrateBps: 2_450_000 }],
    [
      { width: 1920, height: 1080 },
      { width: 1920, height: 1080, bitrateBps: 4_500_000 },
    ],
    [
      { width: 426, height: 240 },
      { width: 426, height: 240, bitrateBps: 470_000 },
    ],
    [
      { width: 1920, height: 1080, fps: 60 },
      { fps: null, bitrateBps: 6_000_000 },
    ],
    [{ fps: 60 }, { fps: null, bitrateBps: 4_120_000 }],
    [{ fps: 119.88 }, { fps: 60, bitrateBps: 4_120_000 }],
    [{ fps: null }, { fps: null, bitrateBps: 2_450_000 }],
    [{ fps: 1 }, { fps: null, bitrateBps: 1_070_000 }],
    [
      { width: 3840, height: 2160 },
      { width: 1920, height: 1080 },
    ],
    [
      { width: 2160, height: 3840 },
      { width: 1080, height: 1920 },
    ],
    [
      { width: 2000, height: 2000 },
      { width: 1080, height: 1080 },
    ],
    [
      { width: 3440, height: 1440 },
      { width: 1920, height: 802 },
    ],
    [
      { width: 641, height: 361 },
      { width: 640, height: 360 },
    ],
    [
      { width: 10_000, height: 3 },
      { width: 1920, height: 2, bitrateBps: 200_000 },
    ],
    [{ bitrateBps: 1_000_000 }, { bitrateBps: 1_500_000 }],
    [{ bitrateBps: 10_000 }, { bitrateBps: 200_000 }],
    [{ codec: 'hevc', bitrateBps: 400_000 }, { bitrateBps: 1_000_000 }],
  ])('%o to %o', (difference, expected) => {
    const { video } = planFor(probeOf({ ...h264, bFrames: true, ...difference }, []), options);
    expect(video).toMatchObject(expected);
  });

  test('no faster than the container, where the rate of the picture is not known', () => {
    const probe = { ...probeOf({ ...h264, bFrames: true }, []), bitrateBps: 800_000 };
    expect(planFor(probe, options).video?.bitrateBps).toBe(1_200_000);
  });

  test('to no more than the configured rate', () => {
    const probe = probeOf({ ...h264, bFrames: true }, []);
    expect(planFor(probe, { ...options, maxBitrateBps: 100_000 }).video?.bitrateBps).toBe(100_000);
  });
});

describe('planFor makes renditions', () => {
  const hd = { ...h264, width: 1920, height: 1080 };
  const p480 = { name: '480p', width: 852, height: 480, fps: null, bitrateBps: 930_000 };
  const p240 = { name: '240p', width: 426, height: 240, fps: null, bitrateBps: 330_000 };
  const copied = { action: 'copy', name: 'source' };

  test.each<[string, VideoProbe, Partial<PlanOptions>, object]>([
    ['none by default', hd, {}, { ...copied, lower: [] }],
    [
      'beside a copy, the lowest first, whatever the order',
      hd,
      { renditions: ['240p', 'source', '480p'] },
      { ...copied, lower: [p240, p480] },
    ],
    [
      'of half as many pictures, from 60 a second',
      { ...hd, fps: 59.94 },
      { renditions: ['source', '240p'] },
      { ...copied, lower: [{ ...p240, fps: 30 }] },
    ],
    [
      'without the source',
      hd,
      { renditions: ['720p', '240p'] },
      {
        ...{ action: 'transcode', name: '720p', reasons: ['larger than 720p'], width: 1280, height: 720 },
        lower: [p240],
      },
    ],
    [
      'upright',
      { ...hd, width: 1080, height: 1920 },
      { renditions: ['source', '240p'] },
      { lower: [{ ...p240, width: 240, height: 426 }] },
    ],
    [
      'none larger than the source',
      { ...h264, width: 640, height: 360 },
      { renditions: ['720p', '480p', '240p'] },
      { ...copied, width: 640, lower: [p240], leftOut: ['720p', '480p'] },
    ],
    [
      'in the codec of the broadcast',
      { ...h264, codec: 'hevc' },
      { codec: 'vp8' },
      { action: 'transcode', codec: 'vp8', reasons: ['hevc → vp8'] },
    ],
    [
      'in another codec than the source',
      { ...h264, codec: 'vp9', profile: 'Profile 0' },
      { codec: 'h264' },
      { action: 'transcode', codec: 'h264', reasons: ['the broadcast is in h264'] },
    ],
    ['by the size: 1080', hd, { renditions: 'auto' }, { ...copied, lower: [p240, p480] }],
    [
      'by the size: 720',
      h264,
      { renditions: 'auto' },
      { ...copied, lower: [p240, expect.objectContaining({ name: '360p', width: 640, height: 360 })] },
    ],
    ['by the size: 480', { ...h264, width: 854, height: 480 }, { renditions: 'auto' }, { lower: [p240] }],
    ['by the size: 240', { ...h264, width: 426, height: 240 }, { renditions: 'auto' }, { lower: [] }],
  ])('%s', (_, video, difference, expected) => {
    const found = planFor(probeOf(video, []), { ...options, ...difference });
    expect(found.video).toMatchObject(expected);
    expect(planSchema.parse(found)).toEqual(found);
  });
});

describe('planFor knows what a machine can encode', () => {
  const hd = { ...h264, width: 1920, height: 1080, bFrames: true };
  /** 1080p30 takes one core, and as much again for 480p, 240p and the decoder. */
  const capacity = { secondsPerMegapixel: 1 / 62.2, cores: 2, freeCores: 2 };
  const plan = (difference: Partial<PlanOptions>) => planFor(probeOf(hd, []), { ...options, ...difference });

  test.each<[string, number, string[], string]>([
    ['all of the ladder', 2, ['240p', '480p'], '1.5 of 2.0 free cores'],
    ['a shorter one', 1.9, ['240p'], '1.3 of 1.9 free cores; source, 480p, 240p would need 1.5'],
    ['the source alone', 1, [], '1.3 of 1.0 free cores; source, 480p, 240p would need 1.5'],
  ])('and makes %s of auto, with the reason', (_, freeCores, lower, ladder) => {
    const { video } = plan({ renditions: 'auto', capacity: { ...capacity, freeCores } });
    expect(video?.lower.map(({ name }) => name)).toEqual(lower);
    expect(video?.ladder).toBe(ladder);
  });

  test('and refuses by name what would stutter, naming what would not', () => {
    const small = { ...capacity, cores: 1.5 };
    expect(() => plan({ renditions: ['source', '720p', '480p'], capacity: small })).toThrow(
      expect.objectContaining({
        code: 'RENDITIONS_TOO_HEAVY',
        message:
          'expected renditions that 1.5 cores encode in real time, got source,720p,480p, which need about 1.9',
        hint: 'Ask for less: --renditions source, or for auto',
      }),
    );
  });

  test('and tries a source that needs one encoder, and copies', () => {
    const none = { ...capacity, cores: 0.1, freeCores: 0 };
    expect(plan({ capacity: none }).video?.lower).toEqual([]);
    const copied = planFor(probeOf({ ...hd, bFrames: false }, []), { ...options, capacity: none });
    expect(copied.video?.action).toBe('copy');
  });
});

describe('planFor chooses sound', () => {
  const second = { ...aac, track: 1, index: 2, default: true };
  const third = { ...aac, track: 2, index: 5, codec: 'opus', channels: 1 };

  test.each<[string, AudioProbe[], number | null, object | null]>([
    ['none', [], null, null],
    [
      'the default',
      [aac, second, third],
      null,
      { action: 'transcode', index: 2, track: 1, reasons: ['aac → opus'] },
    ],
    [
      'the first without a default',
      [aac, third],
      null,
      { index: 1, track: 0, from: 'aac', bitrateBps: 128_000 },
    ],
    [
      'a number',
      [aac, second, third],
      2,
      { action: 'copy', index: 5, track: 2, reasons: [], bitrateBps: null },
    ],
    ['mono', [{ ...aac, channels: 1 }], null, { bitrateBps: 64_000 }],
    ['5.1', [{ ...aac, codec: 'ac3', channels: 6 }], null, { reasons: ['ac3 → opus'], bitrateBps: 128_000 }],
    [
      'Opus in 5.1',
      [{ ...aac, codec: 'opus', channels: 6 }],
      null,
      { action: 'transcode', reasons: ['6 channels'] },
    ],
  ])('%s', (_, tracks, audioTrack, expected) => {
    const found = planFor(probeOf(h264, tracks), { ...options, audioTrack });
    if (expected) expect(found.audio).toMatchObject({ codec: 'opus', ...expected });
    else expect(found.audio).toBe(null);
    expect(planSchema.parse(found)).toEqual(found);
  });

  const opus = { ...aac, codec: 'opus' };
  const quiet = { integratedLufs: -30, truePeakDb: -20, rangeLu: 5 };
  const reason = 'brought to -23 LUFS';

  test.each<[string, AudioProbe, Partial<PlanOptions>, object]>([
    ['auto: what is encoded, slowly', aac, {}, { level: { targetLufs: -16, gainDb: null }, limited: true }],
    ['auto: by what was measured', aac, { measured: quiet }, { level: { targetLufs: -16, gainDb: 14 } }],
    [
      'with its peaks held down',
      aac,
      { measured: { ...quiet, truePeakDb: -12 } },
      { level: { targetLufs: -16, gainDb: 14 }, limited: true },
    ],
    [
      'no further than makes sense',
      aac,
      { measured: { ...quiet, integratedLufs: -50 } },
      { level: { targetLufs: -16, gainDb: 20 }, limited: true },
    ],
    [
      'nothing of silence',
      aac,
      { measured: { ...quiet, integratedLufs: null, truePeakDb: null } },
      { level: { targetLufs: -16, gainDb: 0 } },
    ],
    [
      'slowly where damage was measured',
      aac,
      { measured: { ...quiet, integratedLufs: 10, truePeakDb: 95.5 } },
      { level: { targetLufs: -16, gainDb: null }, limited: true },
    ],
    ['auto: Opus stays as it is', opus, {}, { action: 'copy', reasons: [] }],
    [
      'a number: Opus too',
      opus,
      { loudness: -23, measured: quiet },
      { action: 'transcode', reasons: [reason], codes: ['LOUDNESS'], level: { targetLufs: -23, gainDb: 7 } },
    ],
    [
      'a number: what is encoded anyway',
      aac,
      { loudness: -23 },
      { reasons: ['aac → opus'], level: { targetLufs: -23, gainDb: null } },
    ],
    ['off: as it comes', aac, { loudness: 'off' }, { action: 'transcode', reasons: ['aac → opus'] }],
    ['off: what is added up is held down', { ...aac, channels: 6 }, { loudness: 'off' }, { limited: true }],
  ])('and its loudness: %s', (_, track, difference, expected) => {
    const { audio } = planFor(probeOf(h264, [track]), { ...options, loudness: 'auto', ...difference });
    expect(audio).toMatchObject(expected);
    expect([audio?.level, audio?.limited]).toEqual([
      (expected as { level?: object }).level,
      (expected as { limited?: true }).limited ?? (audio?.level?.gainDb === null || undefined),
    ]);
  });

  const mono = { ...aac, channels: 1, default: false };
  const other = { ...mono, track: 1, index: 3 };
  const both = { left: { index: 1, channel: null }, right: { index: 3, channel: null } };
  const words = 'track 0 → left, track 1 → right';

  test.each<[string, AudioProbe[], Partial<PlanOptions>, object]>([
    [
      'two tracks of mono',
      [mono, other],
      {},
      { sides: both, reasons: ['aac → opus', words], bitrateBps: 128_000 },
    ],
    [
      'of Opus too',
      [
        { ...mono, codec: 'opus' },
        { ...other, codec: 'opus' },
      ],
      {},
      { action: 'transcode', sides: both, reasons: [words], codes: ['SIDES'] },
    ],
    ['not of another language', [mono, { ...other, language: 'de' }], {}, { track: 0 }],
    ['not of another name', [mono, { ...other, title: 'Commentary' }], {}, { track: 0 }],
    ['nor of three', [mono, other, { ...other, track: 2, index: 4 }], {}, { track: 0 }],
    ['nor where one is asked for', [mono, other], { audioTrack: 1 }, { track: 1 }],
    [
      'what is asked for, channel by channel',
      [{ ...aac, channels: 4 }, other],
      { audioMap: '0:2+1' },
      {
        sides: { left: { index: 1, channel: 2 }, right: { index: 3, channel: null } },
        reasons: ['aac → opus', 'track 0, channel 2 → left, track 1 → right'],
      },
    ],
  ])('of %s become left and right', (_, tracks, difference, expected) => {
    const found = planFor(probeOf(h264, tracks), { ...options, ...difference });
    expect(found.audio).toMatchObject(expected);
    expect(found.audio?.sides).toEqual((expected as { sides?: object }).sides);
    expect(planSchema.parse(found)).toEqual(found);
  });

  test('and refuses a channel that is not there', () => {
    expect(() => planFor(probeOf(h264, [aac]), { ...options, audioMap: '0:1+0:2' })).toThrow(
      'expected one of the audio tracks of /talk.mp4 with their channels, from 0 on (0 of 2), got 0:2',
    );
  });

  test.each<[AudioProbe[], string]>([
    [[aac, second], 'expected one of the audio tracks of /talk.mp4 (0, 1), got 2'],
    [[], 'expected one of the audio tracks of /talk.mp4 (none), got 2'],
  ])('and refuses a number that is not there', (tracks, message) => {
    expect(() => planFor(probeOf(h264, tracks), { ...options, audioTrack: 2 })).toThrow(
      expect.objectContaining({
        code: 'SOURCE_TRACK_NOT_FOUND',
        message,
        hint: 'List its tracks: mirolive probe /talk.mp4',
      }),
    );
  });
});
