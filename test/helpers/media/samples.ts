import { aac, h264, opus, picture, type Recipe, tone, turnClockwise } from './recipes.ts';

/** One media file of the table, and how it is to be played with the default configuration. */
export interface Sample extends Recipe {
  /** Its file name. */
  readonly name: string;
  readonly expect: {
    readonly video: ExpectedVideo | null;
    readonly audio: ExpectedAudio | null;
  };
}

export interface ExpectedVideo {
  readonly action: 'copy' | 'transcode';
  readonly codec: 'h264' | 'vp8' | 'vp9' | 'av1';
  readonly reasons: readonly string[];
  /** As the source is shown: after rotation, with square pixels. */
  readonly size: readonly [width: number, height: number];
}

export interface ExpectedAudio {
  readonly action: 'copy' | 'transcode';
  readonly reasons: readonly string[];
  /** The pitch that a viewer hears. */
  readonly toneHz: number;
}

const size = '640x360';

/** Every sample has a moving picture, a steady tone of its own, or both; all are shorter than 13 s. */
export const samples = [
  {
    name: 'talk.mp4',
    args: [
      ...picture('1280x720', 10),
      ...tone(440, 10),
      ...h264(30),
      '-b:v',
      '1500k',
      ...aac,
      '-movflags',
      '+faststart',
    ],
    expect: { video: copied('h264', [1280, 720]), audio: encoded(440, 'aac → opus') },
  },
  {
    name: 'h264-high-b-frames.mp4',
    args: [...picture(size, 8), ...tone(460, 8), ...h264(30, 3), '-profile:v', 'high', ...aac],
    expect: { video: transcoded([640, 360], 'B-frames'), audio: encoded(460, 'aac → opus') },
  },
  {
    name: 'h264-baseline.mp4',
    args: [...picture(size, 8), ...tone(480, 8), ...h264(60), '-profile:v', 'baseline', ...aac],
    expect: { video: copied('h264', [640, 360]), audio: encoded(480, 'aac → opus') },
  },
  {
    name: 'key-frames-10s.mp4',
    args: [...picture(size, 12), ...tone(500, 12), ...h264(300), ...aac],
    expect: {
      video: transcoded([640, 360], 'key frames up to 10 s apart'),
      audio: encoded(500, 'aac → opus'),
    },
  },
  {
    name: 'hevc-10bit.mkv',
    args: [
      ...[
        ...picture(size, 8),
        ...tone(520, 8),
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-pix_fmt',
        'yuv420p10le',
      ],
      ...['-x265-params', 'log-level=error', '-b:v', '900k', '-c:a', 'flac'],
    ],
    expect: { video: transcoded([640, 360], 'hevc → h264'), audio: encoded(520, 'flac → opus') },
  },
  {
    name: 'vp8-vorbis.webm',
    args: [
      ...[...picture(size, 8), ...tone(540, 8), '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'],
      ...['-g', '30', '-b:v', '900k', '-c:a', 'libvorbis'],
    ],
    expect: { video: copied('vp8', [640, 360]), audio: encoded(540, 'vorbis → opus') },
  },
  {
    name: 'vp9-opus.webm',
    args: [
      ...[
        ...picture(size, 8),
        ...tone(560, 8),
        '-c:v',
        'libvpx-vp9',
        '-deadline',
        'realtime',
        '-cpu-used',
        '8',
      ],
      ...['-g', '30', '-b:v', '900k', ...opus],
    ],
    expect: { video: copied('vp9', [640, 360]), audio: copiedOpus(560) },
  },
  {
    name: 'av1-opus.mp4',
    args: [
      ...[...picture(size, 8), ...tone(580, 8), '-c:v', 'libaom-av1', '-usage', 'realtime', '-cpu-used', '8'],
      ...['-g', '30', '-b:v', '900k', '-pix_fmt', 'yuv420p', ...opus],
    ],
    expect: { video: copied('av1', [640, 360]), audio: copiedOpus(580) },
  },
  {
    name: 'h264-interlaced.ts',
    args: [
      ...[...picture('720x576', 8, 50), ...tone(600, 8), '-vf', 'tinterlace=interleave_top,setsar=16/15'],
      ...[...h264(25), '-flags', '+ildct+ilme', '-x264-params', 'tff=1', '-c:a', 'mp2'],
    ],
    expect: {
      video: transcoded([768, 576], 'interlaced', 'pixels are not square'),
      audio: encoded(600, 'mp2 → opus'),
    },
  },
  {
    name: 'mpeg2-interlaced.ts',
    args: [
      ...[...picture('720x576', 8, 50), ...tone(620, 8), '-vf', 'tinterlace=interleave_top,setsar=16/15'],
      ...['-c:v', 'mpeg2video', '-b:v', '3M', '-flags', '+ildct+ilme', '-c:a', 'ac3'],
    ],
    expect: { video: transcoded([768, 576], 'mpeg2video → h264'), audio: encoded(620, 'ac3 → opus') },
  },
  {
    name: 'variable-frame-rate.mp4',
    args: [
      ...[
        ...picture(size, 8, 60),
        ...tone(640, 8),
        '-vf',
        "select='if(lt(t,4),not(mod(n,6)),gt(mod(n,5),1))'",
      ],
      ...['-fps_mode', 'vfr', ...h264(30, 2), ...aac],
    ],
    expect: {
      video: transcoded([640, 360], 'B-frames', 'key frames up to 3 s apart'),
      audio: encoded(640, 'aac → opus'),
    },
  },
  {
    name: 'portrait-rotated.mp4',
    args: [...picture(size, 8), ...tone(660, 8), ...h264(30), ...aac],
    patch: turnClockwise,
    expect: { video: transcoded([360, 640], 'rotated by 90°'), audio: encoded(660, 'aac → opus') },
  },
  {
    name: 'surround-ac3.mkv',
    args: [
      ...picture(size, 8),
      ...tone(680, 8),
      ...h264(30),
      '-af',
      'pan=5.1|FL=c0|FR=c0|FC=c0',
      '-c:a',
      'ac3',
    ],
    expect: { video: copied('h264', [640, 360]), audio: encoded(680, 'ac3 → opus') },
  },
  {
    name: 'mono-8khz.mov',
    args: [...picture(size, 8), ...tone(700, 8, 8000), ...h264(30), '-c:a', 'pcm_mulaw'],
    expect: { video: copied('h264', [640, 360]), audio: encoded(700, 'pcm_mulaw → opus') },
  },
  {
    name: 'no-sound.mp4',
    args: [...picture(size, 8), ...h264(30)],
    expect: { video: copied('h264', [640, 360]), audio: null },
  },
  {
    name: 'sound-with-cover.mp3',
    args: [
      ...[
        ...tone(720, 8),
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=300x300:rate=1:duration=1',
        '-map',
        '0',
        '-map',
        '1',
      ],
      ...['-c:a', 'libmp3lame', '-c:v', 'mjpeg', '-frames:v', '1', '-disposition:v', 'attached_pic'],
    ],
    expect: { video: null, audio: encoded(720, 'mp3 → opus') },
  },
  {
    name: 'sound.wav',
    args: tone(740, 8, 44_100),
    expect: { video: null, audio: encoded(740, 'pcm_s16le → opus') },
  },
  {
    name: 'sound.opus',
    args: [...tone(760, 8), ...opus],
    expect: { video: null, audio: copiedOpus(760) },
  },
  {
    name: 'surround-opus.mkv',
    args: [...tone(780, 8), '-af', 'pan=5.1|FL=c0|FR=c0|FC=c0', ...opus, '-b:a', '256k'],
    expect: { video: null, audio: encoded(780, '6 channels') },
  },
  {
    name: 'index-at-end.mp4',
    args: [...picture(size, 8), ...tone(800, 8), ...h264(30), ...aac],
    expect: { video: copied('h264', [640, 360]), audio: encoded(800, 'aac → opus') },
  },
  {
    // Opus begins 6.5 ms before the picture, to warm its decoder up.
    name: 'negative-start.mkv',
    args: [...picture(size, 8), ...tone(820, 8), ...h264(30), ...opus],
    expect: { video: copied('h264', [640, 360]), audio: copiedOpus(820) },
  },
  {
    name: 'three-audio-tracks.mkv',
    args: [
      ...[...picture(size, 8), ...tone(840, 8), ...tone(860, 8), ...tone(880, 8)],
      ...['-map', '0', '-map', '1', '-map', '2', '-map', '3', ...h264(30), ...aac, '-c:a:2', 'libopus'],
      ...['-disposition:a:0', '0', '-disposition:a:1', 'default', '-disposition:a:2', '0'],
      ...[
        '-metadata:s:a:0',
        'language=eng',
        '-metadata:s:a:1',
        'language=deu',
        '-metadata:s:a:2',
        'language=fra',
      ],
    ],
    expect: { video: copied('h264', [640, 360]), audio: encoded(860, 'aac → opus') },
  },
  {
    name: 'odd-size.mkv',
    args: [
      ...[...picture(size, 8), ...tone(900, 8), '-vf', 'scale=641:361', '-c:v', 'mjpeg', '-q:v', '6'],
      ...['-c:a', 'libmp3lame'],
    ],
    expect: { video: transcoded([641, 361], 'mjpeg → h264'), audio: encoded(900, 'mp3 → opus') },
  },
  {
    name: 'anamorphic.mp4',
    args: [...picture('640x480', 8), ...tone(920, 8), '-vf', 'setsar=4/3', ...h264(30), ...aac],
    expect: { video: transcoded([853, 480], 'pixels are not square'), audio: encoded(920, 'aac → opus') },
  },
] as const satisfies readonly Sample[];

/** The name of a sample. */
export type SampleName = (typeof samples)[number]['name'];

function copied(codec: ExpectedVideo['codec'], size: ExpectedVideo['size']): ExpectedVideo {
  return { action: 'copy', codec, reasons: [], size };
}

function transcoded(size: ExpectedVideo['size'], ...reasons: string[]): ExpectedVideo {
  return { action: 'transcode', codec: 'h264', reasons, size };
}

function copiedOpus(toneHz: number): ExpectedAudio {
  return { action: 'copy', reasons: [], toneHz };
}

function encoded(toneHz: number, ...reasons: string[]): ExpectedAudio {
  return { action: 'transcode', reasons, toneHz };
}
