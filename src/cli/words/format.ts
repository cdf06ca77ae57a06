import type { styleText } from 'node:util';
import { ffmpegEncoder } from '../../contract/encoders.ts';
import type { Source } from '../../contract/models.ts';
import type { AudioPlan, Plan, Rendition, VideoEncoder, VideoPlan } from '../../contract/plan.ts';
import { planReasons } from '../../contract/plan-reasons.ts';
import { textWidth } from './text-width.ts';

/** Text from outside (a file's name, a browser's name), safe to print: control characters are shown, not obeyed. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' }[character];
    return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A length of time in its two largest units: `4 s`, `3 min 20 s`, `2 h 5 min`, `6 d 1 h`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** A moment by this machine's clock: `20:15:00`; with the day in front where it is another. */
export function moment(at: string, now: number): string {
  const there = new Date(at);
  // That of a locale takes 30 ms to load the first time.
  const [time = ''] = there.toTimeString().split(' ');
  if (there.toDateString() === new Date(now).toDateString()) return time;
  return `${there.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })} ${time}`;
}

/** The zone of this machine's clock at a moment: `CET`, `UTC`. */
export function zoneAt(at: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(new Date(at));
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** A bit rate: `640 kbit/s`, `2.5 Mbit/s`. */
export function bitrate(bps: number): string {
  return bps < 999_500 ? `${Math.round(bps / 1000)} kbit/s` : `${(bps / 1_000_000).toFixed(1)} Mbit/s`;
}

/** A size of a file: `312 bytes`, `4.0 MB`. */
export function size(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}

/** `1 viewer`, `2 viewers`. */
export function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}

/** What is done with each track, and why: one line per track, and one per lower rendition; none of what is made here. */
export function planLines(plan: Plan): string[] {
  if (plan.video === null && plan.audio === null) return [];
  return [
    `video: ${plan.video === null ? 'none' : videoLine(plan.video)}`,
    ...(plan.video?.variant === undefined
      ? []
      : [`       variant: ${plan.video.variant}; another: --variant NUMBER`]),
    ...encoderLines(plan.video?.encoder),
    ...(plan.video?.ladder === undefined ? [] : [`       auto: ${plan.video.ladder}`]),
    ...(plan.video?.leftOut === undefined
      ? []
      : [`       without ${plan.video.leftOut.join(', ')}, since the source is no larger`]),
    ...(plan.video?.lower.toReversed() ?? []).map((lower) => `       and ${renditionWords(lower)}`),
    ...(plan.video?.compatible ?? []).map((made) => `       and ${compatibleWords(made)}`),
    `audio: ${plan.audio === null ? 'none' : audioLine(plan.audio)}`,
    ...(plan.byUdp ? ['way:   by UDP, where what is lost stays lost'] : []),
  ];
}

/** What would have the picture copied, or look better, beforehand; empty: nothing is odd. Publishers are advised in their encoder's words. */
export function cureLines({ video, byUdp }: Plan, from: Source['kind']): string[] {
  if (from === 'publisher') return [];
  const cures = (video?.codes ?? []).map((code) => planReasons[code]).filter(({ odd }) => odd);
  const way = byUdp ? ['RTSP inside of TCP (interleaved)'] : [];
  const words = [...cures.map(({ cure }) => cure.replaceAll('`', '')), ...way].join('; ');
  return words === '' ? [] : [`better at the source: ${words}`];
}

function videoLine(video: VideoPlan): string {
  // What a publisher sends by WHIP says its size in its pictures alone.
  const size = video.width === 0 ? '' : ` ${video.width}x${video.height}`;
  const rate = video.bitrateBps === null ? '' : ` at ${bitrate(video.bitrateBps)}`;
  if (video.action === 'copy') return `copy ${video.from}${size}${rate}`;
  return `transcode ${video.from} → ${video.codec}${size}${rate}${because(video)}`;
}

/** x264 is what is expected: it is named where it stands in for another one. */
function encoderLines(encoder: VideoEncoder | undefined): string[] {
  if (!encoder || (encoder.name === 'x264' && encoder.instead === null)) return [];
  const { name, device, instead } = encoder;
  const where = device === null ? '' : ` on ${printable(device)}`;
  return [
    `       encoder: ${ffmpegEncoder(name)}${where}${instead === null ? '' : `, since ${printable(instead)}`}`,
  ];
}

function renditionWords({ name, width, height, fps, bitrateBps }: Rendition): string {
  const slower = fps === null ? '' : `, at most ${fps} pictures per second`;
  return `${name}: ${width}x${height} at ${bitrate(bitrateBps)}${slower}`;
}

function compatibleWords({
  codec,
  width,
  height,
  problem,
  cores,
}: NonNullable<VideoPlan['compatible']>[number]): string {
  const forWhom = `for who cannot decode that: ${codec}`;
  if (problem !== null) return `${forWhom}, which is not to be had: ${printable(problem)}`;
  const size = width === null ? '' : ` ${width}x${height}`;
  return `${forWhom}${size}, about ${Math.ceil(cores * 100)} % of a core`;
}

function audioLine(audio: AudioPlan): string {
  const track = audio.track === 0 ? '' : ` (track ${audio.track})`;
  if (audio.action === 'copy') return `copy ${audio.from}${track}`;
  const rate = audio.bitrateBps === null ? '' : ` at ${bitrate(audio.bitrateBps)}`;
  return `transcode ${audio.from} → ${audio.codec}${track}${rate}${levelWords(audio)}${because(audio)}`;
}

function levelWords({ level }: AudioPlan): string {
  if (!level) return '';
  const { gainDb, targetLufs } = level;
  const gain = gainDb === null ? 'slowly' : `by ${gainDb > 0 ? '+' : ''}${gainDb} dB`;
  return `, brought to ${targetLufs} LUFS ${gain}`;
}

/** The reasons, but for the one that the line already says: that the codec is another. */
function because({ reasons, from, codec }: VideoPlan | AudioPlan): string {
  const others = reasons.filter((reason) => reason !== `${from} → ${codec}`);
  return others.length === 0 ? '' : `, because: ${printable(others.join('; '))}`;
}

/** Gives words a colour, where there are colours. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** A table: columns as wide as their widest cell, two spaces between them, the heading first, which steps back. Cells may have colours. */
export function table(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string[] {
  const all = [heading.map((name) => paint('dim', name)), ...rows];
  const widths = heading.map((_, column) => Math.max(...all.map((row) => textWidth(row[column] ?? ''))));
  return all.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(widths[column]! - textWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
}
