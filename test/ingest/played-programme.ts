import { EventEmitter, once } from 'node:events';
import { expect } from 'vitest';
import type { Plan } from '../../src/contract/models.ts';
import { planFor } from '../../src/ingest/plan/plan.ts';
import { probeFile } from '../../src/ingest/probe/probe-file.ts';
import { Programme, type ProgrammeEvent, type ProgrammeOptions } from '../../src/ingest/programme.ts';
import { planOptions } from '../helpers/plan-options.ts';
import type { RtpPacket } from './rtp/depacketize.ts';
import { steps, UdpSink } from './udp-sink.ts';

export const ssrc = { video: 0xaaaa_0001, audio: 0xbbbb_0002 };

/** So much data that what is read ahead is not the whole file. */
export const noisy = (seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=30:duration=${seconds},noise=alls=40:allf=t`],
];
export const heavy = ['-b:v', '5M', '-maxrate', '5M', '-bufsize', '1M'];

/** What a daemon would ask for, to play a file. */
export async function optionsFor(
  path: string,
  changes: Partial<ProgrammeOptions> & { bitrateBps?: number } = {},
): Promise<ProgrammeOptions> {
  const { bitrateBps, ...options } = changes;
  const probe = await probeFile(path, { ffprobe: 'ffprobe', timeoutMs: 10_000, roots: [] });
  const planned = planFor(probe, planOptions);
  const plan: Plan =
    planned.video && bitrateBps !== undefined
      ? { ...planned, video: { ...planned.video, bitrateBps } }
      : planned;
  return {
    path,
    plan,
    loop: false,
    durationMs: probe.durationMs,
    ffmpeg: 'ffmpeg',
    stallTimeoutMs: 10_000,
    video: plan.video && {
      codec: plan.video.codec,
      identity: { ssrc: ssrc.video, payloadType: 101, clockRate: 90_000, extensionId: 1 },
    },
    audio: plan.audio && {
      codec: 'opus',
      identity: { ssrc: ssrc.audio, payloadType: 100, clockRate: 48_000, extensionId: 1 },
    },
    ...options,
  };
}

/** A programme that plays into a socket, and all that it says. */
export class PlayedProgramme implements AsyncDisposable {
  readonly events: ProgrammeEvent[] = [];
  readonly sink: UdpSink;
  readonly programme: Programme;
  readonly #news: EventEmitter;

  static async start(options: ProgrammeOptions, startMs = 0): Promise<PlayedProgramme> {
    const news = new EventEmitter();
    const events: ProgrammeEvent[] = [];
    const programme = await Programme.create(options, (event) => {
      events.push(event);
      news.emit('event');
    });
    const played = new PlayedProgramme(programme, await UdpSink.create(), events, news);
    await programme.play(played.sink.port, startMs);
    return played;
  }

  private constructor(programme: Programme, sink: UdpSink, events: ProgrammeEvent[], news: EventEmitter) {
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
