import type { AudioProbe, Probe, VideoProbe } from '../../src/contract/plan.ts';
import { planFor } from '../../src/ingest/plan/plan.ts';
import type { PlanOptions } from '../../src/ingest/plan/plan-options.ts';
import { planOptions } from '../helpers/plan-options.ts';

const video: VideoProbe = {
  index: 0,
  codec: 'h264',
  profile: 'High',
  width: 1280,
  height: 720,
  rotation: 0,
  fps: 30,
  pixelFormat: 'yuv420p',
  interlaced: false,
  squarePixels: true,
  bFrames: false,
  maxKeyframeIntervalMs: 1000,
  bitrateBps: null,
};

const audio: AudioProbe = {
  track: 0,
  index: 1,
  codec: 'opus',
  channels: 2,
  sampleRateHz: 48_000,
  language: null,
  title: null,
  default: true,
  ofPicture: true,
  bitrateBps: null,
};

const videos: readonly Partial<VideoProbe>[] = [
  { codec: 'hevc' },
  { profile: 'High 10' },
  { pixelFormat: 'yuv420p10le' },
  { highRange: 'PQ' },
  { bFrames: true },
  { intraRefresh: true },
  { edited: true },
  { interlaced: true },
  { rotation: 90 },
  { squarePixels: false },
  { maxKeyframeIntervalMs: 10_000 },
  { maxKeyframeIntervalMs: null },
  { pictureIntervalMs: 20_000 },
];
const audios: readonly Partial<AudioProbe>[] = [{ codec: 'aac' }, { channels: 6 }];

/** The codes and words of reasons that plans give, each once: by tracks that could be copied but for one thing. */
export function reasonsOfPlans(): string[][] {
  return [
    ...videos.flatMap((change) => reasons({ ...video, ...change }, audio)),
    ...audios.flatMap((change) => reasons(video, { ...audio, ...change })),
    ...reasons({ ...video, codec: 'vp8', profile: null }, audio, { codec: 'h264' }),
    ...reasons(video, audio, { loudness: -23 }),
    ...reasons(video, audio, { audioMap: '0:0+0:0' }),
    ...reasons({ ...video, width: 1920, height: 1080 }, audio, { renditions: ['720p'] }),
  ];
}

function reasons(picture: VideoProbe, sound: AudioProbe, options: Partial<PlanOptions> = {}): string[][] {
  const container = { format: 'mov,mp4', durationMs: 1, startMs: 0, sizeBytes: 1, bitrateBps: null };
  const probe: Probe = { path: '/talk.mp4', ...container, video: picture, audioTracks: [sound] };
  const plan = planFor(probe, { ...planOptions, ...options });
  return [plan.video, plan.audio].flatMap(
    (track) => track?.codes?.map((code, place) => [code, track.reasons[place] ?? '']) ?? [],
  );
}
