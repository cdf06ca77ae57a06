import { describe, expect, test } from 'vitest';
import type { AudioPlan, VideoPlan } from '../../../src/contract/models.ts';
import { ffmpegArgs } from '../../../src/ingest/ffmpeg/args.ts';

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
  '-protocol_whitelist file -format_whitelist mov,matroska,webm,mpegts,mpeg,flv,avi,asf,mxf,gxf,nut,ivf,dv,rm,wtv,' +
  'ogg,wav,w64,mp3,aac,flac,ac3,eac3,dts,aiff,au,caf,amr,ape,wv,tta';
const head = `-hide_banner -nostdin -nostats -loglevel level+warning ${whitelists}`;
const tail =
  '-map_metadata -1 -map_chapters -1 -output_ts_offset 100 -avoid_negative_ts disabled ' +
  '-max_interleave_delta 1000000 -flush_packets 1 -write_index 0 -f nut pipe:1';
const toOpus = '-c:a libopus -b:a 128000 -ac 2 -application audio -frame_duration 20';
const toH264 =
  '-c:v libx264 -preset veryfast -tune zerolatency -profile:v baseline -flags:v -global_header -threads:v 4 ' +
  '-crf 23 -maxrate:v 2450000 -bufsize:v 2450000 ' +
  '-force_key_frames expr:isnan(prev_forced_t)+gte(t,prev_forced_t+1) -sc_threshold 0';
const ownTimes = '-fps_mode:v vfr -enc_time_base:v 1:90000';

describe('ffmpegArgs', () => {
  test.each([
    {
      name: 'copies H.264 in Annex B, and Opus',
      plan: { video: copy, audio: opus },
      expected: `${head} -i file:/talk.mp4 -map 0:0 -c:v copy -bsf:v h264_mp4toannexb -map 0:1 -c:a copy ${tail}`,
    },
    {
      name: 'copies VP9 as it is, and makes Opus of the rest',
      plan: { video: { ...copy, codec: 'vp9' as const, index: 3 }, audio: aac },
      expected: `${head} -i file:/talk.mp4 -filter:a aresample=48000:async=1 -map 0:3 -c:v copy -map 0:1 ${toOpus} ${tail}`,
    },
    {
      name: 'makes H.264, without sound',
      plan: { video: transcode, audio: null },
      expected: `${head} -i file:/talk.mp4 -filter:v scale=1280:720,setsar=1,format=yuv420p -map 0:0 ${toH264} -g 120 ${ownTimes} ${tail}`,
    },
    {
      name: 'makes frames of fields, at most 60 a second',
      plan: { video: { ...transcode, deinterlace: true, fps: 60 }, audio: null },
      expected: `${head} -i file:/talk.mp4 -filter:v bwdif=mode=send_frame:deint=all,fps=60,scale=1280:720,setsar=1,format=yuv420p -map 0:0 ${toH264} -g 120 ${ownTimes} ${tail}`,
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
      expected: `${head} -noaccurate_seek -ss 61.234 -i file:/talk.mp4 -map 0:0 -c:v copy -bsf:v h264_mp4toannexb -map 0:1 -c:a copy ${tail}`,
    },
    {
      name: 'begins a transcode where it is told',
      plan: { video: null, audio: aac },
      startMs: 500,
      expected: `${head} -ss 0.500 -i file:/talk.mp4 -filter:a aresample=48000:async=1 -map 0:1 ${toOpus} ${tail}`,
    },
  ])('$name', ({ plan, startMs, expected }) => {
    const args = ffmpegArgs(plan, { path: '/talk.mp4', ...(startMs === undefined ? {} : { startMs }) });
    expect(args).toEqual(expected.split(' '));
  });

  test('takes any name for what it is', () => {
    const path = `/a "b" 'c' %d\n-y http://x|y,z`;
    expect(ffmpegArgs({ video: copy, audio: null }, { path })).toContain(`file:${path}`);
  });
});
