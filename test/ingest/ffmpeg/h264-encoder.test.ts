import { describe, expect, test } from 'vitest';
import type { VideoEncoder, VideoPlan } from '../../../src/contract/plan.ts';
import { blamesEncoder, complaintIn } from '../../../src/ingest/ffmpeg/complaint.ts';
import { x264Encoder } from '../../../src/ingest/ffmpeg/h264-encoder.ts';
import { videoOutput } from '../../../src/ingest/ffmpeg/video-output.ts';

const plan: VideoPlan = {
  ...{ action: 'transcode', index: 0, from: 'hevc', reasons: ['hevc → h264'], codec: 'h264', name: 'source' },
  ...{ width: 1280, height: 720, fps: null, bitrateBps: 2_000_000, deinterlace: false },
  lower: [{ name: '240p', width: 426, height: 240, fps: null, bitrateBps: 300_000 }],
};
const named = (name: VideoEncoder['name'], device: string | null = null): VideoEncoder => ({
  ...{ name, device, instead: null },
});
const rates = '-bf 0 -b 1600000 -maxrate 2000000 -bufsize 2000000';
const fitted =
  'scale=if(lt(dar\\,1.6931)\\,2*trunc(720*dar/2)\\,1280):if(gt(dar\\,1.8667)\\,2*trunc(1280/dar/2)\\,720),' +
  'pad=1280:720:(ow-iw)/2:(oh-ih)/2';
const chains = (format: string) =>
  `[0:0]${fitted},setsar=1,format=${format},split[v1][below1];[below1]scale=426:240,setsar=1,format=${format}[v0]`;
const onHardware =
  `[0:0]${fitted},setsar=1,format=nv12,split[plain1][below1];[plain1]hwupload[v1];` +
  '[below1]scale=426:240,setsar=1,format=nv12[plain0];[plain0]hwupload[v0]';

describe('videoOutput encodes H.264', () => {
  test.each([
    {
      ...{ encoder: named('vaapi', '/dev/dri/renderD129'), filters: onHardware },
      hardware: '-init_hw_device vaapi=gpu:/dev/dri/renderD129 -filter_hw_device gpu',
      options: `-c h264_vaapi -flags -global_header -profile constrained_baseline -async_depth 1 ${rates}`,
    },
    {
      ...{ encoder: named('nvenc'), filters: chains('nv12'), hardware: '' },
      options:
        '-c h264_nvenc -flags -global_header -preset p3 -tune ull -zerolatency 1 -delay 0 -profile baseline ' +
        `-rc vbr -forced-idr 1 ${rates}`,
    },
    {
      ...{ encoder: named('qsv'), filters: chains('nv12'), hardware: '' },
      options:
        '-c h264_qsv -flags -global_header -preset veryfast -async_depth 1 -profile baseline ' +
        `-forced_idr 1 ${rates}`,
    },
    {
      ...{ encoder: named('v4l2m2m'), filters: chains('nv12'), hardware: '' },
      options: `-c h264_v4l2m2m -flags -global_header -profile 578 ${rates}`,
    },
    {
      ...{ encoder: x264Encoder, filters: chains('yuv420p'), hardware: '' },
      options:
        '-c libx264 -flags -global_header -preset veryfast -tune zerolatency -profile baseline -threads 4 ' +
        '-crf 23 -sc_threshold 0 -maxrate 2000000 -bufsize 1000000',
    },
  ])('by $encoder.name, each rendition in its own stream', ({ encoder, filters, hardware, options }) => {
    const output = videoOutput({ ...plan, encoder }, '0:0');
    expect(output.hardware.join(' ')).toBe(hardware);
    expect(output.filters).toBe(filters);
    const [, low = '', top = ''] = output.options.join(' ').split(/-map \[v\d\] /);
    expect(top.replaceAll(':v:1 ', ' ')).toMatch(
      new RegExp(`^${options} -force_key_frames expr:\\S+ -g 120 -fps_mode vfr -enc_time_base 1:90000$`),
    );
    expect(low).toContain('-maxrate:v:0 300000');
    expect(low).toContain('-g:v:0 30');
  });

  test('and has no hardware open for what is copied', () => {
    const copied: VideoPlan = { ...plan, action: 'copy', lower: [], encoder: named('vaapi') };
    expect(videoOutput(copied, '0:0')).toMatchObject({ hardware: [], filters: null });
  });
});

/** What ffmpeg 5.1 and 7.0 write with `-loglevel level+warning`, as a pipeline hands it on. */
const words = {
  noDriver:
    'ffmpeg ended with code 1: [AVHWDeviceContext @ 0x55b4fe512980] [error] No VA display found for device /dev/dri/renderD128.; ' +
    "[error] Device creation failed: -22.; [error] Failed to set value 'vaapi=gpu:/dev/dri/renderD128' for option 'init_hw_device': Invalid argument; " +
    '[fatal] Error parsing global options: Invalid argument',
  sessions:
    'ffmpeg ended with code 1: [h264_nvenc @ 0x5587bfe46440] [error] OpenEncodeSessionEx failed: out of memory (10): (no details); ' +
    '[error] Error initializing output stream 0:0 -- Error while opening encoder for output stream #0:0 - maybe incorrect parameters such as bit_rate, rate, width or height',
  deviceLost:
    'ffmpeg ended with code 1: [vost#0:0/h264_vaapi @ 0x55d0] [error] Error submitting video frame to the encoder',
  stuck: 'no output for 3000 ms',
  killed: 'ffmpeg was ended by SIGKILL',
  source: 'ffmpeg ended with code 1: [error] file:/talk.mp4: Input/output error',
};

describe('a failure', () => {
  test.each([
    [words.noDriver, true, 'No VA display found for device /dev/dri/renderD128'],
    [words.sessions, true, 'OpenEncodeSessionEx failed: out of memory (10): (no details)'],
    [words.deviceLost, true, 'Error submitting video frame to the encoder'],
    [words.killed, false, null],
    [words.stuck, false, null],
    [words.source, false, 'file:/talk.mp4: Input/output error'],
  ])('of %j blames the encoder in hardware: %s', (message, blamed, complaint) => {
    expect(blamesEncoder(named('nvenc'), message, false)).toBe(blamed);
    expect(blamesEncoder(named('nvenc'), message, true)).toBe(blamed || message === words.stuck);
    expect(blamesEncoder(x264Encoder, message, true)).toBe(false);
    expect(complaintIn(message)).toBe(complaint);
  });
});
