import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plan, probe } from '../../../src/contract/plan.ts';
import { planFor } from '../../../src/ingest/plan/plan.ts';
import { ffprobeOutput, readFfprobeOutput } from '../../../src/ingest/probe/ffprobe-output.ts';
import { planOptions } from '../../helpers/plan-options.ts';

const format = {
  format_name: 'mov,mp4',
  start_time: '0.000000',
  duration: '10.5',
  size: '1',
  bit_rate: '800000',
};
const h264 = { index: 0, codec_type: 'video', codec_name: 'h264', width: 1920, height: 1080 };
const aac = { index: 1, codec_type: 'audio', codec_name: 'aac', channels: 2, sample_rate: '48000' };

function read(...streams: object[]) {
  return readFfprobeOutput({ path: '/talk.mp4', sizeBytes: 1 }, ffprobeOutput.parse({ streams, format }));
}

test.each([
  {
    name: 'a display matrix against the clock',
    extra: { side_data_list: [{ rotation: -90 }] },
    rotation: 90,
  },
  { name: 'a display matrix with the clock', extra: { side_data_list: [{ rotation: 90 }] }, rotation: 270 },
  { name: 'a display matrix upside down', extra: { side_data_list: [{ rotation: -180 }] }, rotation: 180 },
  {
    name: 'a matrix that is off by a little',
    extra: { side_data_list: [{ rotation: -90.4 }] },
    rotation: 90,
  },
  { name: 'the tag of older versions', extra: { tags: { rotate: '90' } }, rotation: 90 },
  {
    name: 'the matrix before the tag',
    extra: { side_data_list: [{}, { rotation: -90 }], tags: { rotate: '270' } },
    rotation: 90,
  },
  { name: 'no matrix', extra: { side_data_list: [{ side_data_type: 'CPB properties' }] }, rotation: 0 },
])('readFfprobeOutput turns by $name', ({ extra, rotation }) => {
  expect(read({ ...h264, ...extra }).video?.rotation).toBe(rotation);
});

test.each([
  { name: 'of several programmes', programmes: [[0], [1, 2]], own: [false, true], sound: 2 },
  {
    name: 'in a programme and for all',
    programmes: [
      [1, 2],
      [0, 2],
    ],
    own: [false, true],
    sound: 2,
  },
  { name: 'in none', programmes: [[1]], own: [true, true], sound: 0 },
  { name: 'of no programmes', programmes: [], own: [true, true], sound: 0 },
  { name: 'in another one alone', programmes: [[0, 2], [1]], own: [false, false], sound: null },
])("the sound $name that is the picture's own is played", ({ programmes, own, sound }) => {
  const streams = [
    { ...aac, index: 0 },
    { ...h264, index: 1 },
    { ...aac, index: 2 },
  ];
  const programs = programmes.map((tracks) => ({ streams: tracks.map((index) => ({ index })) }));
  const found = readFfprobeOutput(
    { path: '/talk.ts', sizeBytes: 1 },
    ffprobeOutput.parse({ streams, format, programs }),
  );
  expect(found.audioTracks.map(({ ofPicture }) => ofPicture)).toEqual(own);
  expect(planFor(found, planOptions).audio?.index ?? null).toBe(sound);
});

test.each([
  { aspect: undefined, squarePixels: true, width: 1920 },
  { aspect: '0:1', squarePixels: true, width: 1920 },
  { aspect: '1:1', squarePixels: true, width: 1920 },
  { aspect: '1280:1281', squarePixels: true, width: 1920 },
  { aspect: '4:3', squarePixels: false, width: 2560 },
  { aspect: '8:9', squarePixels: false, width: 1707 },
])('readFfprobeOutput shows pixels of $aspect as $width wide', ({ aspect, squarePixels, width }) => {
  expect(read({ ...h264, sample_aspect_ratio: aspect }).video).toMatchObject({
    squarePixels,
    width,
    height: 1080,
  });
});

test('readFfprobeOutput leaves covers, thumbnails and unknown streams out', () => {
  const found = read(
    { ...h264, codec_name: 'mjpeg', disposition: { attached_pic: 1 } },
    { ...h264, codec_name: 'mjpeg', disposition: { timed_thumbnails: 1 } },
    { index: 2, codec_type: 'video', width: 10, height: 10 },
    { ...h264, index: 3, width: 0 },
    { index: 4, codec_type: 'data' },
    { index: 5 },
    { index: 6, codec_type: 'subtitle', codec_name: 'subrip' },
  );
  expect(found).toMatchObject({ video: null, audioTracks: [], cover: 0 });
  expect(read({ ...h264, disposition: { attached_pic: 1 } }, { ...h264, index: 1 })).not.toHaveProperty(
    'cover',
  );
});

test('readFfprobeOutput takes the default picture, else the first', () => {
  expect(read(h264, { ...h264, index: 1, disposition: { default: 1 } }).video?.index).toBe(1);
  expect(read(h264, { ...h264, index: 1 }).video?.index).toBe(0);
});

test('readFfprobeOutput keeps the numbers of audio tracks where one cannot be read', () => {
  const found = read(
    h264,
    { ...aac, channels: 0 },
    { ...aac, index: 2, tags: { language: 'deu', title: 'Ton' } },
  );
  expect(found.audioTracks).toEqual([
    {
      track: 1,
      index: 2,
      codec: 'aac',
      channels: 2,
      sampleRateHz: 48_000,
      language: 'deu',
      title: 'Ton',
      default: false,
      ofPicture: true,
      bitrateBps: null,
    },
  ]);
});

test.each(['N/A', '0'])('readFfprobeOutput takes what is not known for null, as a rate of %s', (rate) => {
  const output = ffprobeOutput.parse({
    streams: [{ ...h264, avg_frame_rate: '0/0', bit_rate: rate }],
    format: { format_name: 'mpegts', start_time: 'N/A' },
  });
  const found = readFfprobeOutput({ path: '/talk.ts', sizeBytes: 1 }, output);
  expect(found).toMatchObject({ durationMs: null, startMs: 0, bitrateBps: null });
  expect(found.video).toMatchObject({ fps: null, bitrateBps: null, profile: null, pixelFormat: null });
});

const subtitles = { index: 2, codec_type: 'subtitle', codec_name: 'subrip', duration: '10.5' };

test.each([
  { name: 'the container, where tracks say nothing', tracks: [h264, aac], durationMs: 10_500 },
  {
    name: 'the longest of picture and sound, where subtitles are longer',
    tracks: [{ ...h264, start_time: '0.5', duration: '6' }, { ...aac, duration: '5' }, subtitles],
    durationMs: 6500,
  },
  {
    name: 'what is played, where another sound is longer',
    tracks: [
      { ...h264, duration: '6' },
      { ...aac, duration: '6' },
      { ...aac, index: 2, duration: '10.5' },
    ],
    durationMs: 6000,
  },
  {
    name: 'the tags of Matroska',
    tracks: [
      { ...h264, tags: { DURATION: '00:00:06.250000000' } },
      { ...aac, tags: { DURATION: '00:00:07.5' } },
      subtitles,
    ],
    durationMs: 7500,
  },
  {
    name: 'the container, where one of them says nothing',
    tracks: [{ ...h264, duration: '6' }, aac, subtitles],
    durationMs: 10_500,
  },
  {
    name: 'the container, where they are about as long',
    tracks: [
      { ...h264, duration: '10' },
      { ...aac, duration: '9.9' },
    ],
    durationMs: 10_500,
  },
])('readFfprobeOutput takes the length of $name', ({ tracks, durationMs }) => {
  expect(read(...tracks).durationMs).toBe(durationMs);
});

/** What a file may make ffprobe say in place of a number. */
const claimed = fc.constantFrom('N/A', '0', '-1', '0.5', '30', '9223372036854775807', '9'.repeat(400));
const ratios = fc.constantFrom('0/0', '1:1', '2147483647/1', '1:2147483647', '-5/3', '9'.repeat(400));

test('readFfprobeOutput finds in any file what an ingest process may say', () => {
  const track = fc.record(
    {
      ...{ width: fc.integer(), height: fc.integer(), has_b_frames: fc.integer(), channels: fc.integer() },
      ...{ bit_rate: claimed, start_time: claimed, duration: claimed, sample_rate: claimed },
      ...{ avg_frame_rate: ratios, sample_aspect_ratio: ratios },
      tags: fc.dictionary(fc.constantFrom('BPS', 'rotate', 'DURATION'), claimed),
      side_data_list: fc.array(fc.record({ rotation: claimed }, { requiredKeys: [] })),
    },
    { requiredKeys: [] },
  );
  const whole = fc.record({ start_time: claimed, duration: claimed, bit_rate: claimed });
  fc.assert(
    fc.property(track, track, whole, (picture, sound, of) => {
      const streams = [
        { ...h264, ...picture },
        { ...aac, ...sound },
      ];
      const output = ffprobeOutput.parse({ streams, format: { ...of, format_name: 'matroska' } });
      const found = readFfprobeOutput({ path: '/talk.mkv', sizeBytes: 1 }, output);
      probe.parse(found);
      plan.parse(planFor(found, planOptions));
    }),
  );
});
