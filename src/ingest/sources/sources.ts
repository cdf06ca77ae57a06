import { systemClock } from '../../contract/clock.ts';
import type { Devices } from '../../contract/devices.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { Source } from '../../contract/models.ts';
import type { Loudness, Plan, Probe } from '../../contract/plan.ts';
import { sourceWords } from '../../contract/source-words.ts';
import { awaitedCaller } from '../../contract/url-protocols.ts';
import { markOf } from '../child/mark.ts';
import { type MeasuredSound, measureLoudness, soundKey } from '../ffmpeg/loudness.ts';
import type { Guard } from '../guard/guard.ts';
import { LocalGuard } from '../guard/local-guard.ts';
import { Network } from '../guard/network.ts';
import { chosenSound } from '../plan/chosen-sound.ts';
import { planSeen } from '../plan/plan.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import type { Subject } from '../probe/ffprobe-output.ts';
import { comesInRealTime } from '../probe/measure-pace.ts';
import { probeDuration } from '../probe/probe-duration.ts';
import { findOut } from '../probe/probe-input.ts';
import { deviceInput } from './capture/device-input.ts';
import { listDevices } from './capture/list-devices.ts';
import { screenInput, windowInput } from './capture/screen-input.ts';
import { type FileInput, linkFolder, openFile } from './file-input.ts';
import { FileMemory, type KnownFile } from './file-memory.ts';
import type { Input } from './input.ts';
import { LoudnessBook, type SeenFile } from './loudness-book.ts';
import { type Callers, SrtConnections, type Use } from './srt/srt-connections.ts';
import { StdinPipes } from './stdin/stdin-pipes.ts';
import { pictureDemuxer, pictureInput } from './still-picture.ts';
import { testInput } from './test-input.ts';
import { isSrt } from './url/address.ts';
import { checkHeaders, refuseConfined, urlInput } from './url/url-input.ts';

/** What sources need of the configuration. Plain data: it crosses to ingest processes. */
export interface SourcesOptions {
  /** Paths or names of the programs. */
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** How long probing one source may take, in ms. */
  readonly probeTimeoutMs: number;
  /** Absolute folders that files may lie in; empty: anywhere. */
  readonly roots: readonly string[];
  /** Addresses of private networks, and of this machine, may be opened. */
  readonly allowPrivateNetworks: boolean;
  /** Of several variants of HLS the best within that is taken; default the best. */
  readonly maxBitrateBps?: number;
  /** Folder that only this user may write in: for the sockets of standard inputs, and links that name files for ffmpeg. */
  readonly ownFolder: string;
}

/** A GIF of one picture says that it takes so long, in ms. */
const stillGifMs = 150;

/** A file, and whether it has to lie below one of the roots though there are none. */
type PlacedFile = Pick<Extract<Source, { kind: 'file' }>, 'path' | 'confined'>;

/** A source that was looked at. */
export interface PreparedSource {
  readonly probe: Probe;
  readonly plan: Plan;
  /** It comes at its own pace. */
  readonly live: boolean;
  /** How long it took until something of it was seen, in ms. */
  readonly lookMs: number;
  /** It is a still picture, which is on air for as long as it is wanted. */
  readonly picture?: true | undefined;
  /** Of a file: differs where the file is another one, or was written since. */
  readonly identity?: string | undefined;
}

/** What was found out of a file. Plain data: it crosses between processes. */
export type FileFinding =
  | ({ readonly what: 'probe' } & KnownFile<Probe>)
  | ({ readonly what: 'durationMs' } & KnownFile<number | null>)
  | ({ readonly what: 'loudness' } & KnownFile<Readonly<Record<string, Loudness>>>);

/** Opens and looks at sources. Publishers, slates and playlists are no business of ffmpeg's, and not opened here. */
export class Sources {
  readonly #options: SourcesOptions;
  readonly #guard: Guard;
  readonly #stdin: StdinPipes;
  readonly #srt: SrtConnections;
  readonly #probes: FileMemory<Probe>;
  readonly #durationsMs: FileMemory<number | null>;
  readonly #loudness: LoudnessBook<Loudness>;

  private constructor(options: SourcesOptions, guard: Guard, onFound: (finding: FileFinding) => void) {
    this.#probes = new FileMemory((known) => onFound({ what: 'probe', ...known }));
    this.#durationsMs = new FileMemory((known) => onFound({ what: 'durationMs', ...known }));
    this.#loudness = new LoudnessBook({
      onFound: (known) => onFound({ what: 'loudness', ...known }),
    });
    this.#options = options;
    this.#guard = guard;
    this.#stdin = new StdinPipes(options.ownFolder);
    this.#srt = new SrtConnections({ ffmpeg: options.ffmpeg, guard });
  }

  /** @param guard the way out. Default: one in this process @param onFound hears of what is found out of files */
  static async create(
    options: SourcesOptions,
    guard: Guard = new LocalGuard(new Network(options)),
    onFound: (finding: FileFinding) => void = () => {},
  ): Promise<Sources> {
    return new Sources(options, guard, onFound);
  }

  /** Takes over what was found out of files elsewhere. */
  learn(findings: readonly FileFinding[]): void {
    for (const finding of findings)
      if (finding.what === 'probe') this.#probes.learn(finding);
      else if (finding.what === 'loudness') this.#loudness.learn(finding);
      else this.#durationsMs.learn(finding);
  }

  /** The loudness of one track of a file that was looked at; undefined: not measured yet. */
  loudnessOf(file: SeenFile, audio: MeasuredSound): Loudness | undefined {
    return this.#loudness.find(file, soundKey(audio));
  }

  /**
   * Says how ffmpeg opens a source, this once. Whoever opens it disposes of it.
   *
   * @param room for which, if for one
   * @throws MiroliveError SOURCE_*, INVALID_REQUEST
   */
  async open(source: Source, signal?: AbortSignal, room?: string): Promise<Input> {
    signal?.throwIfAborted();
    switch (source.kind) {
      case 'file':
        return await this.#openFile(source, signal);
      case 'url':
        if (isSrt(source)) return this.#openSrt(source, 'play', signal, room);
        return urlInput(
          source,
          this.#guard,
          room === undefined ? null : markOf(room, source),
          this.#options.maxBitrateBps,
        );
      case 'device':
        return deviceInput(source, this.#options.ffmpeg, signal);
      case 'screen':
        return screenInput(source);
      case 'window':
        return windowInput(source, signal);
      case 'test':
        return testInput(source);
      case 'stdin':
        return this.#stdin.play(source.token);
      default:
        throw new MiroliveError('INVALID_REQUEST', `expected a source to open, got ${source.kind}`);
    }
  }

  /**
   * Looks at a source and decides how it is played. Key frames of what comes at its own pace are taken to be near enough,
   * as only time will tell, unless it is measurable. A file is looked at anew where it changed since.
   *
   * @param slice runs work on what comes of it; default at once
   * @throws MiroliveError SOURCE_*, INVALID_REQUEST, FFMPEG_NOT_FOUND
   */
  async prepare(
    source: Source,
    rules: PlanOptions,
    signal?: AbortSignal,
    room?: string,
    slice?: Input['slice'],
  ): Promise<PreparedSource> {
    const allRules = { ...rules, ...chosenSound(source) };
    if (source.kind === 'file') {
      const { probe, identity, picture } = await this.#probeFile(source, signal, slice);
      if (picture) {
        const plan = planSeen(probe, true, { ...allRules, renditions: ['source'], ladder: null });
        return { probe, identity, picture, live: true, lookMs: 0, plan: drawnOnce(plan) };
      }
      const plan = this.#planFile({ path: source.path, identity }, probe, allRules);
      return { probe, identity, live: false, lookMs: 0, plan };
    }
    const subject = { path: sourceWords(source), sizeBytes: null };
    if (source.kind === 'stdin') return await this.#prepareStdin(source.token, subject, rules, signal, slice);
    await using input = isSrt(source)
      ? await this.#openSrt(source, 'look', signal, room)
      : await this.open(source, signal, room);
    const prepared = await this.look(input, subject, allRules, signal, slice).catch((error) => {
      if (isSrt(source) && signal?.aborted !== true) this.#srt.drop(room ?? '', source.url);
      throw error;
    });
    const isVariantAsked = source.kind === 'url' && source.variant !== undefined;
    if (isVariantAsked && !(await input.variants?.())) {
      const message = `${subject.path} has no variants to choose from, and one was asked for`;
      throw new MiroliveError('SOURCE_TRACK_NOT_FOUND', message, { hint: 'Leave out --variant' });
    }
    return prepared;
  }

  /**
   * Makes sure that a source can be waited for where there is nothing to look at yet: gives whether it is one of those.
   *
   * @throws MiroliveError INVALID_REQUEST, SOURCE_UNREACHABLE
   */
  async canWait(source: Source, room: string): Promise<boolean> {
    if (source.kind !== 'url' || awaitedCaller(source) === null) return false;
    await this.#srt.checkPort(room, source.url);
    return true;
  }

  /** Those who call a port. */
  callers(source: Source, room: string): Callers {
    const waits = awaitedCaller(source);
    if (source.kind !== 'url' || waits === null)
      throw new Error(`expected a port to be called, got ${sourceWords(source)}`);
    return this.#srt.callers(room, source.url, waits);
  }

  /** The same for what somebody has opened. */
  async look(
    input: Input,
    subject: Subject,
    rules: PlanOptions,
    signal?: AbortSignal,
    slice?: Input['slice'],
  ): Promise<PreparedSource> {
    const { ffprobe, probeTimeoutMs: timeoutMs } = this.#options;
    const fromMs = systemClock.nowMs();
    const { probe, live } = await findOut(input, subject, { ffprobe, timeoutMs, signal, slice });
    return { probe, live, lookMs: systemClock.nowMs() - fromMs, plan: planSeen(probe, live, rules) };
  }

  /**
   * How long a source is, in ms; null: not known. Much cheaper than `prepare`.
   *
   * @throws MiroliveError SOURCE_*, INVALID_REQUEST, FFMPEG_NOT_FOUND
   */
  async durationMs(
    source: Source,
    signal: AbortSignal,
    room?: string,
    slice?: Input['slice'],
  ): Promise<number | null> {
    const { ffprobe, probeTimeoutMs: timeoutMs } = this.#options;
    if (source.kind === 'file') {
      const file = await this.#openFile(source, signal);
      return await this.#durationsMs.of(file, signal, async (needed) => {
        const value = await probeDuration(file, { ffprobe, timeoutMs, signal: needed, slice });
        return { value, keep: value !== null };
      });
    }
    await using input = await this.open(source, signal, room);
    return await probeDuration(input, { ffprobe, timeoutMs, signal, slice });
  }

  /**
   * A place for a client to write a container into, and the token of its source.
   *
   * @param onOver hears once nothing comes of it any more
   * @throws MiroliveError LIMIT_REACHED
   */
  async openStdin(onOver?: (token: string) => void): Promise<{ path: string; token: string }> {
    return await this.#stdin.open(onOver);
  }

  /** What this machine can put on air of its own. */
  async listDevices(): Promise<Devices> {
    return await listDevices(this.#options.ffmpeg);
  }

  async close(): Promise<void> {
    await this.#loudness.close();
    await this.#stdin.close();
    await this.#srt[Symbol.asyncDispose]();
    await this.#guard[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** By its loudness, where that is known, which is measured from now on where it is not. */
  #planFile(file: SeenFile, probe: Probe, rules: PlanOptions): Plan {
    const plan = planSeen(probe, false, rules);
    if (!plan.audio?.level) return plan;
    const measured = this.loudnessOf(file, plan.audio);
    if (measured) return planSeen(probe, false, { ...rules, measured });
    const { audio } = plan;
    this.#loudness.want(file, soundKey(audio), (signal) => this.#measure(file, audio, signal));
    return plan;
  }

  async #measure(
    { path, identity }: SeenFile,
    audio: MeasuredSound,
    signal: AbortSignal,
  ): Promise<Loudness | null> {
    await using file = await this.#openFile({ path }, signal);
    if (file.identity !== identity) return null;
    return await measureLoudness(file, { ffmpeg: this.#options.ffmpeg, audio, signal });
  }

  async #openSrt(
    { url, headers, confined }: Extract<Source, { kind: 'url' }>,
    use: Use,
    signal?: AbortSignal,
    room = '',
  ): Promise<Input> {
    checkHeaders(headers, 'srt');
    refuseConfined(confined, 'srt');
    return await this.#srt.open(room, url, use, signal);
  }

  async #prepareStdin(
    token: string,
    subject: Subject,
    rules: PlanOptions,
    signal?: AbortSignal,
    slice?: Input['slice'],
  ): Promise<PreparedSource> {
    await using input = await this.#stdin.peek(token);
    const prepared = await this.look(input, subject, rules, signal, slice);
    const { format, startMs } = prepared.probe;
    const { ffprobe, probeTimeoutMs: timeoutMs } = this.#options;
    await this.#stdin.note(token, format, (sinceMs) =>
      comesInRealTime(input, { sinceMs, startMs }, { ffprobe, timeoutMs, signal }),
    );
    return prepared;
  }

  async #probeFile(
    source: PlacedFile,
    signal?: AbortSignal,
    slice?: Input['slice'],
  ): Promise<{ probe: Probe; identity: string; picture?: true }> {
    const { ffprobe, probeTimeoutMs: timeoutMs } = this.#options;
    const { path } = source;
    const file = await this.#openFile(source, signal);
    const { sizeBytes, identity } = file;
    const demuxer = await pictureDemuxer(file, signal).catch(async (error) => {
      await file[Symbol.asyncDispose]();
      throw error;
    });
    const [part] = file.parts;
    const input: FileInput = demuxer === null ? file : { ...file, parts: [pictureInput(part, demuxer)] };
    const probe = await this.#probes.of(input, signal, async (needed) => {
      const found = await findOut(input, { path, sizeBytes }, { ffprobe, timeoutMs, signal: needed, slice });
      return { value: found.probe, keep: found.whole };
    });
    const moves = demuxer === 'gif' && (probe.durationMs ?? 0) > stillGifMs;
    if (demuxer === null || moves) return { probe, identity };
    const format = demuxer.replace(/_pipe$/, '');
    return { probe: { ...probe, format, durationMs: null }, identity, picture: true };
  }

  async #openFile({ path, confined }: PlacedFile, signal?: AbortSignal): Promise<FileInput> {
    signal?.throwIfAborted();
    const { roots, ownFolder } = this.#options;
    if (confined && roots.length === 0)
      throw new MiroliveError(
        'SOURCE_FORBIDDEN',
        `${path} is below none of media.roots, which names no folder`,
      );
    return await openFile(path, { roots, linkFolder: linkFolder(ownFolder) }, signal);
  }
}

/** A picture is encoded before it is on air: nothing would be better at its source. */
function drawnOnce({ video, audio }: Plan): Plan {
  if (!video) return { video, audio };
  const { codes: _, ...drawn } = video;
  return { audio, video: { ...drawn, reasons: [] } };
}
