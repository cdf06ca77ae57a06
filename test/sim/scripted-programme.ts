import type { Clock } from '../../src/contract/clock.ts';
import type { Control } from '../../src/contract/control.ts';
import { asMiroliveError } from '../../src/contract/errors.ts';
import type { Source } from '../../src/contract/models.ts';
import { type ProgrammeEvent, programmeEvent } from '../../src/contract/programme-event.ts';
import type { ProgrammeState } from '../../src/contract/programme-state.ts';
import { type Seen, seen as seenSchema, snapshot as snapshotSchema } from '../../src/contract/snapshot.ts';
import { ask, commit, follow, newCandidate, newWishes, type Wishes } from '../../src/daemon/rooms/wishes.ts';
import { Director } from '../../src/ingest/process/director/director.ts';
import type { DirectorOptions } from '../../src/ingest/process/director/director-options.ts';
import type { DirectorParts } from '../../src/ingest/process/director/director-parts.ts';
import type { Sink } from '../../src/ingest/process/splicer/sink.ts';
import { Splicer } from '../../src/ingest/process/splicer/splicer.ts';
import type { Placed } from '../../src/ingest/process/splicer/timeline.ts';
import { pseudoRandom } from '../helpers/pseudo-random.ts';
import { stateOf } from '../helpers/state-of.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';
import { scriptedContent } from './scripted-content.ts';
import { clip, nameOf, ScriptedSources, sound } from './scripted-sources.ts';

export interface Setting {
  readonly main: Source;
  readonly fallbacks: readonly Source[];
  readonly failback: 'auto' | 'manual';
  /** Default true. */
  readonly alwaysOn?: boolean;
  /** How long making the slate takes; default 400. */
  readonly slateMs?: number;
  /** How long its main source may be away; default 10,000. */
  readonly graceMs?: number;
  /** How it is connected; default at once. */
  readonly connect?: (port: number) => Promise<void>;
  /** What plays its sources; default those of a script. */
  readonly maker?: (clock: Clock) => DirectorParts['maker'];
  /** What looks at what leaves; default nothing, or what finds those that are dark where `onContent` acts. */
  readonly watchContent?: DirectorParts['watchContent'];
  /** Default `tell`. */
  readonly onContent?: DirectorOptions['onContent'];
}

const holdMs = 5000;

/** What a history does wrong is told with the moment and what led to it. */
export class Broken extends Error {}

/** A room's part in a programme, and all that viewers would get of it. */
export class ScriptedProgramme {
  readonly clock = new VirtualClock();
  readonly sources = new ScriptedSources(this.clock);
  readonly said: string[] = [];
  wishes: Wishes;
  seen: Seen | null = null;
  ended = false;
  /** What was seen last before. */
  seenBefore: Seen | null = null;
  /** Items that were said to begin, and what was seen by then. */
  readonly items: { readonly said: string; readonly seen: Seen | null }[] = [];
  /** What left last, and when in ms. */
  left: { readonly words: string; readonly atMs: number } | null = null;
  /** When each picture that left was to be seen, in ms on the programme's clock. */
  readonly pictures: { readonly words: string; readonly atMs: number }[] = [];
  readonly events: ProgrammeEvent[] = [];
  /** What sends. */
  air: Splicer | undefined;
  /** What the director's own code threw. */
  readonly broken: unknown[] = [];
  readonly #setting: Setting;
  readonly #maker: DirectorParts['maker'];
  readonly #random: () => number;
  #director: Director | undefined;
  #generation = 0;
  /** What is sent is marked as of this source; null: of none. */
  #sending: string | null = null;
  #ids = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#maker = setting.maker?.(this.clock) ?? this.sources.maker;
    const below = pseudoRandom(7);
    this.#random = () => below(1_000_000) / 1_000_000;
    const below_ = setting.fallbacks.map((source, index) =>
      newCandidate(`fallback-${index + 1}`, source, this.#newId(), 1),
    );
    this.wishes = newWishes([newCandidate('main', setting.main, this.#newId(), 1), ...below_]);
  }

  /** Whether what there is nothing of to be seen or heard is withdrawn. */
  get actsOnContent(): boolean {
    return (this.#setting.onContent ?? 'tell') !== 'tell';
  }

  get failback(): Setting['failback'] {
    return this.#setting.failback;
  }

  get director(): Director {
    if (!this.#director) throw new Error('expected an open programme');
    return this.#director;
  }

  async open(): Promise<void> {
    const generation = ++this.#generation;
    const { clock } = this;
    const { slateMs = 400 } = this.#setting;
    // It crosses to another process.
    const snapshot = snapshotSchema.parse(structuredClone({ wanted: this.wishes.wanted, seen: this.seen }));
    this.#director = await Director.open(
      this.#options,
      snapshot,
      generation,
      {},
      {
        ...(this.#watchContent && { watchContent: this.#watchContent }),
        ...{ clock, random: this.#random, maker: this.#maker, waits: () => this.sources.waits },
        makeSlate: async () => {
          await new Promise<void>((resolve) => clock.after(slateMs, resolve));
          return clip('slate');
        },
        openAir: async (heard, sourceOf) => {
          this.air = await Splicer.create({
            ...{ video: null, audio: null, clock, ...heard },
            sliceOf: (feed) => {
              const source = sourceOf(feed);
              return (work) => {
                this.#sending = source && nameOf(source);
                work();
              };
            },
            openSink: async () => this.#sink(generation),
          });
          return this.air;
        },
        openUnseen: (heard) => Splicer.unseen({ clock, ...heard }),
      },
      {
        onEvent: (event) => this.#hear(generation, programmeEvent.parse(event)),
        onSeen: (seen) => this.#see(generation, seenSchema.parse(seen)),
        onBroken: (error) => this.broken.push(error),
      },
    );
    await this.director.connect(1);
    await clock.pass(0);
  }

  /** Its process dies: what it saw last is all that is left of it. */
  async die(): Promise<void> {
    const old = this.director;
    this.#generation++;
    await old.close();
    if (this.sources.open.size > 0) throw new Broken('a player was left open');
  }

  async close(): Promise<void> {
    this.#generation++;
    const closing = this.director.close();
    await this.clock.pass(1000);
    await closing;
  }

  of<T extends ProgrammeEvent['type']>(type: T): Extract<ProgrammeEvent, { type: T }>[] {
    return this.events.filter((event) => event.type === type) as Extract<ProgrammeEvent, { type: T }>[];
  }

  /** What was seen, one word for each source in a row. */
  get shown(): string[] {
    return this.pictures.map(({ words }) => words).filter((words, at, all) => words !== all[at - 1]);
  }

  /** The longest time from one picture to the next, in ms. */
  get longestGapMs(): number {
    const gaps = this.pictures.slice(1).map(({ atMs }, at) => atMs - (this.pictures[at]?.atMs ?? 0));
    return Math.max(...gaps);
  }

  /** Gives the error's code where it is refused. */
  control(command: Control): string | null {
    const { wishes, number } = ask(this.wishes);
    this.wishes = wishes;
    const wish = command.type === 'take' ? { ...command, id: this.#newId(), seed: 1 } : command;
    try {
      this.#want(commit(this.wishes, wish, number, this.seen, this.clock.wallMs()));
      return null;
    } catch (error) {
      const { code } = asMiroliveError(error);
      if (code === 'INTERNAL') throw error;
      return code;
    }
  }

  /** As operators are told. */
  state(): ProgrammeState {
    return stateOf(this, this.clock.wallMs());
  }

  #want(wishes: Wishes): void {
    const before = this.wishes.wanted;
    this.wishes = wishes;
    if (wishes.wanted !== before) void this.director.want(structuredClone(wishes.wanted), {});
  }

  #see(generation: number, seen: Seen): void {
    if (generation !== this.#generation) return;
    this.seen = seen;
    const wishes = follow(this.wishes, seen);
    if (wishes !== this.wishes) this.#want(wishes);
  }

  #hear(generation: number, event: ProgrammeEvent): void {
    if (generation !== this.#generation) return;
    this.events.push(event);
    if (event.type === 'ended') this.ended = true;
    if (event.type === 'ended') this.seenBefore = this.seen;
    if (event.type === 'playlist.item') this.items.push({ said: event.item, seen: this.seen });
    if (event.type !== 'stats')
      this.said.push(`${Math.round(this.clock.nowMs())} ${JSON.stringify(event)}`.slice(0, 200));
  }

  #sink(generation: number): Sink {
    return {
      counters: { pictures: 0, bytes: 0, packets: 0, resent: 0, repeated: 0 },
      port: 1,
      connect: this.#setting.connect ?? (async () => {}),
      close: async () => {},
      send: (placed) => generation === this.#generation && this.#sent(placed),
      sendCompatible: () => {},
    };
  }

  #sent({ frame, timeUs }: Placed): void {
    const { slate, muted } = this.wishes.wanted;
    if (frame.kind === 'audio') {
      if (muted && frame.data.equals(sound)) throw new Broken('sound left although it is muted');
      return;
    }
    const words = frame.data.toString();
    const name = words.startsWith('source ') ? words.slice(7) : null;
    if (name !== null && name !== this.#sending)
      throw new Broken(`${words} is sent, marked as of ${this.#sending}`);
    this.left = { words, atMs: this.clock.nowMs() };
    this.pictures.push({ words, atMs: timeUs / 1000 });
    if (slate && words !== 'slate') throw new Broken(`${words} left although the slate is wanted`);
  }

  #newId(): string {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const number = this.#ids++;
    return `c-aaaaaaaa${letters[Math.floor(number / 26) % 26]}${letters[number % 26]}`;
  }

  get #watchContent(): DirectorParts['watchContent'] {
    const { watchContent, onContent } = this.#setting;
    return watchContent ?? (onContent ? scriptedContent(this.sources, this.clock) : undefined);
  }

  get #options(): DirectorOptions {
    const { failback, alwaysOn = true, graceMs = 10_000, onContent = 'tell' } = this.#setting;
    const content = { black: null, frozen: null, silent: null, clipping: null };
    return {
      content,
      onContent,
      ...{ room: 'lobby', stepsDown: false, failback, holdMs, alwaysOn, graceMs },
      ...{ slate: { kind: 'card', title: '', text: '' }, card: { title: '', text: '' } },
      ...{
        video: null,
        audio: null,
        ffmpeg: '',
        stallTimeoutMs: 3000,
        liveStallTimeoutMs: 3000,
        maxSourceBps: 50_000_000,
      },
      rules: {} as DirectorOptions['rules'],
    };
  }
}
