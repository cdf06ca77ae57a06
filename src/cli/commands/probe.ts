import { Option } from 'commander';
import type { CallResult } from '../../contract/api.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { clock } from '../../contract/media-time.ts';
import type { AudioProbe, Variants, VideoProbe } from '../../contract/plan.ts';
import type { Renditions } from '../../contract/rendition-names.ts';
import { type Context, connect } from '../program/context.ts';
import { renditionsOption, wholeNumber } from '../program/options.ts';
import type { Verb } from '../program/verb.ts';
import { type HeaderFlags, headerOption, headersFromFlags } from '../sources/header-options.ts';
import { pathFrom, saidFrom } from '../sources/said-from.ts';
import { audioMapOption } from '../sources/source-options.ts';
import { bitrate, cureLines, type Paint, planLines, printable, size, table } from '../words/format.ts';
import { scan } from './probe-scan.ts';

/** Options of `mirolive probe`. */
interface ProbeOptions extends HeaderFlags {
  readonly variant?: number;
  readonly audioTrack?: number | null;
  readonly audioMap?: string;
  readonly renditions?: Renditions;
  readonly scan?: boolean;
}

type FoundVariant = Variants['found'][number];

/** `mirolive probe FILE`, or an address */
export const add = (program: Verb) =>
  program
    .verb('probe', 'What is in a file or at an address, and how it would be played.', [
      'mirolive probe talk.mp4',
      'mirolive probe film.mkv --audio-track 1 --json',
      'mirolive probe talk.mp4 --renditions auto',
      'mirolive probe https://example.org/live.m3u8',
      'mirolive probe --scan talk.mp4',
    ])
    .argument('<file>', 'media file, or an address')
    .option('--audio-track <number>', 'audio track, 0 the first', wholeNumber)
    .addOption(audioMapOption())
    .option('--variant <number>', 'variant of an HLS list, 0 the first', wholeNumber)
    .addOption(headerOption())
    .addOption(renditionsOption())
    .addOption(
      new Option(
        '--scan',
        'read all of a file: black, silent, frozen and damaged stretches, loudness, key frames; exit 6 if any would be told on air',
      ).conflicts(['audioMap', 'variant', 'header', 'renditions']),
    )
    .does(probe);

async function probe(
  context: Context,
  file: string,
  { audioTrack = null, audioMap, variant, renditions, scan: scans = false, ...flags }: ProbeOptions,
): Promise<number> {
  const { cwd } = context.environment;
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(file);
  if (scans && isAddress) throw new MiroliveError('USAGE', 'expected a file to be scanned, got an address');
  if (scans) return await scan(context, pathFrom(await saidFrom(context), file), audioTrack);
  const client = await connect(context);
  const source = isAddress
    ? {
        kind: 'url' as const,
        url: file,
        audioTrack,
        audioMap,
        variant,
        ...(await headersFromFlags(flags, cwd)),
      }
    : { kind: 'file' as const, path: pathFrom(await saidFrom(context), file), audioTrack, audioMap };
  const found = await client.call('probe', { source, renditions });
  context.output.show(found, () => [
    ...contents(found, context.output.paint),
    '',
    context.output.paint('bold', 'How it would be played'),
    ...planLines(found.plan),
    ...cureLines(found.plan, source.kind),
  ]);
  return 0;
}

function contents({ probe, live, picture }: CallResult<'probe'>, paint: Paint): string[] {
  const endless = picture ? 'a still picture' : live ? 'live' : 'of unknown duration';
  const duration = probe.durationMs === null ? endless : clock(probe.durationMs);
  const bytes = probe.sizeBytes === null ? '' : `, ${size(probe.sizeBytes)}`;
  const rate = probe.bitrateBps === null ? '' : `, ${bitrate(probe.bitrateBps)}`;
  const tracks = [
    ...(probe.video === null ? [] : [['video', '', videoWords(probe.video)]]),
    ...(probe.variants?.found ?? []).map((variant, number) => [
      ...['variant', `${number}`, variantWords(variant, number === probe.variants?.chosen)],
    ]),
    ...(probe.cover === undefined ? [] : [['cover', '', 'a picture that belongs to the sound']]),
    ...probe.audioTracks.map((audio) => ['audio', `track ${audio.track}`, audioWords(audio)]),
  ];
  return [
    `${printable(probe.path)}: ${probe.format}, ${duration}${bytes}${rate}`,
    ...table(['TRACK', 'NUMBER', 'CONTENT'], tracks, paint),
  ];
}

function videoWords(video: VideoProbe): string {
  return words([
    video.codec,
    video.profile,
    `${video.width}x${video.height}`,
    video.fps === null ? null : `${Math.round(video.fps * 100) / 100} fps`,
    video.pixelFormat,
    video.interlaced ? 'interlaced' : null,
    video.rotation === 0 ? null : `turned by ${video.rotation}°`,
    video.bFrames ? 'B-frames' : null,
    video.maxKeyframeIntervalMs === null
      ? null
      : `key frames up to ${video.maxKeyframeIntervalMs / 1000} s apart`,
    video.bitrateBps === null ? null : bitrate(video.bitrateBps),
  ]);
}

function variantWords({ width, height, codecs, bandwidthBps }: FoundVariant, isChosen: boolean): string {
  return words([
    height === 0 ? null : `${width}x${height}`,
    codecs,
    bandwidthBps === 0 ? null : bitrate(bandwidthBps),
    isChosen ? 'played' : null,
  ]);
}

function audioWords(audio: AudioProbe): string {
  return words([
    audio.codec,
    `${audio.channels} ch`,
    `${audio.sampleRateHz / 1000} kHz`,
    audio.language,
    audio.title,
    audio.default ? 'default' : null,
    audio.ofPicture !== false ? null : 'of another programme than the picture',
    audio.bitrateBps === null ? null : bitrate(audio.bitrateBps),
  ]);
}

function words(parts: readonly (string | null)[]): string {
  return printable(parts.filter((part) => part !== null).join(', '));
}
