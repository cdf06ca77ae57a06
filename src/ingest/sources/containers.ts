/**
 * Containers that are taken, by the names of ffmpeg's demuxers. Left out are those that open other files or addresses
 * (hls, dash, concat, sdp, image2), make media up (lavfi), or take plain text for subtitles or art.
 */
export const containers: readonly string[] = [
  ...['mov', 'matroska', 'webm', 'mpegts', 'mpeg', 'flv', 'avi', 'asf'],
  ...['mxf', 'gxf', 'nut', 'ivf', 'dv', 'rm', 'wtv', 'gif'],
  ...['ogg', 'wav', 'w64', 'mp3', 'aac', 'flac', 'ac3', 'eac3'],
  ...['dts', 'aiff', 'au', 'caf', 'amr', 'ape', 'wv', 'tta'],
];

/**
 * Options of ffmpeg and ffprobe that stand before an input: which protocols and containers it may open, itself or by
 * what it refers to (https://ffmpeg.org/ffmpeg-protocols.html, `protocol_whitelist`; ffmpeg-formats, `format_whitelist`).
 */
export function only(protocols: readonly string[], formats: readonly string[] = containers): string[] {
  return ['-protocol_whitelist', protocols.join(','), '-format_whitelist', formats.join(',')];
}
