import { type ContentFault, contentFaults } from '../../../contract/content.ts';

/** How long something may be wrong before it is told, in ms; null: it is not looked for. */
export type ContentLimits = Readonly<Record<ContentFault, number | null>>;

/** Something is wrong from a moment on, in ms, or all right again; with `silent`, whether there was sound before. */
export type ContentNews =
  | {
      readonly type: 'wrong';
      readonly fault: ContentFault;
      readonly sinceMs: number;
      readonly hadSound: boolean;
    }
  | { readonly type: 'back'; readonly fault: ContentFault; readonly sinceMs: number };

/** What was found at a moment: which faults there are, and which there are not; others were not looked for. */
export type ContentLook = Partial<Readonly<Record<ContentFault, boolean>>>;

/** Between two looks that are further apart, in ms, anything may have been. */
const maxApartMs = 6000;
/** All right for less than this, in ms, is no end of it: whoever speaks too loud takes breath. */
const calmMs: Readonly<Record<ContentFault, number>> = { black: 0, frozen: 0, silent: 0, clipping: 5000 };

/** What leaves nothing to be seen or heard. */
const both = ['black', 'silent'] as const;

type Run = { readonly sinceMs: number; readonly wrongAtMs: number; readonly told: boolean };

/** What is wrong with what viewers are given, for long enough to be told. Pure: it is told what was seen and heard, and when. */
export class ContentWatch {
  readonly #limits: ContentLimits;
  readonly #runs = new Map<ContentFault, Run>();
  readonly #lookedAtMs = new Map<ContentFault, number>();
  #hadSound = false;
  /** What was found last of the picture and the sound. */
  #found: ContentLook = {};
  #fineSinceMs: number | null = null;

  constructor(limits: ContentLimits) {
    this.#limits = limits;
  }

  /** What is wrong now and was told, and since when, in ms. */
  get wrong(): readonly {
    readonly fault: ContentFault;
    readonly sinceMs: number;
    readonly hadSound: boolean;
  }[] {
    return contentFaults.flatMap((fault) => {
      const run = this.#runs.get(fault);
      return run?.told ? [{ fault, sinceMs: run.sinceMs, hadSound: this.#hadSoundAt(fault) }] : [];
    });
  }

  /** Both were told: there is nothing to be seen or heard. */
  get blank(): boolean {
    return both.every((fault) => this.#runs.get(fault)?.told);
  }

  /** Since when it is not black and silent at once any more, in ms; null: it is, or nothing is known. */
  get fineSinceMs(): number | null {
    return this.#fineSinceMs;
  }

  /** Something else is given: nothing is known of it. What was told is over. */
  begin(): ContentNews[] {
    this.#hadSound = false;
    this.#found = {};
    this.#fineSinceMs = null;
    return contentFaults.flatMap((fault) => this.#forget(fault));
  }

  /**
   * These are no faults now. What was told of them is over.
   *
   * @param lacking since nothing comes of a track, which makes nothing better
   */
  excuse(faults: ReadonlySet<ContentFault>, nowMs: number, lacking = false): ContentNews[] {
    const excused = lacking ? [] : both.filter((fault) => faults.has(fault));
    if (excused.length > 0) this.#fineSinceMs ??= nowMs;
    // What was found of it before does not count any more.
    for (const fault of excused) this.#found = { ...this.#found, [fault]: undefined };
    return [...faults].flatMap((fault) => this.#forget(fault));
  }

  look(look: ContentLook, nowMs: number): ContentNews[] {
    const news = contentFaults.flatMap((fault) => {
      const wrong = look[fault];
      if (wrong === undefined || this.#limits[fault] === null) return [];
      const found = wrong ? this.#isWrong(fault, nowMs) : this.#isRight(fault, nowMs);
      this.#lookedAtMs.set(fault, nowMs);
      return found;
    });
    if (look.silent === false) this.#hadSound = true;
    this.#note(look, nowMs);
    return news;
  }

  #note(look: ContentLook, nowMs: number): void {
    this.#found = { ...this.#found, ...look };
    if (both.every((fault) => this.#found[fault])) this.#fineSinceMs = null;
    else if (both.some((fault) => this.#found[fault] === false)) this.#fineSinceMs ??= nowMs;
  }

  #forget(fault: ContentFault): ContentNews[] {
    this.#lookedAtMs.delete(fault);
    return this.#end(fault);
  }

  #isWrong(fault: ContentFault, nowMs: number): ContentNews[] {
    const lookedMs = this.#lookedAtMs.get(fault) ?? Number.NEGATIVE_INFINITY;
    const before = this.#runs.get(fault);
    const goesOn = before && (before.told || nowMs - lookedMs <= maxApartMs);
    const run = goesOn ? { ...before, wrongAtMs: nowMs } : { sinceMs: nowMs, wrongAtMs: nowMs, told: false };
    const isTold = run.told || nowMs - run.sinceMs >= (this.#limits[fault] ?? Number.POSITIVE_INFINITY);
    this.#runs.set(fault, { ...run, told: isTold });
    if (run.told || !isTold) return [];
    return [{ type: 'wrong', fault, sinceMs: run.sinceMs, hadSound: this.#hadSoundAt(fault) }];
  }

  #isRight(fault: ContentFault, nowMs: number): ContentNews[] {
    const run = this.#runs.get(fault);
    return run && nowMs - run.wrongAtMs >= calmMs[fault] ? this.#end(fault) : [];
  }

  #end(fault: ContentFault): ContentNews[] {
    const run = this.#runs.get(fault);
    this.#runs.delete(fault);
    return run?.told ? [{ type: 'back', fault, sinceMs: run.sinceMs }] : [];
  }

  #hadSoundAt(fault: ContentFault): boolean {
    return fault === 'silent' && this.#hadSound;
  }
}
