import type { ScanReport } from '../../contract/scan.ts';
import { complaintIn, isComplaint } from '../ffmpeg/complaint.ts';
import { readLoudness, type SoundPart, together } from '../ffmpeg/loudness.ts';
import { isBlack, isSame } from '../process/content/picture-look.ts';
import { silentDb } from '../process/content/sound-look.ts';
import { FoundStretches, type ScanLimits } from './found-stretches.ts';

/** Pictures are compared so far apart at least, in ms, as on air. */
const comparedMs = 1900;
/** Sound is judged in pieces so long, in ms. */
export const pieceMs = 1000;
/** What a container says to be longer than what came by more than this, in ms, was cut off. */
const cutOffMs = 2000;
/** The figures at the end take less, in characters. */
const maxSummary = 4000;

const picture = /^\[Parsed_showinfo_\d+ @ \w+\] \[info\] n: *\d+ .*pts_time:(-?[\d.]+) .*iskey:([01])/;
const piece = /^\[Parsed_ametadata_\d+ @ \w+\] \[info\] frame:\d+ +pts:-?\d+ +pts_time:(-?[\d.]+)/;
const level =
  /^\[Parsed_ametadata_\d+ @ \w+\] \[info\] lavfi\.astats\.Overall\.RMS_level=(-?[\d.]+|-?inf|-?nan)/;
const summary = /^\[Parsed_ebur128_\d+ @ \w+\] \[info\] Summary:/;
/** What decoders say of what they cannot decode, and make up for. */
const concealed = /\[(?:info|warning)\] .*(?:concealing \d+|corrupt)/i;

export interface ScanReaderOptions {
  readonly limits: ScanLimits;
  readonly video: boolean;
  readonly audio: boolean;
}

/** Makes a report of what ffmpeg says and gives of a whole file, in order. Pure. */
export class ScanReader {
  readonly #options: ScanReaderOptions;
  readonly #stretches: FoundStretches;
  #atMs = 0;
  /** What was damaged since the last moment that is known; null: nothing. */
  #damage: string | null = null;
  #pieceMs = 0;
  #compared: { readonly points: Uint8Array; readonly atMs: number } | undefined;
  #keys = { count: 0, firstMs: 0, lastMs: 0, longestMs: 0 };
  #summary: string | null = null;
  /** What was measured before the last summary: there is one for each part of the sound that is of another kind. */
  #measured: SoundPart | null = null;
  /** Where the part begins and ends that the last summary is of, in ms. */
  #partMs = 0;
  #soundMs = 0;

  constructor(options: ScanReaderOptions) {
    this.#options = options;
    this.#stretches = new FoundStretches(options.limits);
  }

  /** How far it is, in ms. */
  get atMs(): number {
    return this.#atMs;
  }

  /** A line that ffmpeg says. */
  say(line: string): void {
    const [, pictureS, key] = picture.exec(line) ?? [];
    const [, pieceS] = piece.exec(line) ?? [];
    const [, db] = level.exec(line) ?? [];
    if (pictureS !== undefined) this.#picture(Number(pictureS) * 1000, key === '1');
    else if (pieceS !== undefined) this.#pieceMs = Number(pieceS) * 1000;
    else if (db !== undefined) this.#sound(Number(db.replace('inf', 'Infinity')));
    else if (summary.test(line)) this.#summarized(line);
    else if (this.#summary !== null && isOpen(this.#summary)) this.#summary += `\n${line}`;
    else if (isComplaint(line) || concealed.test(line)) this.#damage ??= complaintIn(line) ?? wordsOf(line);
  }

  /** A small picture, its brightness in points. */
  look(points: Uint8Array, atMs: number): void {
    const black = isBlack(points);
    if (black) this.#stretches.isSo('black', atMs, atMs);
    else this.#stretches.isNot('black', atMs);
    const before = this.#compared;
    if (before && atMs - before.atMs < comparedMs) return;
    // What is read of ffmpeg comes in large pieces: a view would keep all of one.
    this.#compared = { points: Uint8Array.from(points), atMs };
    // A black picture that stands still is found once.
    if (before && !black && isSame(before.points, points)) this.#stretches.isSo('frozen', before.atMs, atMs);
    else this.#stretches.isNot('frozen', before?.atMs ?? atMs);
  }

  /** Nothing follows. @param failure why nothing more came; null: it was read to its end */
  report(path: string, durationMs: number | null, failure: string | null): ScanReport {
    const endMs = Math.max(this.#atMs, durationMs ?? 0);
    this.#passed(this.#atMs);
    const isCutOff = endMs - this.#atMs > cutOffMs;
    // The last picture stays for as long as it lasts.
    const lastMs = isCutOff ? this.#atMs : endMs;
    for (const kind of ['black', 'frozen'] as const) this.#stretches.isStillSo(kind, lastMs);
    const words = failure ?? (isCutOff ? 'nothing comes from there on' : null);
    if (words !== null) this.#stretches.isSo('damaged', this.#atMs, endMs, words);
    const { count, firstMs, lastMs: keyMs, longestMs } = this.#keys;
    const keyFrames = {
      count,
      longestMs: count === 0 ? null : Math.round(Math.max(longestMs, lastMs - keyMs)),
      meanMs: count < 2 ? null : Math.round((keyMs - firstMs) / (count - 1)),
    };
    return {
      ...{ path, durationMs: durationMs === null ? null : Math.round(durationMs) },
      scannedMs: Math.round(this.#atMs),
      ...this.#stretches.end(endMs),
      loudness: this.#options.audio ? (this.#lastPart?.loudness ?? null) : null,
      keyFrames: this.#options.video ? keyFrames : null,
    };
  }

  #picture(atMs: number, isKey: boolean): void {
    this.#passed(atMs);
    if (!isKey) return;
    const { count, firstMs, lastMs, longestMs } = this.#keys;
    const apartMs = count === 0 ? 0 : atMs - lastMs;
    this.#keys = {
      count: count + 1,
      firstMs: count === 0 ? atMs : firstMs,
      lastMs: atMs,
      longestMs: Math.max(longestMs, apartMs),
    };
  }

  #sound(db: number): void {
    const toMs = this.#pieceMs + pieceMs;
    this.#passed(this.#pieceMs);
    if (db >= silentDb) this.#stretches.isNot('silent', this.#pieceMs);
    else this.#stretches.isSo('silent', this.#pieceMs, toMs);
  }

  #summarized(line: string): void {
    this.#measured = this.#lastPart;
    this.#partMs = this.#soundMs;
    this.#summary = line;
    this.#soundMs = this.#pieceMs + pieceMs;
  }

  /** All that was measured up to the last summary. */
  get #lastPart(): SoundPart | null {
    const loudness = this.#summary === null ? null : readLoudness(this.#summary);
    if (!loudness) return this.#measured;
    const part = { loudness, ms: Math.max(1, this.#soundMs - this.#partMs) };
    return this.#measured ? together(this.#measured, part) : part;
  }

  /** What was said since the last moment belongs to what lies between. */
  #passed(atMs: number): void {
    if (this.#damage !== null)
      this.#stretches.isSo('damaged', this.#atMs, Math.max(this.#atMs, atMs), this.#damage);
    this.#damage = null;
    this.#atMs = Math.max(this.#atMs, atMs);
  }
}

/** Its last figure has not come: what follows that is said of something else. */
function isOpen(words: string): boolean {
  return words.length < maxSummary && !words.includes(' Peak:');
}

function wordsOf(line: string): string {
  return line.replace(/^.*\[(?:info|warning)\] /, '').trim();
}
