import type { Browser, Page } from 'playwright-core';
import type { Control } from '../../src/contract/control.ts';
import type { Event, EventType } from '../../src/contract/events.ts';
import type { PlaylistEntrySource, Source } from '../../src/contract/models.ts';
import type { ProgrammeState } from '../../src/contract/programme-state.ts';
import type { Desk } from '../../src/daemon/rooms/desk.ts';
import type { Room } from '../../src/daemon/rooms/room.ts';
import type { BroadcastState } from '../../src/daemon/rooms/room-state.ts';
import { eventually, leaveRoom, openRoom, type ReceivedMedia, received } from './browser.ts';
import type { DaemonAndBrowser } from './daemon-and-browser.ts';
import { packetsDropped } from './packets-dropped.ts';
import { longestGapsMs, noteSent, type SentFrame, sentFrames } from './sent-frames.ts';
import { noteFrames, type Shot, type ShownFrame, shotsOf, shownFrames } from './shown-frames.ts';
import { feeders, Turns } from './turns.ts';

type Told<T extends EventType> = Extract<Event, { type: T }>;

/** Sound may be so far from its picture, in ms, before viewers object (ITU-R BT.1359-1 has 45 early and 125 late). */
const lipSyncMs = 80;

/** Players of files read two seconds ahead. */
const readAheadMs = 1500;

/** Where a stretch begins that is looked at. */
export interface Mark {
  /** By performance.now(). */
  readonly atMs: number;
  readonly media: ReceivedMedia;
  readonly frames: number;
  readonly sent: number;
  readonly events: number;
}

/** What a viewer got since a mark. */
export interface Stretch {
  /** What says that these are not the same tracks on the same connection, or that a packet was lost. */
  readonly broken: readonly string[];
  /** Pictures that came. */
  readonly pictures: number;
  /** The longest times without a new picture, and without sound, as they were sent, less what their senders waited for a CPU. */
  readonly gapsMs: ReturnType<typeof longestGapsMs>;
  /** What the senders missed by that wait, in ms; 0 on a machine that has nothing else to do. */
  readonly missedMs: number;
  readonly shots: readonly Shot[];
}

/** A room with a broadcast, a real browser that watches it, and all that an operator is told of it. */
export class WatchedRoom implements AsyncDisposable {
  readonly page: Page;
  readonly events: readonly Event[];
  readonly #browser: Browser;
  readonly #desk: Desk;
  readonly #room: Room;
  readonly #id: string;
  readonly #leave: () => void;
  readonly #turns: Turns;
  readonly #droppedBefore = packetsDropped();

  private constructor(
    browser: Browser,
    page: Page,
    desk: Desk,
    room: Room,
    id: string,
    events: readonly Event[],
    leave: () => void,
  ) {
    this.#browser = browser;
    this.page = page;
    this.#desk = desk;
    this.#room = room;
    this.#id = id;
    this.events = events;
    this.#leave = leave;
    const { name } = room;
    this.#turns = new Turns(() => [
      ...desk.ingest.filter(({ rooms }) => rooms.includes(name)).map(({ pid }) => pid),
      ...[this.pid, ...feeders()],
    ]);
  }

  /**
   * Puts a source on air; resolves when a browser shows it and hears its sound.
   *
   * @param start the source, or what makes somebody publish, which puts the room on air by itself
   */
  static async open(
    { browser, server }: DaemonAndBrowser,
    room: string,
    start: Source | (() => unknown),
  ): Promise<WatchedRoom> {
    const { hub, desk } = server.daemon;
    const events: Event[] = [];
    const leave = hub.listen((event) => {
      if ('room' in event && event.room === room && event.type !== 'broadcast.stats') events.push(event);
    });
    const page = await openRoom(browser, `${server.url}/${room}`, noteFrames, noteSent, hideGaps);
    // Several are watched at the same time, and drawing costs more than decoding.
    await page.setViewportSize({ width: 320, height: 180 });
    const { id } =
      typeof start === 'function'
        ? await published(desk, room, start)
        : await desk.start({ room, source: start });
    const watched = new WatchedRoom(browser, page, desk, desk.room(room), id, events, leave);
    await page.keyboard.press('m');
    await eventually(
      () => received(page),
      ({ video, audio }) => (video?.framesDecoded ?? 0) > 10 && (audio?.packetsReceived ?? 0) > 20,
    );
    return watched;
  }

  /** As it is now, or was when it was over. */
  get broadcast(): BroadcastState {
    const { broadcast, over } = this.#room.actor.state;
    const found = [broadcast, over?.broadcast].find((one) => one?.id === this.#id);
    if (!found) throw new Error(`expected ${this.#id} on air`);
    return found;
  }

  /** The process that plays it now, or did last. */
  get pid(): number {
    return this.told('pipeline.started').at(-1)?.pid ?? Number.NaN;
  }

  /** How what it is made of is, for whoever finds out why nothing comes. */
  get parts(): Pick<BroadcastState, 'programme' | 'media' | 'joined'> {
    const { programme, media, joined } = this.broadcast;
    return { programme, media, joined };
  }

  programme(): ProgrammeState {
    return this.#desk.programme(this.#room.name);
  }

  control(command: Control): Promise<ProgrammeState> {
    return this.#desk.control(this.#room.name, command);
  }

  told<T extends EventType>(type: T, since = 0): Told<T>[] {
    return this.events.slice(since).filter((event) => event.type === type) as Told<T>[];
  }

  /** What was put on air, and why, such as `slate away`. */
  switches(since = 0): string[] {
    return this.told('programme.switched', since).map(({ to, reason }) => `${to.entry} ${reason}`);
  }

  async mark(): Promise<Mark> {
    const [shown, sent] = [await shownFrames(this.page), await sentFrames(this.page)];
    return {
      atMs: performance.now(),
      media: await received(this.page),
      frames: shown.length,
      sent: sent.length,
      events: this.events.length,
    };
  }

  async since({ atMs, media: before, frames, sent }: Mark): Promise<Stretch> {
    const all = await sentFrames(this.page);
    const came = all.slice(sent);
    const last = (some: SentFrame['kind']) =>
      all.findLast(({ kind }, index) => index < sent && kind === some);
    const [picture, sound] = [last('video'), last('audio')];
    const now = await received(this.page);
    const longest = longestGapsMs([...(picture ? [picture] : []), ...(sound ? [sound] : []), ...came]);
    const missedMs = this.#turns.missedMs(atMs);
    return {
      broken: [
        ...breaks(before, now),
        ...(now.video && now.audio ? [] : [await this.#whyNone()]),
        ...lossOf(
          { video: now.video?.packetsLost, audio: now.audio?.packetsLost },
          packetsDropped() - this.#droppedBefore,
        ),
      ],
      pictures: came.filter(({ kind }) => kind === 'video').length,
      gapsMs: { video: longest.video - missedMs, audio: longest.audio - missedMs },
      missedMs,
      shots: shotsOf(await shownFrames(this.page, Math.max(0, frames - 1))),
    };
  }

  /** What the page says of itself. */
  async #phase(): Promise<string | undefined> {
    return await this.page.evaluate(() => document.documentElement.dataset.state);
  }

  /** What the page and the operator are told where tracks are gone. */
  async #whyNone(): Promise<string> {
    return `no track: the page is ${await this.#phase()}; told last: ${JSON.stringify(this.events.slice(-5))}`;
  }

  /** Resolves when so much more has been played; rejects with what the page and the operator were told where that takes too long. */
  async played(ms: number): Promise<void> {
    const before = await received(this.page);
    const since = this.events.length;
    await eventually(
      () => received(this.page),
      (now) => now.playedMs - before.playedMs >= ms,
      ms + 15_000,
    ).catch(async (reason: Error) => {
      const [now, phase] = [await received(this.page), await this.#phase()];
      const [was, told] = [JSON.stringify(before), JSON.stringify(this.events.slice(since))];
      throw new Error(
        `${reason.message}\nbefore: ${was}\nbroken since: ${breaks(before, now)}\nthe page is ${phase}; told since: ${told}`,
      );
    });
  }

  /** Resolves with a second in which nothing but pictures of these widths was shown, once there is one. */
  async goesOn(...widths: number[]): Promise<Stretch> {
    return await eventually(
      async () => {
        const mark = await this.mark();
        await this.played(1000);
        return await this.since({ ...mark, frames: mark.frames + 1 });
      },
      ({ pictures, shots }) => pictures > 10 && shots.every(({ width }) => widths.includes(width)),
    );
  }

  /** Resolves when the slate is made, which is begun once the first frames have left. */
  async hasSlate(): Promise<void> {
    await eventually(
      async () => this.programme().entries.find(({ entry }) => entry === 'slate')?.state,
      (state) => state === 'ready' || state === 'onAir',
    );
  }

  /** Resolves when all that came until now is decoded. */
  async decoded(): Promise<void> {
    const isPicture = ({ kind }: SentFrame) => kind === 'video';
    const came = (await sentFrames(this.page)).filter(isPicture).length;
    await eventually(
      () => received(this.page),
      ({ video }) => (video?.framesDecoded ?? 0) >= came,
    );
  }

  /** Resolves when so much of a file has been read ahead that another ffmpeg may be started meanwhile. */
  async hasReadAhead(): Promise<void> {
    const before = this.broadcast.stats;
    await eventually(
      async () => this.broadcast.stats,
      (stats) => stats.positionMs !== before.positionMs && stats.bufferedMs > readAheadMs,
    );
  }

  /** Resolves when sound is with its picture: a browser moves them towards each other in steps. */
  async inStep(): Promise<void> {
    await eventually(
      async () => {
        const { video, audio } = await received(this.page);
        return (video?.playoutMs ?? 0) - (audio?.playoutMs ?? Number.NaN);
      },
      (apartMs) => Math.abs(apartMs) < lipSyncMs,
    );
  }

  /** Resolves with the pictures since a mark and the one before, once some of this width came on the screen, or have stayed. */
  async shows(width: number, { frames }: Mark, timeoutMs?: number): Promise<ShownFrame[]> {
    return await eventually(
      () => shownFrames(this.page, Math.max(0, frames - 1)),
      // They may be gone again before somebody looks.
      (shown) =>
        shotsOf(shown)
          .slice(1)
          .some((shot) => shot.width === width) ||
        (shown.length > 1 && shown.at(-1)?.width === width),
      timeoutMs,
    );
  }

  /** Ends its ffmpeg by a signal; where that has just ended by itself, the one that follows. Resolves when another one runs. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const before = this.told('pipeline.started').length;
    const pid = await eventually(async () => this.pid, alive);
    process.kill(pid, signal);
    await eventually(
      async () => this.told('pipeline.started').length,
      (count) => count > before,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#room.actor.end(this.#id, 'stopped');
    await leaveRoom(this.#browser, this.page);
    this.#turns[Symbol.dispose]();
    this.#leave();
  }
}

async function published(desk: Desk, room: string, publish: () => unknown): Promise<BroadcastState> {
  await publish();
  const broadcast = await eventually(
    async () => desk.findRoom(room)?.broadcast ?? null,
    (found) => found?.live === true,
  );
  return broadcast as BroadcastState;
}

/** A file as a source that is played once. */
export function fileSource(path: string): Extract<PlaylistEntrySource, { kind: 'file' }> {
  return { kind: 'file', path, loop: false, audioTrack: null };
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * Runs in the page, before its own script. A page that has missed sound joins anew once to have it with its picture again, also where it
 * missed that since its own machine was busy; what is watched here is whether somebody breaks what it has.
 */
export function hideGaps(): void {
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    override async getStats(): Promise<RTCStatsReport> {
      const report = await super.getStats();
      const shown = [...report].map(([id, entry]) => [id, { ...entry, concealedSamples: 0 }] as const);
      return new Map(shown) as unknown as RTCStatsReport;
    }
  };
}

function breaks(before: ReceivedMedia, now: ReceivedMedia): string[] {
  const told = (media: ReceivedMedia) => ({
    connections: media.connections,
    video: media.video?.trackId,
    audio: media.audio?.trackId,
  });
  const [was, is] = [told(before), told(now)];
  return (['connections', 'video', 'audio'] as const).flatMap((what) =>
    was[what] === is[what] ? [] : [`${what}: ${was[what]} before, ${is[what]} now`],
  );
}

/** What was lost, and how many packets the system threw away meanwhile, whoever sent them, for buffers that were full: by it a burst is told from a hole. */
function lossOf(
  lost: { readonly [kind in 'video' | 'audio']: number | undefined },
  dropped: number,
): string[] {
  const { video, audio } = lost;
  return (video ?? 0) + (audio ?? 0) > 0
    ? [`lost: ${video} of the picture, ${audio} of the sound; ${dropped} dropped by the system`]
    : [];
}
