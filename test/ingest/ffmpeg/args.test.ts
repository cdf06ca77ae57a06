import { describe, expect, test } from 'vitest';
import type { AudioPlan, Rendition, VideoPlan } from '../../../src/contract/plan.ts';
import { ffmpegArgs } from '../../../src/ingest/ffmpeg/args.ts';
import { plainInput } from '../../../src/ingest/sources/input.ts';
import { fileInput } from '../../helpers/media/file-input.ts';

const counted =
  "asetpts='st(0,if(eq(N,0)+gt(abs(PTS-ld(1)),0.1*SR),PTS,ld(1)));st(1,ld(0)+NB_SAMPLES);ld(0)'";
const stereo = 'aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo';
const sound = `${stereo},${counted}`;
const limiter = 'aresample=192000,alimiter=level=0:limit=0.8414,aresample=48000';
const copy: VideoPlan = {
  action: 'copy',
  index: 0,
  from: 'h264',
  reasons: [],
  codec: 'h264',
  width: 1280,
  height: 720,
  fps: null,
  bitrateBps: null,
  deinterlace: false,
  name: 'source',
  lower: [],
};
const transcode: VideoPlan = { ...copy, action: 'transcode', reasons: ['B-frames'], bitrateBps: 2_450_000 };
const opus: AudioPlan = {
  action: 'copy',
  index: 1,
  from: 'opus',
  reasons: [],
  codec: 'opus',
  track: 0,
  bitrateBps: null,
};
const aac: AudioPlan = {
  ...opus,
  action: 'transcode',
  from: 'aac',
  reasons: ['aac → opus'],
  bitrateBps: 128_000,
};

const whitelists =
  '-protocol_whitelist file -format_whitelist mov,matroska,webm,mpegts,mpeg,flv,avi,asf,mxf,gxf,nut,ivf,dv,rm,wtv,gif,' +
  'ogg,wav,w64,mp3,aac,flac,ac3,eac3,dts,aiff,au,caf,amr,ape,wv,tta';
const head = `-hide_banner -nostdin -nostats -loglevel level+warning ${whitelists}`;
const tail =
  '-map_metadata -1 -map_chapters -1 -output_ts_offset 100 -avoid_negative_ts disabled ' +
  '-max_interleave_delta 1000000 -flush_packets 1 -write_index 0 -f nut pipe:1';
const toOpus = '-c:a libopus -b:a 128000 -ac 2 -application audio -frame_duration 20 -compression_level 7';
const shaped = 'setsar=1,format=yuv420p';
const fittedTo = (width: number, height: number, wider: string, narrower: string) =>
  `scale=if(lt(dar\\,${narrower})\\,2*trunc(${height}*dar/2)\\,${width}):` +
  `if(gt(dar\\,${wider})\\,2*trunc(${width}/dar/2)\\,${height}),pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`;
const fitted = fittedTo(1280, 720, '1.8667', '1.6931');
const thinned = (s: number) => `select=isnan(prev_selected_t)+gte(t\\,prev_selected_t+${s})`;
const lower: Rendition[] = [
  { name: '240p', width: 426, height: 240, fps: null, bitrateBps: 330_000 },
  { name: '480p', width: 854, height: 480, fps: null, bitrateBps: 930_000 },
];

/** The encoder of one rendition: ceiling of the bit rate, slices, key frames in a second, and pictures between two at most. */
function toH264(layer: number, bps: number, slices: number, keys = 1, distance = 120): string {
  const first = `isnan(prev_forced_t)+gt(floor(t*${keys}+0.001),floor(prev_forced_t*${keys}+0.001))`;
  const options =
    `-c libx264 -flags -global_header -preset veryfast -tune zerolatency -profile baseline -threads ${slices} -crf 23 ` +
    `-sc_threshold 0 -maxrate ${bps} -bufsize ${bps / Math.max(2, keys)} -force_key_frames expr:${first} -g ${distance} ` +
    '-fps_mode vfr -enc_time_base 1:90000';
  return options.replace(/-([a-z_]+) (?=[^-]|-global)/g, `-$1:v:${layer} `);
}

describe('ffmpegArgs', () => {
  test.each([
    {
      name: 'copies H.264 in Annex B, and Opus',
      plan: { video: copy, audio: opus },
      expected: `${head} -i file:/talk.mp4 -map 0:0 -c:v:0 copy -bsf:v:0 h264_mp4toannexb -map 0:1 -c:a copy ${tail}`,
    },
    {
      name: 'copies VP9 as it is, and makes Opus of the rest',
      plan: { video: { ...copy, codec: 'vp9' as const, index: 3 }, audio: aac },
      expected: `${head} -i file:/talk.mp4 -filter:a ${sound} -map 0:3 -c:v:0 copy -map 0:1 ${toOpus} ${tail}`,
    },
    {
      name: 'makes H.264, without sound',
      plan: { video: transcode, audio: null },
      expected: `${head} -i file:/talk.mp4 -filter_complex [0:0]${fitted},${shaped}[v0] -map [v0] ${toH264(0, 2_450_000, 4)} ${tail}`,
    },
    {
      name: 'makes frames of fields, at most 60 a second',
      plan: { video: { ...transcode, deinterlace: true, fps: 60 }, audio: null },
      expected: `${head} -i file:/talk.mp4 -filter_complex [0:0]bwdif=mode=send_frame:deint=all,${thinned(0.0147)},${fitted},${shaped}[v0] -map [v0] ${toH264(0, 2_450_000, 4)} ${tail}`,
    },
    {
      name: 'makes every rendition of one decoding, the lowest as the first stream',
      plan: { video: { ...transcode, lower }, audio: null },
      expected:
        `${head} -i file:/talk.mp4 -filter_complex [0:0]${fitted},${shaped},split[v2][below2];` +
        `[below2]scale=854:480,${shaped},split[v1][below1];[below1]scale=426:240,${shaped}[v0] ` +
        `-map [v0] ${toH264(0, 330_000, 1, 4, 30)} -map [v1] ${toH264(1, 930_000, 2)} ` +
        `-map [v2] ${toH264(2, 2_450_000, 4)} ${tail}`,
    },
    {
      name: 'copies the best rendition and makes the others, at half of 60 pictures a second',
      plan: { video: { ...copy, lower: lower.map((one) => ({ ...one, fps: 30 })) }, audio: null },
      expected:
        `${head} -i file:/talk.mp4 -filter_complex [0:0]${thinned(0.0313)},${fittedTo(854, 480, '1.8681', '1.6944')},${shaped},split[v1][below1];` +
        `[below1]scale=426:240,${shaped}[v0] ` +
        `-map [v0] ${toH264(0, 330_000, 1, 4, 15)} -map [v1] ${toH264(1, 930_000, 2, 1, 60)} ` +
        `-map 0:0 -c:v:2 copy -bsf:v:2 h264_mp4toannexb ${tail}`,
    },
    {
      name: 'plays sound alone',
      plan: { video: null, audio: opus },
      expected: `${head} -i file:/talk.mp4 -map 0:1 -c:a copy ${tail}`,
    },
    {
      name: 'begins a copy at the key frame before, and its sound too',
      plan: { video: copy, audio: opus },
      startMs: 61_234.5,
      expected: `${head} -noaccurate_seek -ss 61.234500 -i file:/talk.mp4 -map 0:0 -c:v:0 copy -bsf:v:0 h264_mp4toannexb -map 0:1 -c:a copy ${tail}`,
    },
    {
      name: 'begins a transcode where it is told',
      plan: { video: null, audio: aac },
      startMs: 500,
      expected: `${head} -ss 0.500 -i file:/talk.mp4 -filter:a ${sound} -map 0:1 ${toOpus} ${tail}`,
    },
  ])('$name', ({ plan, startMs, expected }) => {
    const args = ffmpegArgs(plan, fileInput('/talk.mp4'), startMs === undefined ? {} : { startMs });
    expect(args).toEqual(expected.split(' '));
  });

  test.each<{ name: string; level: AudioPlan['level']; limited?: true; options: object; expected: string }>([
    {
      name: 'raises what was measured',
      ...{ level: { targetLufs: -16, gainDb: 6 }, options: {} },
      expected: `${stereo},volume=1.9953,${counted}`,
    },
    {
      name: 'and holds its peaks down',
      ...{ level: { targetLufs: -16, gainDb: 6 }, limited: true as const, options: {} },
      expected: `${stereo},volume=1.9953,${limiter},${counted}`,
    },
    {
      name: 'beside what the operator asks for',
      ...{ level: { targetLufs: -16, gainDb: -6 }, options: { volumePercent: 50 } },
      expected: `${stereo},volume=0.2506,${counted}`,
    },
    {
      name: 'leaves alone what is as loud as it is to be',
      ...{ level: { targetLufs: -16, gainDb: 0 }, options: {} },
      expected: sound,
    },
    {
      name: 'listens to what was not measured, and goes on where its gain stood',
      ...{ level: { targetLufs: -16, gainDb: null }, limited: true as const, options: { fromDb: -6 } },
      expected:
        `${stereo},asplit[main][beside];[beside]ebur128=metadata=1,` +
        `ametadata=mode=print:key=lavfi.r128.M:file=pipe\\\\:5:direct=1,anullsink;[main]volume=0.5012,${limiter},${counted}`,
    },
  ])('$name', ({ level, limited, options, expected }) => {
    const audio = { ...aac, level, ...(limited && { limited }) };
    const args = ffmpegArgs({ video: null, audio }, fileInput('/talk.mp4'), options);
    expect(args[args.indexOf('-filter:a') + 1]).toBe(expected);
    // It is told of each change.
    expect(args.includes('-nostdin')).toBe(level?.gainDb !== null);
  });

  test('takes any name for what it is', () => {
    const path = `/a "b" 'c' %d\n-y http://x|y,z`;
    expect(ffmpegArgs({ video: copy, audio: null }, fileInput(path))).toContain(`file:${path}`);
  });

  const camera = plainInput([{ options: ['-re'], location: 'rtsp://camera' }], { live: true });
  const begin = '-hide_banner -nostdin -nostats -loglevel level+warning -re -i rtsp://camera';
  const liveTail = tail.replace('1000000', '100000');

  test.each([
    {
      name: 'gives the sound of what comes when it is due apart',
      ...{ plan: { video: copy, audio: aac }, input: camera },
      expected:
        `${begin} -map 0:0 -c:v:0 copy -bsf:v:0 h264_mp4toannexb ${liveTail} ` +
        `-filter:a ${sound} -map 0:1 ${toOpus} ${liveTail.replace('pipe:1', 'pipe:4')}`,
    },
    {
      name: 'gives the sound of what comes in bursts with its pictures',
      ...{ plan: { video: copy, audio: opus }, input: { ...camera, realTime: false } },
      expected: `${begin} -map 0:0 -c:v:0 copy -bsf:v:0 h264_mp4toannexb -map 0:1 -c:a copy ${liveTail}`,
    },
    {
      name: 'gives sound alone where it always is',
      ...{ plan: { video: null, audio: opus }, input: camera },
      expected: `${begin} -map 0:1 -c:a copy ${liveTail}`,
    },
  ])('$name', ({ plan, input, expected }) => {
    expect(ffmpegArgs(plan, input)).toEqual(expected.split(' '));
  });

  test('decodes a picture at a time of what comes at its own pace', () => {
    const live = plainInput([{ options: ['-re'], location: 'rtsp://camera' }], { live: true });
    const decoding = '-re -thread_type:v slice -i rtsp://camera';
    expect(ffmpegArgs({ video: transcode, audio: opus }, live).join(' ')).toContain(decoding);
    expect(ffmpegArgs({ video: { ...copy, lower }, audio: opus }, live).join(' ')).toContain(decoding);
    expect(ffmpegArgs({ video: copy, audio: opus }, live)).not.toContain('-thread_type:v');
    expect(ffmpegArgs({ video: transcode, audio: opus }, fileInput('/talk.mp4'))).not.toContain(
      '-thread_type:v',
    );
  });
});
