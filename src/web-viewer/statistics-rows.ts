import { renditionLabel } from './quality-labels.ts';
import type { Statistics, TrackStatistics } from './statistics.ts';

/** What stands where a browser does not tell. */
const unknown = '–';

/** The measurement as labelled values, in the order in which they are shown. */
export function statisticsRows(
  { video, audio, ...all }: Statistics,
  rendition: string | null,
): [label: string, value: string][] {
  const lost = (video?.lost ?? 0) + (audio?.lost ?? 0);
  const packets = (video?.packets ?? 0) + (audio?.packets ?? 0);
  return [
    ...(rendition === null ? [] : [['Rendition', renditionLabel(rendition)] as [string, string]]),
    ['Resolution', video && video.width > 0 ? `${video.width} × ${video.height}` : unknown],
    ['Frame rate', video ? `${Math.round(video.fps)} fps` : unknown],
    ['Bit rate', all.bitrateBps === null ? unknown : formatBitrate(all.bitrateBps)],
    ['Codecs', [codec(video), codec(audio)].filter((name) => name !== null).join(', ') || unknown],
    ['Packets lost', formatLoss(lost, packets)],
    ['Jitter buffer', formatMs(video?.jitterBufferMs ?? audio?.jitterBufferMs ?? null)],
    ['Frames dropped', video ? `${video.dropped}` : unknown],
    [
      'Freezes',
      video && video.freezes !== null ? `${video.freezes} (${video.frozenS.toFixed(1)} s)` : unknown,
    ],
    ['Round trip', formatMs(all.rttMs)],
    ['Transport', all.protocol?.toUpperCase() ?? unknown],
  ];
}

/** Bits per second for people: `640 kbit/s`, `2.1 Mbit/s`. */
export function formatBitrate(bps: number): string {
  return bps < 999_500 ? `${Math.round(bps / 1000)} kbit/s` : `${(bps / 1_000_000).toFixed(1)} Mbit/s`;
}

function formatLoss(lost: number, received: number): string {
  const share = lost > 0 ? (lost / (lost + received)) * 100 : 0;
  return `${lost} (${share.toFixed(share > 0 && share < 0.1 ? 2 : 1)} %)`;
}

function formatMs(ms: number | null): string {
  return ms === null ? unknown : `${Math.round(ms)} ms`;
}

function codec(track: TrackStatistics | null): string | null {
  return track?.codec == null ? null : track.codec.toUpperCase();
}
