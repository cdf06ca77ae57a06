import { EventEmitter, once } from 'node:events';
import { expect } from 'vitest';
import type { Plan } from '../../../../src/contract/models.ts';
import { planFor } from '../../../../src/ingest/plan/plan.ts';
import { probeFile } from '../../../../src/ingest/probe/probe-file.ts';
import { Director } from '../../../../src/ingest/process/director/director.ts';
import type {
  DirectorOptions,
  ProgrammeEvent,
} from '../../../../src/ingest/process/director/director-options.ts';
import { IngestContext } from '../../../../src/ingest/process/ingest-context.ts';
import { Routes } from '../../../../src/ingest/process/players/routes.ts';
import { fileInput } from '../../../../src/ingest/sources/file-input.ts';
import type { Input } from '../../../../src/ingest/sources/input.ts';
import { planOptions } from '../../../helpers/plan-options.ts';
import type { RtpPacket } from '../../media/rtp/depacketize.ts';
import { steps, UdpSink } from '../../udp-sink.ts';

export const ssrc = { video: 0xaaaa_0001, audio: 0xbbbb_0002 };

/** So much data that what is read ahead is not the whole file. */
export const noisy = (seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=30:duration=${seconds},noise=alls=40:allf=t`],
];
export const heavy = ['-b:v', '5M', '-maxrate', '5M', '-bufsize', '1M'];

/** What a daemon would ask for, to play a file. */
export async function optionsFor(
  path: string,
  changes: Partial<DirectorOptions> & { bitrateBps?: number; loop?: boolean } = {},
): Promise<DirectorOptions> {
  const { bitrateBps, ...options } = changes;
  const probe = await probeFile(path, { ffprobe: 'ffprobe', timeoutMs: 10_000, roots: [] });
  const planned = planFor(probe, planOptions);
  const plan: Plan =
    planned.video && bitrateBps !== undefined
      ? { ...planned, video: { ...planned.video, bitrateBps } }
      : planned;
  const { loop = false, ...rest } = options;
  const source = { kind: 'file', path, loop, audioTrack: null } as const;
  const identity = { payloadType: 101, clockRate: 90_000, extensionId: 1 };
  return {
    room: 'lobby',
    main: source,
    prepared: { probe, plan, live: false },
    fallbacks: [],
    stepsDown: false,
    failback: 'auto',
    holdMs: 5000,
    alwaysOn: false,
    graceMs: 60_000,
    slate: { kind: 'card', title: 'lobby', text: 'We will be right back' },
    card: { title: 'lobby', text: 'We will be right back' },
    rules: { ...planOptions, codec: plan.video?.codec ?? 'h264' },
    ffmpeg: 'ffmpeg',
    stallTimeoutMs: 10_000,
    liveStallTimeoutMs: 1000,
    video: plan.video && {
      codec: plan.video.codec,
      identities: [{ ...identity, ssrc: ssrc.video }],
    },
    audio: plan.audio && { identity: { ...identity, ssrc: ssrc.audio, payloadType: 100, clockRate: 48_000 } },
    ...rest,
  };
}

/** What a thread would be made with. */
export const sourcesOptions = {
  ffmpeg: 'ffmpeg',
  ffprobe: 'ffprobe',
  probeTimeoutMs: 10_000,
  roots: [],
  allowPrivateNetworks: true,
  stdinFolder: '/nowhere',
};

/** How its file is played. */
export function planOf({ prepared }: DirectorOptions): Plan {
  if (!prepared) throw new Error('expected options of a file');
  return prepared.plan;
}

/** What ffmpeg opens of its file. */
export function inputOf({ main }: DirectorOptions): Input {
  if (main?.kind !== 'file') throw new Error('expected options of a file');
  return fileInput(main.path);
}

/** A programme that plays into a socket, and all that it says. */
export class PlayedProgramme implements AsyncDisposable {
  readonly events: ProgrammeEvent[] = [];
  readonly sink: UdpSink;
  readonly programme: Director;
  readonly #news: EventEmitter;

  static async start(options: DirectorOptions, startMs = 0): Promise<PlayedProgramme> {
    const news = new EventEmitter();
    const events: ProgrammeEvent[] = [];
    const studio = await IngestContext.create(sourcesOptions, new Routes(() => {}));
    const programme = await Director.create(options, studio, (event) => {
      events.push(event);
      news.emit('event');
    });
    const played = new PlayedProgramme(programme, await UdpSink.create(), events, news);
    await programme.play(played.sink.port, startMs);
    return played;
  }

  private constructor(programme: Director, sink: UdpSink, events: ProgrammeEvent[], news: EventEmitter) {
    this.programme = programme;
    this.sink = sink;
    this.events = events;
    this.#news = news;
  }

  of<T extends ProgrammeEvent['type']>(type: T): Extract<ProgrammeEvent, { type: T }>[] {
    return this.events.filter((event) => event.type === type) as Extract<ProgrammeEvent, { type: T }>[];
  }

  /** Its last words. */
  async ended(): Promise<Extract<ProgrammeEvent, { type: 'ended' }>> {
    for (;;) {
      const [end] = this.of('ended');
      if (end) return end;
      await once(this.#news, 'event');
    }
  }

  /** Resolves when so many pipelines have been started. */
  async started(count: number): Promise<void> {
    while (this.of('pipeline.started').length < count) await once(this.#news, 'event');
  }

  /** The process that runs now, or ran last. */
  get pid(): number {
    return this.of('pipeline.started').at(-1)?.pid ?? -1;
  }

  video(): RtpPacket[] {
    return this.sink.track(ssrc.video);
  }

  audio(): RtpPacket[] {
    return this.sink.track(ssrc.audio);
  }

  get pictures(): number {
    return this.sink.pictures;
  }

  async untilPictures(count: number): Promise<void> {
    await this.sink.until(() => this.sink.pictures >= count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.programme.close();
    await this.sink[Symbol.asyncDispose]();
  }
}

/** The distances of pictures, in ms. */
export function pictureSteps(packets: RtpPacket[]): number[] {
  const times = packets.filter(({ marker }) => marker).map(({ timestamp }) => timestamp);
  return steps(times, 32).map((ticks) => ticks / 90);
}

export function soundSteps(packets: RtpPacket[]): number[] {
  return steps(
    packets.map(({ timestamp }) => timestamp),
    32,
  ).map((ticks) => ticks / 48);
}

/** No packet is missing, and no picture is late or early by more than rounding. */
export function expectUnbroken(played: PlayedProgramme, stepMs = 1000 / 30): void {
  for (const track of [played.video(), played.audio()]) {
    const sequences = track.map(({ sequence }) => sequence);
    expect(steps(sequences, 16).every((step) => step === 1)).toBe(true);
  }
  const uneven = pictureSteps(played.video()).filter((step) => Math.abs(step - stepMs) > 0.75);
  expect(uneven).toEqual([]);
}
