import { EventEmitter, once } from 'node:events';
import { expect } from 'vitest';
import type { Control } from '../../../../src/contract/control.ts';
import { newId } from '../../../../src/contract/ids.ts';
import type { Source } from '../../../../src/contract/models.ts';
import type { Plan } from '../../../../src/contract/plan.ts';
import { type ProgrammeEvent, programmeEvent } from '../../../../src/contract/programme-event.ts';
import type { ProgrammeState } from '../../../../src/contract/programme-state.ts';
import { type Seen, seen as seenSchema } from '../../../../src/contract/snapshot.ts';
import {
  ask,
  commit,
  follow,
  newCandidate,
  newWishes,
  type Wishes,
} from '../../../../src/daemon/rooms/wishes.ts';
import { planFor } from '../../../../src/ingest/plan/plan.ts';
import type { Opening } from '../../../../src/ingest/pool/calls.ts';
import { probeFile } from '../../../../src/ingest/probe/probe-file.ts';
import type { Director } from '../../../../src/ingest/process/director/director.ts';
import type { DirectorOptions, Looked } from '../../../../src/ingest/process/director/director-options.ts';
import { openDirector } from '../../../../src/ingest/process/director/open-director.ts';
import { IngestContext } from '../../../../src/ingest/process/ingest-context.ts';
import { Routes } from '../../../../src/ingest/process/players/routes.ts';
import type { Input } from '../../../../src/ingest/sources/input.ts';
import type { FileFinding, PreparedSource } from '../../../../src/ingest/sources/sources.ts';
import { fileInput } from '../../../helpers/media/file-input.ts';
import { planOptions } from '../../../helpers/plan-options.ts';
import { stateOf } from '../../../helpers/state-of.ts';
import { Turns } from '../../../helpers/turns.ts';
import type { RtpPacket } from '../../media/rtp/depacketize.ts';
import { steps, UdpSink } from '../../udp-sink.ts';
import { ScriptedDaemon } from '../scripted-daemon.ts';

export const ssrc = { video: 0xaaaa_0001, audio: 0xbbbb_0002 };

/** So much data that what is read ahead is not the whole file. */
export const noisy = (seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=30:duration=${seconds},noise=alls=40:allf=t`],
];
export const heavy = ['-b:v', '5M', '-maxrate', '5M', '-bufsize', '1M'];

/** How a programme is played, and what. */
export interface ProgrammeOptions extends DirectorOptions {
  readonly main: Source;
  readonly prepared: PreparedSource | null;
  readonly fallbacks: readonly Source[];
  /** What is known of files; default nothing. */
  readonly files?: readonly FileFinding[];
}

/** What a daemon would ask for, to play a file. */
export async function optionsFor(
  path: string,
  changes: Partial<ProgrammeOptions> & { bitrateBps?: number; loop?: boolean } = {},
): Promise<ProgrammeOptions> {
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
    prepared: { probe, plan, live: false, lookMs: 0 },
    fallbacks: [],
    stepsDown: false,
    failback: 'auto',
    holdMs: 5000,
    alwaysOn: false,
    graceMs: 60_000,
    onContent: 'tell',
    content: { black: null, frozen: null, silent: null, clipping: null },
    slate: { kind: 'card', title: 'lobby', text: 'We will be right back' },
    card: { title: 'lobby', text: 'We will be right back' },
    rules: { ...planOptions, codec: plan.video?.codec ?? 'h264' },
    ffmpeg: 'ffmpeg',
    stallTimeoutMs: 10_000,
    liveStallTimeoutMs: 1000,
    maxSourceBps: 50_000_000,
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
  // That a probe takes long is no fault here.
  probeTimeoutMs: 60_000,
  roots: [],
  allowPrivateNetworks: true,
  ownFolder: '/nowhere',
};

/** How its file is played. */
export function planOf({ prepared }: ProgrammeOptions): Plan {
  if (!prepared) throw new Error('expected options of a file');
  return prepared.plan;
}

/** What ffmpeg opens of its file. */
export function inputOf({ main }: ProgrammeOptions): Input {
  if (main?.kind !== 'file') throw new Error('expected options of a file');
  return fileInput(main.path);
}

/** What a room wants at first: the file, or whatever else the options say. */
export function firstWishes({ main, fallbacks }: Pick<ProgrammeOptions, 'main' | 'fallbacks'>): Wishes {
  const below = fallbacks.map((source, index) =>
    newCandidate(`fallback-${index + 1}`, source, newId('c'), 0),
  );
  return newWishes([newCandidate('main', main, newId('c'), 0), ...below]);
}

/** What an ingest process opens it with. */
export function openingOf(options: ProgrammeOptions): Opening {
  const { wanted } = firstWishes(options);
  const [main] = wanted.chain;
  const looked = main && options.prepared ? { [main.id]: options.prepared } : {};
  return { options, snapshot: { wanted, seen: null }, generation: 1, looked };
}

/** A programme that plays into a socket, and all that it says. */
export class PlayedProgramme implements AsyncDisposable {
  readonly events: ProgrammeEvent[] = [];
  readonly sink: UdpSink;
  readonly programme: Director;
  wishes: Wishes;
  seen: Seen | null;
  readonly #context: IngestContext;
  readonly #options: ProgrammeOptions;
  readonly #news: EventEmitter;
  readonly #turns = new Turns(() => [process.pid, this.pid]);

  static async start(options: ProgrammeOptions, startMs = 0): Promise<PlayedProgramme> {
    const wishes = firstWishes(options);
    const [first] = wishes.wanted.chain;
    if (!first) throw new Error('expected a chain');
    const place = startMs > 0 ? { serial: 1, item: null, positionMs: startMs } : null;
    const chain = [{ ...first, place }, ...wishes.wanted.chain.slice(1)];
    return await PlayedProgramme.open(options, { ...wishes, wanted: { ...wishes.wanted, chain } }, null);
  }

  /** Opens it where it was, as whoever opens one again does. */
  static async open(options: ProgrammeOptions, wishes: Wishes, seen: Seen | null): Promise<PlayedProgramme> {
    const news = new EventEmitter();
    const events: ProgrammeEvent[] = [];
    const context = await IngestContext.create(sourcesOptions, new Routes(new ScriptedDaemon().asker));
    context.sources.learn(options.files ?? []);
    const { wanted } = wishes;
    const first = wanted.chain.find(({ name }) => name === 'main')?.id ?? '';
    const looked: Looked = options.prepared ? { [first]: options.prepared } : {};
    let played: PlayedProgramme | undefined;
    const programme = await openDirector(
      options,
      { wanted, seen },
      (seen?.generation ?? 0) + 1,
      looked,
      context,
      {
        onEvent: (told) => {
          const event = programmeEvent.parse(told);
          events.push(event);
          news.emit('event');
        },
        onSeen: (known) => played?.see(seenSchema.parse(known)),
        onBroken: () => {}, // It is thrown all the same.
      },
    );
    const sink = await UdpSink.create();
    played = new PlayedProgramme(programme, sink, events, news, context, options, wishes, seen);
    await programme.connect(sink.port);
    return played;
  }

  private constructor(
    programme: Director,
    sink: UdpSink,
    events: ProgrammeEvent[],
    news: EventEmitter,
    context: IngestContext,
    options: ProgrammeOptions,
    wishes: Wishes,
    seen: Seen | null,
  ) {
    this.programme = programme;
    this.sink = sink;
    this.events = events;
    this.#news = news;
    this.#context = context;
    this.#options = options;
    this.wishes = wishes;
    this.seen = seen;
  }

  /** As a room does, where its director has seen something. */
  see(seen: Seen): void {
    this.seen = seen;
    const wishes = follow(this.wishes, seen);
    if (wishes !== this.wishes) this.#want(wishes, {});
    this.#news.emit('event');
  }

  /** Does what an operator wants, as a room does; a source that is taken was looked at before, and is on air then, or known not to be. */
  async control(command: Control): Promise<void> {
    const asked = ask(this.wishes);
    this.wishes = asked.wishes;
    const id = newId('c');
    const wish = command.type === 'take' ? { ...command, id, seed: 0 } : command;
    const looked = command.type === 'take' ? await this.#look(command.source) : null;
    const wishes = commit(this.wishes, wish, asked.number, this.seen, Date.now());
    this.#want(wishes, looked ? { [id]: looked } : {});
    if (command.type === 'take') await this.until(() => this.#isDecided(id));
  }

  async #look(source: Source): Promise<PreparedSource | null> {
    if (source.kind !== 'file' && source.kind !== 'url') return null;
    const { signal } = new AbortController();
    return await this.#context.sourcesOf(this.#options.room).prepare(source, this.#options.rules, signal);
  }

  /** As operators are told. */
  state(): ProgrammeState {
    return stateOf(this, Date.now());
  }

  #want(wishes: Wishes, looked: Looked): void {
    this.wishes = wishes;
    void this.programme.want(wishes.wanted, looked);
  }

  #isDecided(id: string): boolean {
    const { wanted } = this.wishes;
    const is = this.seen?.candidates.find((one) => one.id === id)?.is.state;
    return (
      wanted.slate ||
      is === 'onAir' ||
      is === 'away' ||
      is === 'blocked' ||
      !wanted.chain.some((one) => one.id === id)
    );
  }

  /** Resolves when something is so, whatever is said meanwhile. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await once(this.#news, 'event');
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

  /** How much later than it was due something left since the machine gave this process or its ffmpeg no turn, in ms. */
  get missedMs(): number {
    return this.#turns.missedMs(0);
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
    this.#turns[Symbol.dispose]();
    await this.programme.close();
    await this.sink[Symbol.asyncDispose]();
    await this.#context.close();
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

/** No packet is missing, and no picture is early by more than rounding, or late by more than the machine makes it. */
export function expectUnbroken(played: PlayedProgramme, stepMs = 1000 / 30): void {
  for (const track of [played.video(), played.audio()]) {
    const sequences = track.map(({ sequence }) => sequence);
    expect(steps(sequences, 16).every((step) => step === 1)).toBe(true);
  }
  expect(uneven(pictureSteps(played.video()), stepMs, 0.75, played.missedMs)).toEqual([]);
}

/** The steps that are shorter by more than `mostMs`, or longer by more than that and what was missed. */
export function uneven(steps: readonly number[], stepMs: number, mostMs: number, missedMs: number): number[] {
  return steps.filter((step) => step < stepMs - mostMs || step > stepMs + mostMs + missedMs);
}
