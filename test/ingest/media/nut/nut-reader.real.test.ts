import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { NutReader } from '../../../../src/ingest/media/nut/nut-reader.ts';
import { aac, h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';

const nut = ['-flush_packets', '1', '-write_index', '0', '-f', 'nut'];
const small = picture('160x90', 1);
const sound = tone(440, 1);
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '10'];

/** Streams as ffmpeg writes them; what must be seen of each. */
const streams = [
  { name: 'H.264 and Opus', args: [...small, ...sound, ...h264(10), ...opus] },
  { name: 'H.264 with parameter sets in band', args: [...small, ...h264(10), '-flags:v', '-global_header'] },
  {
    name: 'VP8 with hidden pictures',
    args: [...small, '-c:v', 'libvpx', '-auto-alt-ref', '1', '-b:v', '90k'],
  },
  { name: 'VP9 and Opus', args: [...small, ...sound, ...vp9, ...opus] },
  { name: 'AV1', args: [...small, '-c:v', 'libsvtav1', '-preset', '12', '-svtav1-params', 'pred-struct=1'] },
  { name: 'sound alone', args: [...sound, ...opus] },
  { name: 'sound first', args: [...sound, ...small, '-map', '0:a', '-map', '1:v', ...h264(10), ...aac] },
  { name: 'headers that are left out', args: [...small, ...sound, '-c:v', 'mpeg4', '-c:a', 'libmp3lame'] },
  {
    name: 'long frames',
    args: [...picture('640x360', 0.3), '-vf', 'noise=alls=60:allf=t', ...h264(5), '-b:v', '20M'],
  },
  {
    name: 'times of 60 days',
    args: [...small, ...sound, ...h264(10), ...opus, '-output_ts_offset', '5184000'],
  },
  {
    name: 'times that jump',
    args: [
      ...small,
      '-vf',
      "setpts='PTS+if(gt(N,9),7/TB,0)+if(gt(N,19),3600/TB,0)'",
      ...h264(10),
      '-vsync',
      'vfr',
    ],
  },
  {
    name: 'pictures at any time',
    args: [...small, '-vf', "select='not(mod(n*n\\,7))'", ...h264(10), '-vsync', 'vfr'],
  },
];

describe('NutReader gives what ffprobe sees of', () => {
  test.each(streams)('$name', async ({ args }) => {
    const path = await makeMedia('stream.nut', { args: [...args, ...nut] });
    const bytes = await readFile(path);
    const expected = await packets(path);
    expect(expected.length).toBeGreaterThan(4);
    for (const chunkBytes of [1, 7, 61, 4099, 65_536, bytes.length]) {
      expect(read(bytes, chunkBytes).map(summary), `in chunks of ${chunkBytes} bytes`).toEqual(expected);
    }
  });
});

/** One line for each frame: kind, time in µs, bytes, key flag, checksum. */
function summary({ kind, ptsUs, data, key }: MediaFrame): string {
  return line(kind, ptsUs, data.length, key, crc32(data).toString(16).padStart(8, '0'));
}

function line(kind: string, ptsUs: number, bytes: number, key: boolean, hash: string): string {
  return `${kind} ${ptsUs} ${bytes} ${key ? 'key' : '-'} ${hash}`;
}

function read(bytes: Buffer, chunkBytes: number): MediaFrame[] {
  const reader = new NutReader();
  const frames: MediaFrame[] = [];
  for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
    frames.push(...reader.push(bytes.subarray(offset, offset + chunkBytes)));
  }
  return frames;
}

interface Probed {
  readonly streams: { readonly time_base: string }[];
  readonly packets: {
    readonly codec_type: string;
    readonly stream_index: number;
    readonly pts: number;
    readonly size: string;
    readonly flags: string;
    readonly data_hash: string;
  }[];
}

async function packets(path: string): Promise<string[]> {
  const entries = 'stream=time_base:packet=codec_type,stream_index,pts,size,flags,data_hash';
  const show = ['-show_data_hash', 'CRC32', '-show_entries', entries];
  const { stdout } = await execa('ffprobe', ['-v', 'error', '-of', 'json', ...show, path]);
  const probed: Probed = JSON.parse(stdout);
  return probed.packets.map(({ codec_type, stream_index, pts, size, flags, data_hash }) => {
    const [num = 0, den = 1] = (probed.streams[stream_index]?.time_base ?? '').split('/').map(Number);
    const hash = data_hash.replace('CRC32:', '');
    return line(codec_type, (pts * num * 1e6) / den, Number(size), flags.startsWith('K'), hash);
  });
}
