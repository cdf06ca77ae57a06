/**
 * Containers that are taken, by the names of ffmpeg's demuxers. Left out are those that open other files or addresses
 * (hls, dash, concat, sdp, image2), make media up (lavfi), or take plain text for subtitles or art.
 */
const containers = [
  ...[
    'mov',
    'matroska',
    'webm',
    'mpegts',
    'mpeg',
    'flv',
    'avi',
    'asf',
    'mxf',
    'gxf',
    'nut',
    'ivf',
    'dv',
    'rm',
    'wtv',
  ],
  ...[
    'ogg',
    'wav',
    'w64',
    'mp3',
    'aac',
    'flac',
    'ac3',
    'eac3',
    'dts',
    'aiff',
    'au',
    'caf',
    'amr',
    'ape',
    'wv',
    'tta',
  ],
];

/**
 * Options that stand before the input of ffmpeg and ffprobe alike: one local file and nothing that it refers to
 * (https://ffmpeg.org/ffmpeg-protocols.html, `protocol_whitelist`; ffmpeg-formats, `format_whitelist`).
 */
export const fileInputOptions: readonly string[] = [
  '-protocol_whitelist',
  'file',
  '-format_whitelist',
  containers.join(','),
];

/** A file as ffmpeg's input: with its protocol named, no name can be taken for another protocol or for an option. */
export function fileInput(path: string): string {
  return `file:${path}`;
}
