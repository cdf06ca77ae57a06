import { expect, test, vi } from 'vitest';
import { systemClock } from '../../../../src/contract/clock.ts';
import { Pipeline } from '../../../../src/ingest/ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { planFor } from '../../../../src/ingest/plan/plan.ts';
import { probeFile } from '../../../../src/ingest/probe/probe-file.ts';
import { FilePlayer } from '../../../../src/ingest/process/players/file-player.ts';
import { Progress } from '../../../../src/ingest/process/players/progress.ts';
import { decodedOpus } from '../../../helpers/media/decoded-opus.ts';
import { fileInput } from '../../../helpers/media/file-input.ts';
import { aac, h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { planOptions } from '../../../helpers/plan-options.ts';

const seconds = 6;
/** A change is heard within this much of what is played. */
const soonUs = 1_500_000;
const coded = [...picture('320x180', seconds), ...tone(440, seconds)];

test.each([
  { name: 'volume-aac.mp4', encode: [...h264(30), ...aac], fromMs: 0, airedMs: 400, jumpMs: 0.05 },
  { name: 'volume-aac.mp4', encode: [...h264(30), ...aac], fromMs: 1300, airedMs: 1000, jumpMs: 0.05 },
  { name: 'volume-aac.ts', encode: [...h264(30), ...aac], fromMs: 0, airedMs: 0, jumpMs: 0.05 },
  {
    name: 'volume-opus.mkv',
    encode: [...h264(30), ...opus, '-ac', '2'],
    fromMs: 0,
    airedMs: 400,
    jumpMs: 0.5,
  },
  // All of it fits into what is read ahead: it is over before its new sound begins.
  {
    ...{ name: 'volume-mpeg4.mkv', encode: ['-c:v', 'mpeg4', '-b:v', '1M', ...aac] },
    ...{ fromMs: 0, airedMs: 1000, jumpMs: 0.5 },
  },
])(
  'a change of volume leaves picture and times of $name as they are, from $fromMs ms on',
  async ({ name, encode, fromMs, airedMs, jumpMs }) => {
    const path = await makeMedia(name, { args: [...coded, ...encode] });
    const probe = await probeFile(path, { ffprobe: 'ffprobe', timeoutMs: 20_000, roots: [] });
    const played: MediaFrame[] = [];
    const over = Promise.withResolvers<string | null>();
    const full = Promise.withResolvers<void>();
    const plan = planFor(probe, planOptions);
    await using player = FilePlayer.start({
      slate: () => undefined,
      planned: { plan, replan: () => plan, lookMs: null },
      ...{ encoderFailed: () => false, open: async () => fileInput(path) },
      ...{ startPipeline: Pipeline.start, clock: systemClock },
      ...{
        ffmpeg: 'ffmpeg',
        stallTimeoutMs: 10_000,
        startUs: fromMs * 1000,
        stopUs: null,
        isLocal: true,
        identity: undefined,
        lengthUs: null,
        maxKeyframeIntervalMs: 2500,
        volumePercent: 100,
        maxBitrateBps: 50_000_000,
      },
      ...{
        fillFor: () => () => [],
        kinds: ['video', 'audio'] as const,
        awaited: true,
        progress: new Progress(),
        seen: { endedUs: null, tries: new Map() },
      },
      tell: (news) => {
        if (news.type === 'fed' && player.feed.full) full.resolve();
        else if (news.type === 'over') over.resolve(news.message);
        else if (news.type === 'failed') over.reject(new Error(news.message));
      },
    });
    const { feed } = player;
    const takeTo = (ptsUs: number) => {
      while ((feed.peek()?.ptsUs ?? ptsUs) < ptsUs) played.push(feed.shift() as MediaFrame);
    };
    await full.promise;
    takeTo((feed.startUs ?? 0) + 500_000);
    const changedAtUs = played.at(-1)?.ptsUs ?? 0;
    const joined = Promise.withResolvers<void>();
    const replaceSound = feed.replaceSound.bind(feed);
    vi.spyOn(feed, 'replaceSound').mockImplementation((packets) => {
      replaceSound(packets);
      joined.resolve();
    });
    player.setVolume(25);
    // So much is on air until the new sound is there, however long this machine takes for it.
    takeTo(changedAtUs + airedMs * 1000);
    await joined.promise;
    // Then as it comes: the sound may be read to its end after the pictures.
    const airing = setInterval(() => takeTo(Number.POSITIVE_INFINITY), 10);
    expect(await over.promise).toBeNull();
    await vi.waitUntil(() => (feed.soundEndUs ?? 0) >= seconds * 1_000_000 - 30_000, { timeout: 20_000 });
    clearInterval(airing);
    takeTo(Number.POSITIVE_INFINITY);

    const pictures = played.filter(({ kind }) => kind === 'video').map(({ ptsUs }) => ptsUs);
    expect(new Set(pictures).size).toBe(pictures.length);
    expect(pictures.length).toBeGreaterThanOrEqual(Math.round(((seconds * 1000 - fromMs) * 30) / 1000) - 1);
    const packets = played.filter(({ kind }) => kind === 'audio');
    const apart = packets.slice(1).map(({ ptsUs }, index) => ptsUs - (packets[index]?.ptsUs ?? 0));
    expect(Math.max(...apart)).toBeLessThan(21_500);
    expect(Math.min(...apart)).toBeGreaterThan(18_500);

    const samples = await decodedOpus(packets.map(({ data }) => data));
    const levels = packets.slice(0, -3).map((_, index) => rms(samples, index * 960));
    const loud = levels[10] ?? 0;
    const steps = levels.map((level) => level / loud).slice(5);
    const quietAt = steps.findIndex((step) => step < 0.4);
    // Its level changes once, and soon.
    expect(quietAt).toBeGreaterThan(0);
    expect(steps.slice(0, quietAt - 2).every((step) => step > 0.9)).toBe(true);
    expect(steps.slice(quietAt + 2).every((step) => step > 0.2 && step < 0.3)).toBe(true);
    const heardAtUs = packets[quietAt + 5]?.ptsUs ?? Number.POSITIVE_INFINITY;
    expect(heardAtUs - changedAtUs).toBeLessThan(soonUs);
    // The tone goes on as it was: a period's place is the same before and after, as far as the source's own times are exact (Matroska: 1 ms).
    const phases = packets.slice(0, -3).map((_, index) => phase(samples, index * 960));
    const [before, after] = [phases[quietAt] ?? 0, phases[quietAt + 10] ?? 0];
    expect(Math.abs(wrapped(after - before))).toBeLessThan(((2 * Math.PI * 440) / 1000) * jumpMs);
  },
);

function rms(samples: Float32Array, from: number): number {
  const part = samples.subarray(from, from + 960);
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

/** Of 440 Hz, relative to the beginning of all samples, in radians. */
function phase(samples: Float32Array, from: number): number {
  let [re, im] = [0, 0];
  for (let at = from; at < from + 960; at++) {
    const angle = (2 * Math.PI * 440 * at) / 48_000;
    re += (samples[at] ?? 0) * Math.cos(angle);
    im += (samples[at] ?? 0) * Math.sin(angle);
  }
  return Math.atan2(im, re);
}

function wrapped(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
